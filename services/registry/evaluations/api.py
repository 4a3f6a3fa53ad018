"""Doors: evaluations and quality indicators."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, public, session
from onex.chassis.web.listing import Listing, equal, prefix
from services.registry.evaluations import actions, indicators, queries, rules
from services.registry.evaluations.models import Evaluation
from services.registry.evaluations.schemas import (
    EvaluationReasonSchema,
    EvaluationSchema,
    EvaluationWithItemsSchema,
    IndicatorsSchema,
    NewEvaluationSchema,
    QualitySummariesSchema,
    ScoresSchema,
)
from services.registry.organizations.models import Organization

REGULATORS = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
EVERYONE = (*REGULATORS, Role.TEO, Role.COLLEGE)
blp = Blueprint("evaluations", "evaluations", description="Evaluations and quality indicators")
EVALUATIONS = Listing(
    EvaluationSchema,
    Evaluation.id,
    filters={
        "organization_id": equal(Evaluation.organization_id),
        "kind": equal(Evaluation.kind, rules.KINDS),
        "year": equal(Evaluation.year),
        "state": equal(Evaluation.state, rules.STATES),
    },
)
INDICATORS = Listing(
    IndicatorsSchema,
    Organization.id,
    filters={
        "kind": equal(Organization.kind, ("teo", "college")),
        "province_code": equal(Organization.province_code),
        "code": prefix(Organization.code, leads=True),
    },
)


@blp.route("/evaluations", methods=["POST"])
@allow(*EVERYONE)
@blp.arguments(NewEvaluationSchema)
@blp.response(201, EvaluationWithItemsSchema)
def make(body: dict[str, Any]) -> Evaluation:
    """Begin an evaluation: of itself, by a province, or by a third party (OP-39)."""
    return actions.make(session(), body, by=caller())


@blp.route("/evaluations")
@allow(*EVERYONE)
@EVALUATIONS.door(blp)
def evaluations(query: dict[str, Any]) -> Any:
    """The evaluations the caller may see."""
    return EVALUATIONS.answer(session(), queries.visible(caller()), query)


@blp.route("/evaluations/<uuid:evaluation_id>")
@allow(*EVERYONE)
@blp.response(200, EvaluationWithItemsSchema)
def evaluation(evaluation_id: uuid.UUID) -> Evaluation:
    """One evaluation with its items."""
    return queries.one_visible(session(), caller(), evaluation_id)


@blp.route("/evaluations/<uuid:evaluation_id>", methods=["PUT"])
@allow(*EVERYONE)
@blp.arguments(ScoresSchema)
@blp.response(200, EvaluationWithItemsSchema)
def correct(body: dict[str, Any], evaluation_id: uuid.UUID) -> Evaluation:
    """Score a draft anew."""
    return actions.correct(session(), evaluation_id, body, by=caller())


@blp.route("/evaluations/<uuid:evaluation_id>/submission", methods=["POST"])
@allow(*EVERYONE)
@blp.response(200, EvaluationWithItemsSchema)
def submit(evaluation_id: uuid.UUID) -> Evaluation:
    """The author has done."""
    return actions.submit(session(), evaluation_id, by=caller())


@blp.route("/evaluations/<uuid:evaluation_id>/return", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(EvaluationReasonSchema)
@blp.response(200, EvaluationWithItemsSchema)
def give_back(body: dict[str, Any], evaluation_id: uuid.UUID) -> Evaluation:
    """Give it back to its author."""
    return actions.give_back(session(), evaluation_id, body["because"], by=caller())


@blp.route("/evaluations/<uuid:evaluation_id>/publication", methods=["POST"])
@allow(*REGULATORS)
@blp.response(200, EvaluationWithItemsSchema)
def publish(evaluation_id: uuid.UUID) -> Evaluation:
    """From now on whom it is about sees it, and it counts."""
    return actions.publish(session(), evaluation_id, by=caller())


@blp.route("/evaluations/<uuid:evaluation_id>/withdrawal", methods=["POST"])
@allow(*EVERYONE)
@blp.response(200, EvaluationWithItemsSchema)
def withdraw(evaluation_id: uuid.UUID) -> Evaluation:
    """The author takes it back before it is published."""
    return actions.withdraw(session(), evaluation_id, by=caller())


@blp.route("/evaluations/<uuid:evaluation_id>/annulment", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(EvaluationReasonSchema)
@blp.response(200, EvaluationWithItemsSchema)
def annul(body: dict[str, Any], evaluation_id: uuid.UUID) -> Evaluation:
    """What was published and was wrong counts no more."""
    return actions.annul(session(), evaluation_id, body["because"], by=caller())


@blp.route("/quality-indicators")
@allow(*EVERYONE)
@INDICATORS.door(blp)
def quality_indicators(query: dict[str, Any]) -> Any:
    """The indicators of the TEOs and colleges the caller may see (PP-29)."""
    today = clock.today()
    return INDICATORS.answer(
        session(), indicators.supervised(caller()), query, lambda rows: indicators.of_each(session(), rows, today)
    )


@blp.route("/quality-indicators/<uuid:organization_id>")
@allow(*EVERYONE)
@blp.response(200, IndicatorsSchema)
def indicators_of(organization_id: uuid.UUID) -> dict[str, Any]:
    """The indicators of one TEO or college (PP-29)."""
    return indicators.of_one(session(), caller(), organization_id, clock.today())


@blp.route("/quality-summary")
@public
@blp.response(200, QualitySummariesSchema)
def quality_summary() -> dict[str, Any]:
    """How TEOs, and colleges by province, stand: counts and means that name nobody (PP-29)."""
    return {"items": indicators.summary(session(), clock.today())}
