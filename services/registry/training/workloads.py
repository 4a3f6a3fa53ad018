"""What teachers teach towards certificates counts as their workload, by the college's own ratio (OP-18)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from services.registry.standards import queries as standards
from services.registry.standards import rules as standard_rules
from services.registry.training import queries, rules, teachers
from services.registry.training.errors import RatioExists, TeacherUnknown, WorkloadWithdrawn
from services.registry.training.models import TrainingWorkload, WorkloadRatio


def set_ratio(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> WorkloadRatio:
    """A college says by how much it counts lessons of certificate training from a day on (OP-18)."""
    college = teachers.college_of(session, by.organization_id)
    first = not queries.any_ratio(session, college.id)
    rules.check_ratio_start(body["in_force_from"], clock.today(), first=first)
    ratio = WorkloadRatio(college_id=college.id, province_code=college.province_code, created_by=by.client_id, **body)
    session.add(ratio)
    try:
        session.flush()
    except IntegrityError:
        raise RatioExists() from None
    session.refresh(ratio)
    return ratio


def record(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> TrainingWorkload:
    """A college records lessons that a teacher gave; they count by the ratio in force on that day (OP-18)."""
    college = teachers.college_of(session, by.organization_id)
    teacher = queries.teacher_of(session, college.id, body["teacher_id"])
    if teacher is None:
        raise TeacherUnknown()
    standard_rules.check_published(standards.type_named(session, body["certificate_type_id"]).version)
    rules.check_taught(body["taught_on"], clock.today())
    ratio = queries.ratio_in_force(session, college.id, body["taught_on"])
    counted = rules.workload(body["lessons"], ratio)
    recorded = TrainingWorkload(
        college_id=college.id,
        province_code=college.province_code,
        ratio=ratio,
        workload=counted,
        recorded_by=by.client_id,
        **body,
    )
    session.add(recorded)
    session.flush()
    session.refresh(recorded)
    return recorded


def withdraw(session: UnitOfWork, workload_id: uuid.UUID, *, by: Caller) -> TrainingWorkload:
    """The college takes wrongly recorded lessons back; right ones are recorded anew."""
    recorded = queries.workload_to_change(session, workload_id)
    by.must_be(recorded.college_id)
    if recorded.withdrawn_at is not None:
        raise WorkloadWithdrawn()
    recorded.withdrawn_at, recorded.withdrawn_by = clock.now(), by.client_id
    return recorded
