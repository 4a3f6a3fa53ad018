"""Doors: signing, ending and reading agreements."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.agreements import actions, queries
from services.registry.agreements.models import Agreement
from services.registry.agreements.schemas import AgreementSchema, AgreementTerminationSchema

blp = Blueprint("agreements", "agreements", url_prefix="/agreements", description="TEO agreements")

AGREEMENTS = Listing(
    AgreementSchema,
    Agreement.id,
    filters={
        "teo_id": equal(Agreement.teo_id),
        "in_force_from": span(Agreement.in_force_from),
        "in_force_to": span(Agreement.in_force_to),
    },
)


@blp.route("", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(AgreementSchema)
@blp.response(201, AgreementSchema)
def sign(body: dict[str, Any]) -> Agreement:
    """Put a TEO's signed agreement with its five clauses on record (OP-36)."""
    return actions.sign(session(), body, by=caller())


@blp.route("")
@allow(Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO)
@AGREEMENTS.door(blp)
def agreements(query: dict[str, Any]) -> Any:
    """The agreements the caller may see."""
    return AGREEMENTS.answer(session(), queries.visible(caller()), query)


@blp.route("/<uuid:agreement_id>")
@allow(Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO)
@blp.response(200, AgreementSchema)
def agreement(agreement_id: uuid.UUID) -> Agreement:
    """One agreement."""
    return queries.one_visible(session(), caller(), agreement_id)


@blp.route("/<uuid:agreement_id>/termination", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(AgreementTerminationSchema)
@blp.response(200, AgreementSchema)
def terminate(body: dict[str, Any], agreement_id: uuid.UUID) -> Agreement:
    """End an agreement early: the TEO operates no more from the day after its last day on (OP-36)."""
    return actions.terminate(session(), agreement_id, body, by=caller())
