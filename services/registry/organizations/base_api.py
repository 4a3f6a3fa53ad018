"""Doors: who shares a training base (PP-39)."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.organizations import bases as actions
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import BaseShare
from services.registry.organizations.schemas import ShareSchema

SHARES = Listing(
    ShareSchema,
    BaseShare.id,
    filters={
        "organization_id": equal(BaseShare.organization_id),
        "part": equal(BaseShare.part, ("builds", "operates", "uses")),
        "since": span(BaseShare.since),
    },
)


@blp.route("/training-bases/<uuid:base_id>/shares", methods=["PUT"])
@allow(Role.PROVINCE, Role.OPERATOR)
@blp.arguments(ShareSchema)
@blp.response(200, ShareSchema)
def share(body: dict[str, Any], base_id: uuid.UUID) -> BaseShare:
    """Record a college's or an enterprise's part in a training base, or change it; `until` ends it."""
    return actions.share(session(), base_id, body, by=caller())


@blp.route("/training-bases/<uuid:base_id>/shares")
@allow(*Role)
@SHARES.door(blp)
def shares(query: dict[str, Any], base_id: uuid.UUID) -> Any:
    """Who builds, operates and uses a training base."""
    return SHARES.answer(session(), actions.shares_of(session(), caller(), base_id), query)
