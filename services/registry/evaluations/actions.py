"""Evaluations are made, submitted, returned, published and annulled (OP-39)."""

import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from services.registry.evaluations import queries, rules
from services.registry.evaluations.errors import EvaluationExists
from services.registry.evaluations.models import Evaluation
from services.registry.evaluations.rules import EVALUATION
from services.registry.organizations import actions as organizations
from services.registry.rectification.rules import check_supervised

_SIX_DECIMALS = Decimal("0.000001")
"""Of a total: two of a weight, two of a score, two of the hundredth. Nothing is rounded away."""


def make(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Evaluation:
    """Begin an evaluation of an organization that takes part: one of each kind a year (OP-39)."""
    organization = organizations.must_take_part(session, body["organization_id"])
    check_supervised(organization.kind)
    rules.check_may_make(by, body["kind"], organization.id, organization.kind, organization.province_code)
    rules.check_year(body["year"], clock.today())
    evaluation = Evaluation(
        organization_id=organization.id,
        organization_kind=organization.kind,
        province_code=rules.territory(by, body["kind"], organization.province_code),
        kind=body["kind"],
        year=body["year"],
        made_by_province=by.province_code if by.role == Role.PROVINCE else None,
        evaluator=rules.evaluator_of(body["kind"], body["evaluator"]),
        state=rules.DRAFT,
        made_by=by.client_id,
        **_scored(body["items"]),
    )
    session.add(evaluation)
    try:
        session.flush()
    except IntegrityError:
        raise EvaluationExists() from None
    session.refresh(evaluation)
    return evaluation


def correct(session: UnitOfWork, evaluation_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Evaluation:
    """Score anew what is not submitted yet."""
    evaluation = _authors(session, evaluation_id, by)
    evaluation.state = EVALUATION.after(evaluation.state, "correct")
    scored = _scored(body["items"])
    evaluation.items, evaluation.total = scored["items"], scored["total"]
    evaluation.evaluator = rules.evaluator_of(evaluation.kind, body["evaluator"])
    evaluation.corrected_at = clock.now()
    return evaluation


def submit(session: UnitOfWork, evaluation_id: uuid.UUID, *, by: Caller) -> Evaluation:
    """The author has done."""
    evaluation = _authors(session, evaluation_id, by)
    evaluation.state = EVALUATION.after(evaluation.state, "submit")
    evaluation.submitted_by, evaluation.submitted_at = by.client_id, clock.now()
    evaluation.returned_because = None
    return evaluation


def give_back(session: UnitOfWork, evaluation_id: uuid.UUID, because: str, *, by: Caller) -> Evaluation:
    """Whoever publishes gives it back to its author."""
    evaluation = _publishers(session, evaluation_id, by)
    evaluation.state = EVALUATION.after(evaluation.state, "return")
    evaluation.returned_because = because
    return evaluation


def publish(session: UnitOfWork, evaluation_id: uuid.UUID, *, by: Caller) -> Evaluation:
    """From now on whom it is about sees it, and it counts (OP-39)."""
    evaluation = _publishers(session, evaluation_id, by)
    evaluation.state = EVALUATION.after(evaluation.state, "publish")
    evaluation.published_by, evaluation.published_at = by.client_id, clock.now()
    return evaluation


def withdraw(session: UnitOfWork, evaluation_id: uuid.UUID, *, by: Caller) -> Evaluation:
    """The author takes it back before it is published."""
    evaluation = _authors(session, evaluation_id, by)
    evaluation.state = EVALUATION.after(evaluation.state, "withdraw")
    evaluation.closed_by, evaluation.closed_at = by.client_id, clock.now()
    return evaluation


def annul(session: UnitOfWork, evaluation_id: uuid.UUID, because: str, *, by: Caller) -> Evaluation:
    """What was published and was wrong counts no more; another may be made."""
    evaluation = _publishers(session, evaluation_id, by)
    evaluation.state = EVALUATION.after(evaluation.state, "annul")
    evaluation.annulled_because = because
    evaluation.closed_by, evaluation.closed_at = by.client_id, clock.now()
    return evaluation


def _authors(session: UnitOfWork, evaluation_id: uuid.UUID, by: Caller) -> Evaluation:
    evaluation = queries.to_change(session, by, evaluation_id)
    rules.check_author(by, evaluation.kind, evaluation.organization_id, evaluation.made_by_province)
    return evaluation


def _publishers(session: UnitOfWork, evaluation_id: uuid.UUID, by: Caller) -> Evaluation:
    evaluation = queries.to_change(session, by, evaluation_id)
    rules.check_may_publish(by, evaluation.kind, evaluation.organization_kind, evaluation.province_code)
    return evaluation


def _scored(items: list[dict[str, Any]]) -> dict[str, Any]:
    total = rules.total((item["weight"], item["score"]) for item in items).quantize(_SIX_DECIMALS)
    return {
        "items": [item | {"weight": str(item["weight"]), "score": str(item["score"])} for item in items],
        "total": total,
    }
