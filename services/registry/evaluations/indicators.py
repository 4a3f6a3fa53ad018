"""What shows the quality of TEOs and colleges (PP-29), from what the registry itself holds, over the year that ends today.

PP-07: a TEO answers for the quality and the reputation of its certificates, so what happened is counted for the TEO itself.
PP-17: breaches of discipline that people report stand beside what inspections found: both speak of how strictly certificates
are given.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.clock import BEIJING
from onex.chassis.problems import there
from services.registry.evaluations import rules
from services.registry.evaluations.models import Evaluation
from services.registry.exits.models import ExitCase
from services.registry.exits.rules import OPEN as OPEN_CASES
from services.registry.inspections.models import Inspection, InspectionFinding
from services.registry.opinions.models import Opinion
from services.registry.opinions.rules import SET_ASIDE
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import COLLEGE, REGISTERED, TEO
from services.registry.publicity.models import PublicityFinding
from services.registry.publicity.rules import DISMISSED
from services.registry.rectification.models import Rectification
from services.registry.rectification.rules import OPEN as OPEN_ORDERS
from services.registry.reports.models import Report
from services.registry.standards.resource_models import Resource
from services.registry.standards.resource_rules import OFFERED

WINDOW_DAYS = 365


def supervised(by: Caller) -> Select[Organization]:
    """The TEOs and colleges whose indicators the caller may see: regulators in their scope, an organization its own."""
    query = select(Organization).where(Organization.kind.in_((TEO, COLLEGE)), Organization.status != REGISTERED)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        return query.where(Organization.province_code == by.province_code, Organization.kind == COLLEGE)
    if by.role in (Role.TEO, Role.COLLEGE):
        return query.where(Organization.id == by.organization_id)
    return query.where(false())


def of_each(session: Session, organizations: Sequence[Organization], today: date) -> list[dict[str, Any]]:
    """PP-29: the indicators of some organizations, in their order, in one query that reads each table by its organization."""
    columns = [count(Organization.id, today).scalar_subquery().label(name) for name, count in _COUNT.items()]
    score = _score(Organization.id, today).scalar_subquery().label("evaluation_score")
    ids = [one.id for one in organizations]
    found = {
        row.id: row for row in session.execute(select(Organization.id, *columns, score).where(Organization.id.in_(ids)))
    }
    return [
        {"organization_id": one.id, "evaluation_score": found[one.id].evaluation_score}
        | {name: getattr(one, name) for name in ("kind", "code", "name_zh", "name_en", "province_code", "status")}
        | {name: getattr(found[one.id], name) for name in COUNTS}
        for one in organizations
    ]


def of_one(session: Session, by: Caller, organization_id: uuid.UUID, today: date) -> dict[str, Any]:
    """The indicators of one organization; raise NotFound where the caller may not see them."""
    found = there(session.scalars(supervised(by).where(Organization.id == organization_id)).first())
    return of_each(session, [found], today)[0]


def summary(session: Session, today: date) -> list[dict[str, Any]]:
    """PP-29: for everyone to read, by kind and province and in one query: how many, and what was found and evaluated.

    It counts what is public or names nobody: no opinion, report or case of a single organization can be read from it.
    """
    first = _first(today)
    visits = (
        select(
            Inspection.organization_id,
            func.count().label("visits"),
            func.count().filter(Inspection.outcome == "findings").label("bad"),
        )
        .where(Inspection.inspected_on >= first)
        .group_by(Inspection.organization_id)
        .subquery()
    )
    scores = (
        select(Evaluation.organization_id, func.avg(Evaluation.total).label("score"))
        .where(Evaluation.state == rules.PUBLISHED, Evaluation.year >= today.year - 1)
        .group_by(Evaluation.organization_id)
        .subquery()
    )
    overdue = (
        select(Rectification.organization_id, func.count().label("orders"))
        .where(Rectification.missed_at.is_not(None), Rectification.state.in_(OPEN_ORDERS))
        .group_by(Rectification.organization_id)
        .subquery()
    )
    query = (
        select(
            Organization.kind,
            Organization.province_code,
            func.count().label("organizations"),
            func.coalesce(func.sum(visits.c.visits), 0).label("inspections"),
            func.coalesce(func.sum(visits.c.bad), 0).label("inspections_with_findings"),
            func.coalesce(func.sum(overdue.c.orders), 0).label("orders_overdue"),
            func.count(scores.c.score).label("evaluated"),
            func.round(func.avg(scores.c.score), 2).label("evaluation_score"),
        )
        .outerjoin(visits, visits.c.organization_id == Organization.id)
        .outerjoin(scores, scores.c.organization_id == Organization.id)
        .outerjoin(overdue, overdue.c.organization_id == Organization.id)
        .where(Organization.kind.in_((TEO, COLLEGE)), Organization.status != REGISTERED)
        .group_by(Organization.kind, Organization.province_code)
        .order_by(Organization.kind, Organization.province_code)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _late_reports(owner: Any, today: date) -> Select[Any]:
    """OP-06: reports of the year that came late."""
    return _of(Report, owner).where(Report.late, Report.begins_on >= _first(today))


def _opinions(owner: Any, today: date) -> Select[Any]:
    """PP-30: opinions about the organization that were not set aside."""
    since = datetime.combine(_first(today), time(), BEIJING)
    return _of(Opinion, owner).where(Opinion.state != SET_ASIDE, Opinion.received_at >= since)


def _discipline_opinions(owner: Any, today: date) -> Select[Any]:
    """PP-17: those of them that report a breach of the discipline of assessment."""
    return _opinions(owner, today).where(Opinion.ground == "exam_discipline")


def _publicity_findings(owner: Any, today: date) -> Select[Any]:
    """OP-37: unauthorized claims found in public."""
    return _of(PublicityFinding, owner).where(
        PublicityFinding.state != DISMISSED, PublicityFinding.seen_on >= _first(today)
    )


def _inspections(owner: Any, today: date) -> Select[Any]:
    """PP-28: visits that took place."""
    return _of(Inspection, owner).where(Inspection.inspected_on >= _first(today))


def _inspection_findings(owner: Any, today: date) -> Select[Any]:
    """PP-28: what they found."""
    visit = Inspection.id == InspectionFinding.inspection_id
    return _of(InspectionFinding, owner).join(Inspection, visit).where(Inspection.inspected_on >= _first(today))


def _orders_overdue(owner: Any, today: date) -> Select[Any]:
    """OP-43: orders that were not put right in time and still are not."""
    return _of(Rectification, owner).where(Rectification.missed_at.is_not(None), Rectification.state.in_(OPEN_ORDERS))


def _stale_resources(owner: Any, today: date) -> Select[Any]:
    """OP-21, OP-41 (d): a TEO's textbooks, case and question banks whose renewal is overdue."""
    return (
        select(func.count())
        .select_from(Resource)
        .where(Resource.teo_id == owner, Resource.state == OFFERED, Resource.due_on < today)
    )


def _exit_cases_open(owner: Any, today: date) -> Select[Any]:
    """OP-41, OP-42: cases that are being pursued."""
    return _of(ExitCase, owner).where(ExitCase.state.in_(OPEN_CASES))


def _score(owner: Any, today: date) -> Select[Any]:
    """OP-39: the mean of the totals published for this year and the last; NULL without one."""
    return select(func.round(func.avg(Evaluation.total), 2)).where(
        Evaluation.organization_id == owner, Evaluation.state == rules.PUBLISHED, Evaluation.year >= today.year - 1
    )


def _of(table: Any, owner: Any) -> Select[Any]:
    return select(func.count()).select_from(table).where(table.organization_id == owner)


def _first(today: date) -> date:
    return today - timedelta(days=WINDOW_DAYS - 1)


_COUNT: dict[str, Callable[[Any, date], Select[Any]]] = {
    "late_reports": _late_reports,
    "opinions": _opinions,
    "discipline_opinions": _discipline_opinions,
    "publicity_findings": _publicity_findings,
    "inspections": _inspections,
    "inspection_findings": _inspection_findings,
    "orders_overdue": _orders_overdue,
    "stale_resources": _stale_resources,
    "exit_cases_open": _exit_cases_open,
}
COUNTS = tuple(_COUNT)
