"""Doors: recruitment rounds and the applications in them."""

import uuid
from typing import Any

import services.registry.admission.filing_api
import services.registry.admission.notice_api
import services.registry.admission.panel_api  # noqa: F401  each puts its doors on the area's blueprint
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.callers import caller_or_none
from onex.chassis.web.listing import Listing, equal, span
from services.registry.admission import applications as actions
from services.registry.admission import queries, rounds, rules
from services.registry.admission.blueprint import blp
from services.registry.admission.models import Application, Round
from services.registry.admission.schemas import ApplicationSchema, ApplicationWithdrawalSchema, RoundSchema

ROUNDS = Listing(
    RoundSchema,
    Round.id,
    filters={"state": equal(Round.state, rules.ROUND.states), "opens": span(Round.opens_on)},
    sorts={"code": Round.code},
)
APPLICATIONS = Listing(
    ApplicationSchema,
    Application.id,
    filters={
        "round_id": equal(Application.round_id),
        "teo_id": equal(Application.teo_id),
        "tier": equal(Application.tier, rules.TIERS),
        "state": equal(Application.state, rules.APPLICATION.states),
        "submitted": span(Application.submitted_at),
    },
)


@blp.route("/recruitment-rounds", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(RoundSchema)
@blp.response(201, RoundSchema)
def draft_round(body: dict[str, Any]) -> Round:
    """Draft a recruitment round (PP-04, PP-08)."""
    return rounds.draft(session(), body, by=caller())


@blp.route("/recruitment-rounds")
@public
@ROUNDS.door(blp)
def recruitment_rounds(query: dict[str, Any]) -> Any:
    """The announced recruitment rounds; for the Ministry and the operator every one."""
    return ROUNDS.answer(session(), queries.visible_rounds(caller_or_none()), query)


@blp.route("/recruitment-rounds/<uuid:round_id>")
@public
@blp.response(200, RoundSchema)
def recruitment_round(round_id: uuid.UUID) -> Round:
    """One recruitment round."""
    return queries.round_visible(session(), caller_or_none(), round_id)


@blp.route("/recruitment-rounds/<uuid:round_id>", methods=["PUT"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(RoundSchema)
@blp.response(200, RoundSchema)
def revise_round(body: dict[str, Any], round_id: uuid.UUID) -> Round:
    """Put a draft right."""
    return rounds.revise(session(), round_id, body)


@blp.route("/recruitment-rounds/<uuid:round_id>/announcement", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, RoundSchema)
def announce_round(round_id: uuid.UUID) -> Round:
    """Make a round public."""
    return rounds.announce(session(), round_id, by=caller())


@blp.route("/recruitment-rounds/<uuid:round_id>/withdrawal", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, RoundSchema)
def withdraw_round(round_id: uuid.UUID) -> Round:
    """Take back a round in which nobody has applied."""
    return rounds.withdraw(session(), round_id, by=caller())


@blp.route("/recruitment-rounds/<uuid:round_id>/applications", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(ApplicationSchema)
@blp.response(201, ApplicationSchema)
def draft(body: dict[str, Any], round_id: uuid.UUID) -> Application:
    """A TEO drafts its application in an open round."""
    return actions.draft(session(), round_id, body, by=caller())


@blp.route("/applications")
@allow(Role.MINISTRY, Role.OPERATOR, Role.TEO)
@APPLICATIONS.door(blp)
def applications(query: dict[str, Any]) -> Any:
    """The applications the caller may see; nobody but the TEO itself sees its draft."""
    return APPLICATIONS.answer(session(), queries.visible_applications(caller()), query)


@blp.route("/applications/<uuid:application_id>")
@allow(Role.MINISTRY, Role.OPERATOR, Role.TEO)
@blp.response(200, ApplicationSchema)
def application(application_id: uuid.UUID) -> Application:
    """One application."""
    return queries.application_visible(session(), caller(), application_id)


@blp.route("/applications/<uuid:application_id>", methods=["PUT"])
@allow(Role.TEO)
@blp.arguments(ApplicationSchema)
@blp.response(200, ApplicationSchema)
def revise(body: dict[str, Any], application_id: uuid.UUID) -> Application:
    """The TEO puts its draft right."""
    return actions.revise(session(), application_id, body, by=caller())


@blp.route("/applications/<uuid:application_id>/submission", methods=["POST"])
@allow(Role.TEO)
@blp.response(200, ApplicationSchema)
def submit(application_id: uuid.UUID) -> Application:
    """The TEO hands its application in."""
    return actions.submit(session(), application_id, by=caller())


@blp.route("/applications/<uuid:application_id>/withdrawal", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(ApplicationWithdrawalSchema)
@blp.response(200, ApplicationSchema)
def withdraw(body: dict[str, Any], application_id: uuid.UUID) -> Application:
    """The TEO takes its application back."""
    return actions.withdraw(session(), application_id, body["reason"], by=caller())
