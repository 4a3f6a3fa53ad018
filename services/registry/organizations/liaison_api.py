"""Doors: coordinating bodies and liaisons, and where they are missing (OP-02)."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.organizations import liaisons as actions
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import Liaison
from services.registry.organizations.schemas import (
    CoordinatingBodySchema,
    GapQuery,
    GapsSchema,
    LiaisonSchema,
    NewLiaisonSchema,
    OrganizationSchema,
)

LIAISONS = Listing(
    LiaisonSchema,
    Liaison.id,
    filters={
        "province_code": equal(Liaison.province_code),
        "certificate_type_id": equal(Liaison.certificate_type_id),
        "teo_id": equal(Liaison.teo_id),
        "named": span(Liaison.named_at, leads=True),
    },
)


@blp.route("/coordinating-bodies", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(CoordinatingBodySchema)
@blp.response(201, OrganizationSchema)
def name_body(body: dict[str, Any]) -> Any:
    """A province establishes its guiding and coordinating body (OP-02)."""
    return actions.name_body(session(), runtime().vault, body, by=caller())


@blp.route("/liaisons", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(NewLiaisonSchema)
@blp.response(201, LiaisonSchema)
def name(body: dict[str, Any]) -> dict[str, Any]:
    """A province names its liaison for a certificate type; a later one takes the place of the one before."""
    liaison = actions.name(session(), runtime().vault, body, by=caller())
    return actions.shown(runtime().vault, [liaison])[0]


@blp.route("/liaisons")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE, Role.TEO, Role.COLLEGE)
@LIAISONS.door(blp)
def liaisons(query: dict[str, Any]) -> Any:
    """The liaisons the caller may see, their persons masked."""
    vault = runtime().vault
    return LIAISONS.answer(session(), actions.visible(caller()), query, lambda rows: actions.shown(vault, rows))


@blp.route("/liaisons/<uuid:liaison_id>", methods=["DELETE"])
@allow(Role.PROVINCE)
@blp.response(204)
def withdraw(liaison_id: uuid.UUID) -> None:
    """A province takes a name back."""
    actions.withdraw(session(), liaison_id, by=caller())


@blp.route("/liaisons/gaps")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
@blp.arguments(GapQuery, location="query")
@blp.response(200, GapsSchema)
def gaps(query: dict[str, Any]) -> dict[str, Any]:
    """Provinces without a coordinating body, and certificate types under way in one without a liaison there."""
    return actions.gaps(session(), actions.asked_of(caller(), query["province_code"]))
