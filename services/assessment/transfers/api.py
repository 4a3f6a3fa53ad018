"""Doors: who gets no result where they are registered, and what is done about it."""

import uuid
from collections.abc import Sequence
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, session
from onex.chassis.web.listing import Listing, equal
from services.assessment.plans import queries as plans
from services.assessment.plans.api import READERS
from services.assessment.registrations.models import Registration
from services.assessment.sittings.models import Sitting
from services.assessment.transfers import actions, queries
from services.assessment.transfers.models import ReleasedRegistration, Transfer
from services.assessment.transfers.rules import CAUSES
from services.assessment.transfers.schemas import (
    DoneSchema,
    NewTransferSchema,
    NumbersSchema,
    ReleasedRegistrationSchema,
    StrandedRegistrationSchema,
    StrandedSittingSchema,
    TransferSchema,
)

blp = Blueprint("transfers", "transfers", description="Registrations at sites and of TEOs that have left")
STRANDED_SITTINGS = Listing(StrandedSittingSchema, Sitting.id, filters={"plan_id": equal(Sitting.plan_id, leads=False)})
STRANDED = Listing(
    StrandedRegistrationSchema, Registration.id, filters={"sitting_id": equal(Registration.sitting_id, leads=False)}
)
TRANSFERS = Listing(TransferSchema, Transfer.id)
RELEASED = Listing(
    ReleasedRegistrationSchema,
    ReleasedRegistration.registration_id,
    filters={
        "plan_id": equal(ReleasedRegistration.plan_id),
        "college_id": equal(ReleasedRegistration.college_id),
        "cause": equal(ReleasedRegistration.cause, CAUSES),
    },
)


@blp.route("/stranded-sittings")
@allow(*READERS)
@STRANDED_SITTINGS.door(blp)
def stranded_sittings(query: dict[str, Any]) -> Any:
    """Sittings in which somebody waits who gets no result there any more: the TEO or the site's college has left, or the site was
    closed. A TEO sees its own, a province those at its sites, a college those in which its students are."""

    def shown(found: Sequence[Sitting]) -> list[dict[str, Any]]:
        causes = queries.causes_of(session(), [one.id for one in found])
        fields = [name for name in StrandedSittingSchema().fields if name != "cause"]
        return [{name: getattr(one, name) for name in fields} | {"cause": causes[one.id]} for one in found]

    return STRANDED_SITTINGS.answer(session(), queries.stranded_sittings(caller()), query, shown)


@blp.route("/plans/<uuid:plan_id>/stranded-registrations")
@allow(*READERS)
@STRANDED.door(blp)
def stranded_registrations(query: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """The plan's candidates who get no result where they are registered, to be moved or released."""
    plan = plans.one_visible(session(), plan_id, caller())
    causes = queries.causes_in(session(), plan.id)

    def shown(found: Sequence[Registration]) -> list[dict[str, Any]]:
        where = queries.starts_of(session(), {one.sitting_id for one in found})
        return [
            {
                "id": one.id,
                "number": one.number,
                "masked_name": one.masked_name,
                "candidate_kind": one.candidate_kind,
                "college_id": one.college_id,
                "sitting_id": one.sitting_id,
                "site_code": where[one.sitting_id][0],
                "starts_at": where[one.sitting_id][1],
                "cause": causes[one.sitting_id],
            }
            for one in found
        ]

    return STRANDED.answer(session(), queries.stranded_of_plan(plan.id, causes, caller()), query, shown)


@blp.route("/plans/<uuid:plan_id>/transfers", methods=["POST"])
@allow(Role.TEO, Role.COLLEGE)
@blp.arguments(NewTransferSchema)
@blp.response(200, DoneSchema)
def transfer(body: dict[str, Any], plan_id: uuid.UUID) -> dict[str, Any]:
    """Move candidates to another sitting of the plan: its TEO anyone, a college its own students."""
    return actions.transfer(session(), plan_id, body, by=caller())


@blp.route("/plans/<uuid:plan_id>/transfers")
@allow(Role.TEO, Role.OPERATOR, Role.MINISTRY)
@TRANSFERS.door(blp)
def transfers(query: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """Who was moved from where to where."""
    plan = plans.one_visible(session(), plan_id, caller())
    return TRANSFERS.answer(session(), queries.transfers(plan.id), query)


@blp.route("/plans/<uuid:plan_id>/releases", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(NumbersSchema)
@blp.response(200, DoneSchema)
def release(body: dict[str, Any], plan_id: uuid.UUID) -> dict[str, Any]:
    """Let candidates go who cannot be assessed where they are registered; their fee is to be paid back."""
    return actions.release(session(), plan_id, body["registration_numbers"], by=caller())


@blp.route("/released-registrations")
@allow(Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY)
@RELEASED.door(blp)
def released_registrations(query: dict[str, Any]) -> Any:
    """Registrations that ended without an assessment, and whether their fee was paid back."""
    return RELEASED.answer(session(), queries.released(caller()), query)


@blp.route("/released-registrations/<uuid:registration_id>/refund", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.response(200, ReleasedRegistrationSchema)
def refund(registration_id: uuid.UUID) -> ReleasedRegistration:
    """Note that the fee was paid back."""
    return actions.refund(session(), registration_id, by=caller())
