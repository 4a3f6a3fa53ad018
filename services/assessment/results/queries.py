"""Reads of results."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, select, text
from sqlalchemy.orm import Session

from services.assessment.pilot.models import CertificateType
from services.assessment.plans.models import Plan
from services.assessment.registrations.models import Registration
from services.assessment.results import annulment_queries as annulments
from services.assessment.results.annulment_models import AnnulledResult
from services.assessment.results.models import Result


class Examined(NamedTuple):
    """A registration with its result, as far as there is one."""

    number: str
    registration_id: uuid.UUID
    starts_at: datetime
    result_id: uuid.UUID | None
    scores: list[int] | None
    passed: bool | None
    assessed_on: date | None
    published_at: datetime | None
    seen_job_id: uuid.UUID | None
    seen_row: int | None
    sitting_id: uuid.UUID
    annulled: bool
    released: bool


_BY_NUMBER = text(
    "SELECT r.number, r.id, s.starts_at, t.id, t.scores, t.passed, t.assessed_on, t.published_at, t.seen_job_id, t.seen_row,"
    " r.sitting_id, a.result_id IS NOT NULL, gone.registration_id IS NOT NULL"
    " FROM registration r JOIN sitting s ON s.id = r.sitting_id LEFT JOIN result t ON t.registration_id = r.id"
    " LEFT JOIN annulled_result a ON a.result_id = t.id"
    " LEFT JOIN released_registration gone ON gone.registration_id = r.id"
    " WHERE r.plan_id = :plan_id AND r.number = ANY(CAST(:numbers AS text[]))"
)


def by_number(session: Session, plan_id: uuid.UUID, numbers: Collection[str]) -> dict[str, Examined]:
    """The plan's registrations with these numbers, each with its result."""
    rows = session.execute(_BY_NUMBER, {"plan_id": plan_id, "numbers": list(numbers)})
    return {row[0]: Examined(*row) for row in rows}


def newest_unpublished(session: Session, plan_id: uuid.UUID) -> uuid.UUID | None:
    """The id of the plan's newest result that can still be published."""
    query = _of_sittings_that_stand(session, plan_id, select(Result.id))
    return session.scalar(query.order_by(Result.id.desc()).limit(1))


def unpublished(session: Session, plan_id: uuid.UUID, up_to: uuid.UUID) -> Select[Result, Registration]:
    """The plan's results not yet published, of those that were there when publication was asked for; oldest first.

    Without those of annulled sittings: they will never be.
    """
    query = select(Result, Registration).join(Registration, Registration.id == Result.registration_id)
    return _of_sittings_that_stand(session, plan_id, query, joined=True).where(Result.id <= up_to).order_by(Result.id)


def count_unpublished(session: Session, plan_id: uuid.UUID, up_to: uuid.UUID) -> int:
    query = _of_sittings_that_stand(session, plan_id, select(func.count()).select_from(Result))
    return session.scalar(query.where(Result.id <= up_to)) or 0


def _of_sittings_that_stand(session: Session, plan_id: uuid.UUID, query: Any, *, joined: bool = False) -> Any:
    """Confined to the plan's unpublished results. Registrations are only looked at where a sitting was annulled."""
    query = query.where(Result.plan_id == plan_id, Result.published_at.is_(None))
    annulled = annulments.annulled_sittings(session, plan_id)
    if not annulled:
        return query
    if not joined:
        query = query.join(Registration, Registration.id == Result.registration_id)
    return query.where(Registration.sitting_id.not_in(annulled))


def summary(plan: Plan) -> dict[str, int]:
    """How many candidates are registered, have a result, passed, are published, were annulled."""
    return {
        "registered": plan.registered,
        "with_result": plan.with_result,
        "passed": plan.passed,
        "published": plan.results_published,
        "annulled": plan.annulled,
    }


def of_learner(learner_id: uuid.UUID) -> Select[Result]:
    """The learner's published results."""
    return (
        select(Result)
        .join(Registration, Registration.id == Result.registration_id)
        .where(Registration.learner_id == learner_id, Result.published_at.is_not(None))
    )


def assessed_in(
    session: Session, results: Sequence[Result]
) -> dict[uuid.UUID, Row[uuid.UUID, str, Plan, CertificateType]]:
    """Registration number, plan and certificate type of these results, by registration id."""
    query = (
        select(Registration.id, Registration.number, Plan, CertificateType)
        .join(Plan, Plan.id == Registration.plan_id)
        .join(CertificateType, CertificateType.id == Plan.certificate_type_id)
        .where(Registration.id.in_([one.registration_id for one in results]))
    )
    return {row[0]: row for row in session.execute(query)}


def own_result(
    result: Result, row: Row[uuid.UUID, str, Plan, CertificateType], annulled: AnnulledResult | None
) -> dict[str, Any]:
    """A result as its learner sees it; `annulled` says since when it no longer counts, and why."""
    _, number, plan, kind = row
    scores = zip(plan.components, result.scores, strict=True)
    return {
        "id": result.id,
        "registration_number": number,
        "plan_id": plan.id,
        "title_zh": plan.title_zh,
        "title_en": plan.title_en,
        "certificate_type_code": kind.code,
        "certificate_type_zh": kind.name_zh,
        "certificate_type_en": kind.name_en,
        "level": plan.level,
        "components": [
            {"code": one["code"], "name_zh": one["name_zh"], "name_en": one["name_en"], "score_hundredths": score}
            for one, score in scores
        ],
        "score_hundredths": result.score_hundredths,
        "passed": result.passed,
        "assessed_on": result.assessed_on,
        "published_at": result.published_at,
        "annulled_at": annulled.annulled_at if annulled else None,
        "annulled_for": annulled.ground if annulled else None,
    }
