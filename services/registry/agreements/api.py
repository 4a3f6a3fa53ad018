"""Doors: signing and reading agreements."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, page, session
from services.registry.agreements import actions, queries
from services.registry.agreements.models import Agreement
from services.registry.agreements.schemas import AgreementPageSchema, AgreementQuery, AgreementSchema

blp = Blueprint("agreements", "agreements", url_prefix="/agreements", description="TEO agreements")


@blp.route("", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(AgreementSchema)
@blp.response(201, AgreementSchema)
def sign(body: dict[str, Any]) -> Agreement:
    """Put a TEO's signed agreement with its five clauses on record (OP-36)."""
    return actions.sign(session(), body, by=caller())


@blp.route("")
@allow(Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO)
@blp.arguments(AgreementQuery, location="query")
@blp.response(200, AgreementPageSchema)
def agreements(query: dict[str, Any]) -> dict[str, Any]:
    """The agreements the caller may see, newest first."""
    found = queries.visible(caller())
    if query["teo_id"] is not None:
        found = found.where(Agreement.teo_id == query["teo_id"])
    return page(session(), found, Agreement.id, query["cursor"], query["size"])
