"""Reads of draws, points, inspectors and inspections. Draws, points and results are everyone's to read (PP-28)."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from onex.chassis.access import Caller
from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.registry.inspections import rules
from services.registry.inspections.models import (
    Inspection,
    InspectionDraw,
    InspectionFinding,
    Inspector,
    MonitoringDraw,
    MonitoringPoint,
)
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import ADMITTED
from services.registry.sites.models import Site
from services.registry.sites.rules import FILED


def colleges_with_site(session: Session, certificate_type_id: uuid.UUID) -> dict[str, list[str]]:
    """OP-38: the colleges that take part and have a filed site of the type, by province."""
    query = (
        select(Organization.province_code, Organization.id)
        .join(Site, Site.college_id == Organization.id)
        .where(Site.certificate_type_id == certificate_type_id, Site.state == FILED, Organization.status == ADMITTED)
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for province_code, college_id in session.execute(query):
        found.setdefault(province_code or "", []).append(str(college_id))
    return {province: sorted(colleges) for province, colleges in sorted(found.items())}


def candidates(session: Session, kind: str, province_code: str | None) -> list[str]:
    """PP-28: the organizations of a kind and territory that take part, in ascending order of their ids."""
    query = select(Organization.id).where(Organization.kind == kind, Organization.status == ADMITTED)
    if province_code is not None:
        query = query.where(Organization.province_code == province_code)
    return sorted(str(one) for one in session.scalars(query))


def pool(session: Session, province_code: str | None) -> list[Inspector]:
    """The active inspectors of a pool."""
    query = select(Inspector).where(Inspector.state == rules.ACTIVE)
    same = Inspector.province_code.is_(None) if province_code is None else Inspector.province_code == province_code
    return list(session.scalars(query.where(same).order_by(Inspector.code)))


def inspectors(by: Caller) -> Select[Inspector]:
    """Ministry and operator see every pool, a province its own."""
    query = select(Inspector)
    return query if by.sees_everything else owned_by(query, Inspector.province_code, by.province_code)


def inspector_to_change(session: Session, by: Caller, inspector_id: uuid.UUID) -> Inspector:
    """The inspector, locked; raise NotFound where the caller may not see it."""
    return _one(session, inspectors(by).where(Inspector.id == inspector_id).with_for_update())


def point_to_change(session: Session, point_id: uuid.UUID) -> MonitoringPoint:
    """The monitoring point, locked; raise NotFound without one."""
    return _one(session, select(MonitoringPoint).where(MonitoringPoint.id == point_id).with_for_update())


def points_of(session: Session, certificate_type_id: uuid.UUID) -> list[MonitoringPoint]:
    """Every point that the type has or had."""
    return list(
        session.scalars(select(MonitoringPoint).where(MonitoringPoint.certificate_type_id == certificate_type_id))
    )


def monitoring_draw(session: Session, draw_id: uuid.UUID, *, lock: bool = False) -> MonitoringDraw:
    """The draw with its candidates; raise NotFound without one."""
    query = select(MonitoringDraw).where(MonitoringDraw.id == draw_id).options(undefer(MonitoringDraw.candidates))
    return _one(session, query.with_for_update() if lock else query)


def has_points(session: Session, certificate_type_id: uuid.UUID) -> bool:
    """Whether the type's points have been drawn."""
    query = select(MonitoringDraw.id).where(MonitoringDraw.certificate_type_id == certificate_type_id)
    return session.scalar(query) is not None


def inspection_draw(session: Session, draw_id: uuid.UUID, *, lock: bool = False) -> InspectionDraw:
    """The draw with its lists; raise NotFound without one."""
    lists = (undefer(InspectionDraw.candidates), undefer(InspectionDraw.inspectors))
    query = select(InspectionDraw).where(InspectionDraw.id == draw_id).options(*lists)
    return _one(session, query.with_for_update() if lock else query)


def visits_of(session: Session, draw_id: uuid.UUID) -> Sequence[Inspection]:
    """The inspections that came of a draw, as they were drawn."""
    return session.scalars(select(Inspection).where(Inspection.draw_id == draw_id).order_by(Inspection.place)).all()


def one_inspection(session: Session, inspection_id: uuid.UUID) -> Inspection:
    """The inspection; raise NotFound without one."""
    return _one(session, select(Inspection).where(Inspection.id == inspection_id))


def inspection_to_change(session: Session, inspection_id: uuid.UUID) -> Inspection:
    """The inspection, locked; raise NotFound without one."""
    return _one(session, select(Inspection).where(Inspection.id == inspection_id).with_for_update())


def findings_of(session: Session, inspection_id: uuid.UUID) -> Sequence[InspectionFinding]:
    """What an inspection found, in the order in which it was recorded."""
    query = select(InspectionFinding).where(InspectionFinding.inspection_id == inspection_id)
    return session.scalars(query.order_by(InspectionFinding.id)).all()


def finding_to_change(session: Session, inspection_id: uuid.UUID, finding_id: uuid.UUID) -> InspectionFinding:
    """A finding of the inspection, locked; raise NotFound without one."""
    query = select(InspectionFinding).where(
        InspectionFinding.inspection_id == inspection_id, InspectionFinding.id == finding_id
    )
    return _one(session, query.with_for_update())


def _one(session: Session, query: Select[Any]) -> Any:
    return there(session.scalars(query.execution_options(populate_existing=True)).first())
