"""Doors: published results are annulled."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal
from services.assessment.results import annulment_queries as queries
from services.assessment.results import annulments as actions
from services.assessment.results.annulment_models import AnnulledResult, Annulment
from services.assessment.results.annulment_rules import GROUNDS, STATES
from services.assessment.results.annulment_schemas import (
    AnnulledResultSchema,
    AnnulmentSchema,
    AnnulmentWithNoteSchema,
    NewAnnulmentSchema,
)

READERS = (Role.TEO, Role.OPERATOR, Role.MINISTRY)
blp = Blueprint("annulments", "annulments", description="Annulments of published results")
ANNULMENTS = Listing(
    AnnulmentSchema,
    Annulment.id,
    filters={
        "plan_id": equal(Annulment.plan_id),
        "teo_id": equal(Annulment.teo_id),
        "state": equal(Annulment.state, STATES),
        "ground": equal(Annulment.ground, GROUNDS),
    },
)
ANNULLED_RESULTS = Listing(
    AnnulledResultSchema,
    AnnulledResult.result_id,
    filters={
        "plan_id": equal(AnnulledResult.plan_id),
        "college_id": equal(AnnulledResult.college_id),
        "ground": equal(AnnulledResult.ground, GROUNDS),
    },
)


@blp.route("/plans/<uuid:plan_id>/annulments", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(NewAnnulmentSchema)
@blp.response(201, AnnulmentSchema)
def propose(body: dict[str, Any], plan_id: uuid.UUID) -> Annulment:
    """Propose to annul a published result, or a whole sitting, of one's own plan; a second person decides."""
    return actions.propose(session(), runtime().vault, plan_id, body, by=caller())


@blp.route("/annulments")
@allow(*READERS)
@ANNULMENTS.door(blp)
def annulments(query: dict[str, Any]) -> Any:
    """The annulments the caller may see."""
    return ANNULMENTS.answer(session(), queries.visible(caller()), query)


@blp.route("/annulments/<uuid:annulment_id>")
@allow(*READERS)
@blp.response(200, AnnulmentWithNoteSchema)
def annulment(annulment_id: uuid.UUID) -> dict[str, Any]:
    """One annulment with its note."""
    one = queries.one_visible(session(), annulment_id, caller())
    shown: dict[str, Any] = {name: getattr(one, name) for name in AnnulmentSchema().fields}
    return shown | {"note": runtime().vault.open(one.sealed_note, actions.NOTE).decode()}


@blp.route("/annulments/<uuid:annulment_id>/approval", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.response(200, AnnulmentSchema)
def approve(annulment_id: uuid.UUID) -> Annulment:
    """A second person agrees: the result no longer counts; of a sitting a job sees to it."""
    return actions.approve(session(), runtime().vault, annulment_id, by=caller())


@blp.route("/annulments/<uuid:annulment_id>/refusal", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.response(200, AnnulmentSchema)
def refuse(annulment_id: uuid.UUID) -> Annulment:
    """A second person does not agree: the result stands."""
    return actions.refuse(session(), annulment_id, by=caller())


@blp.route("/annulments/<uuid:annulment_id>/withdrawal", methods=["POST"])
@allow(Role.TEO)
@blp.response(200, AnnulmentSchema)
def withdraw(annulment_id: uuid.UUID) -> Annulment:
    """The TEO takes its proposal back."""
    return actions.withdraw(session(), annulment_id, by=caller())


@blp.route("/annulled-results")
@allow(*READERS, Role.COLLEGE)
@ANNULLED_RESULTS.door(blp)
def annulled_results(query: dict[str, Any]) -> Any:
    """Results that no longer count: a college sees those of its students."""
    return ANNULLED_RESULTS.answer(session(), queries.annulled_results(caller()), query)
