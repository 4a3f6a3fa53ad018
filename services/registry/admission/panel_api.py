"""Doors: the expert pool, and the panels of applications (PP-26)."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.problems import there
from onex.chassis.web import allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal
from services.registry.admission import panels as actions
from services.registry.admission import queries, rules
from services.registry.admission.blueprint import blp
from services.registry.admission.models import Expert, PanelMember
from services.registry.admission.schemas import (
    ExpertInterestSchema,
    NewPoolExpertSchema,
    PanelAppointmentSchema,
    PanelMemberSchema,
    PanelSchema,
    PanelScoreSchema,
    PoolExpertChangeSchema,
    PoolExpertSchema,
)

EXPERTS = Listing(
    PoolExpertSchema,
    Expert.id,
    filters={"sector": equal(Expert.sector, rules.SECTORS), "organization_id": equal(Expert.organization_id)},
)


@blp.route("/expert-pool", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(NewPoolExpertSchema)
@blp.response(201, PoolExpertSchema)
def add_expert(body: dict[str, Any]) -> dict[str, Any]:
    """Take an expert into the pool."""
    return _shown(actions.add_expert(session(), runtime().vault, body, by=caller()))


@blp.route("/expert-pool")
@allow(Role.MINISTRY, Role.OPERATOR)
@EXPERTS.door(blp)
def experts(query: dict[str, Any]) -> Any:
    """The expert pool, persons masked."""
    vault = runtime().vault
    return EXPERTS.answer(session(), select(Expert), query, lambda rows: actions.shown(vault, rows))


@blp.route("/expert-pool/<uuid:expert_id>")
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, PoolExpertSchema)
def expert(expert_id: uuid.UUID) -> dict[str, Any]:
    """One expert."""
    found = there(session().get(Expert, expert_id))
    return _shown(found)


@blp.route("/expert-pool/<uuid:expert_id>", methods=["PUT"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(PoolExpertChangeSchema)
@blp.response(200, PoolExpertSchema)
def change_expert(body: dict[str, Any], expert_id: uuid.UUID) -> dict[str, Any]:
    """Put right what an expert does and where he or she works."""
    return _shown(actions.change_expert(session(), expert_id, body))


@blp.route("/expert-pool/<uuid:expert_id>/retirement", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, PoolExpertSchema)
def retire_expert(expert_id: uuid.UUID) -> dict[str, Any]:
    """An expert leaves the pool."""
    return _shown(actions.retire_expert(session(), expert_id))


@blp.route("/expert-pool/<uuid:expert_id>/interests", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(ExpertInterestSchema)
@blp.response(201, PoolExpertSchema)
def declare_interest(body: dict[str, Any], expert_id: uuid.UUID) -> dict[str, Any]:
    """Record an expert's interest in an organization; seats held on its applications lose their say."""
    return _shown(actions.declare_interest(session(), expert_id, body["organization_id"], by=caller()))


@blp.route("/applications/<uuid:application_id>/panel", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(PanelAppointmentSchema)
@blp.response(200, PanelSchema)
def appoint(body: dict[str, Any], application_id: uuid.UUID) -> dict[str, Any]:
    """Appoint the panel of an application, or more members for it."""
    return _panel(actions.appoint(session(), application_id, body["expert_ids"], by=caller()))


@blp.route("/applications/<uuid:application_id>/panel")
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, PanelSchema)
def panel(application_id: uuid.UUID) -> dict[str, Any]:
    """The panel of an application with its scores."""
    queries.application_visible(session(), caller(), application_id)
    return _panel(queries.panel_of(session(), application_id))


@blp.route("/applications/<uuid:application_id>/scores", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(PanelScoreSchema)
@blp.response(201, PanelMemberSchema)
def score(body: dict[str, Any], application_id: uuid.UUID) -> PanelMember:
    """Record an expert's score."""
    return actions.score(session(), application_id, body, by=caller())


def _shown(expert: Expert) -> dict[str, Any]:
    return actions.shown(runtime().vault, [expert])[0]


def _panel(members: list[PanelMember]) -> dict[str, Any]:
    scores = [seat.score for seat in actions.with_a_say(members)]
    complete = bool(scores) and None not in scores
    return {"members": members, "mean": str(rules.mean_score(scores)) if complete else None}
