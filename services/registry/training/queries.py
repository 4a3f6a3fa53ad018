"""Reads of training."""

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by, seen_by
from onex.chassis.problems import there
from services.registry.training.models import (
    ExpertPayStandard,
    ProgrammeExpert,
    Teacher,
    TeacherRole,
    TrainingAttendance,
    TrainingEnrolment,
    TrainingExpert,
    TrainingProgramme,
    TrainingRequest,
    TrainingSession,
    TrainingWorkload,
    WorkloadRatio,
)
from services.registry.training.rules import NATIONAL

Kept = TypeVar("Kept")


def of_colleges(table: type[Any], by: Caller) -> Select[Any]:
    """Rows that belong to a college: regulators read their scope (PP-01), a college its own."""
    return seen_by(by, select(table), {Role.PROVINCE: table.province_code, Role.COLLEGE: table.college_id})


def of_teos(table: type[Any], by: Caller) -> Select[Any]:
    """Rows that belong to a TEO: Ministry and operator read all, provinces too (PP-01), a TEO its own."""
    query = select(table)
    return owned_by(query, table.teo_id, by.organization_id) if by.role == Role.TEO else query


def roles_visible(by: Caller) -> Select[TeacherRole]:
    """Regulators and colleges see roles in their scope, a TEO those for the types that its training certified."""
    if by.role == Role.TEO:
        return owned_by(select(TeacherRole), TeacherRole.teo_id, by.organization_id)
    return of_colleges(TeacherRole, by)


def programmes_visible(by: Caller) -> Select[TrainingProgramme]:
    """Everyone sees what was announced; organizers their drafts; Ministry and operator everything."""
    query = select(TrainingProgramme)
    if by.sees_everything:
        return query
    seen: ColumnElement[bool] = TrainingProgramme.announced_at.is_not(None)
    if by.role == Role.TEO and by.organization_id is not None:  # compared with nothing it would be IS NULL
        seen = or_(seen, TrainingProgramme.teo_id == by.organization_id)
    if by.role == Role.PROVINCE and by.province_code is not None:
        seen = or_(seen, TrainingProgramme.province_code == by.province_code)
    return query.where(seen)


def announced() -> Select[TrainingProgramme]:
    """What anyone sees without a token: what was ever announced, over or cancelled since or not (OP-10)."""
    return select(TrainingProgramme).where(TrainingProgramme.announced_at.is_not(None))


def requests_visible(by: Caller) -> Select[TrainingRequest]:
    """A TEO sees what it was asked, a government what it asked, Ministry and operator everything."""
    if by.role == Role.PROVINCE:
        return owned_by(select(TrainingRequest), TrainingRequest.province_code, by.province_code)
    return of_teos(TrainingRequest, by)


def enrolments_visible(by: Caller) -> Select[TrainingEnrolment]:
    """Regulators and colleges see enrolments in their scope, a TEO those in training for its types."""
    if by.role == Role.TEO:
        return owned_by(select(TrainingEnrolment), TrainingEnrolment.teo_id, by.organization_id)
    return of_colleges(TrainingEnrolment, by)


def pay_standards() -> Select[ExpertPayStandard]:
    """The standards of experts' pay of every province: notices that anyone may read."""
    return select(ExpertPayStandard)


def one_of(session: Session, visible: Select[Any], column: Any, wanted: uuid.UUID) -> Any:
    """The one row among the visible whose id column is `wanted`; raise NotFound without it."""
    return there(session.scalars(visible.where(column == wanted)).first())


def programme(session: Session, programme_id: uuid.UUID) -> TrainingProgramme:
    return _of_id(session, TrainingProgramme, programme_id)


def enrolment(session: Session, enrolment_id: uuid.UUID) -> TrainingEnrolment:
    return _of_id(session, TrainingEnrolment, enrolment_id)


def teacher_to_change(session: Session, teacher_id: uuid.UUID) -> Teacher:
    return _of_id(session, Teacher, teacher_id, lock=True)


def role_to_change(session: Session, role_id: uuid.UUID) -> TeacherRole:
    return _of_id(session, TeacherRole, role_id, lock=True)


def expert_to_change(session: Session, expert_id: uuid.UUID) -> TrainingExpert:
    return _of_id(session, TrainingExpert, expert_id, lock=True)


def programme_to_change(session: Session, programme_id: uuid.UUID) -> TrainingProgramme:
    return _of_id(session, TrainingProgramme, programme_id, lock=True)


def session_to_change(session: Session, session_id: uuid.UUID) -> TrainingSession:
    return _of_id(session, TrainingSession, session_id, lock=True)


def request_to_change(session: Session, request_id: uuid.UUID) -> TrainingRequest:
    return _of_id(session, TrainingRequest, request_id, lock=True)


def enrolment_to_change(session: Session, enrolment_id: uuid.UUID) -> TrainingEnrolment:
    return _of_id(session, TrainingEnrolment, enrolment_id, lock=True)


def workload_to_change(session: Session, workload_id: uuid.UUID) -> TrainingWorkload:
    return _of_id(session, TrainingWorkload, workload_id, lock=True)


def _of_id(session: Session, table: type[Kept], wanted: uuid.UUID, *, lock: bool = False) -> Kept:
    """The row of a request's address, locked until the transaction ends if it is to be changed; raise NotFound."""
    return there(session.get(table, wanted, with_for_update=lock, populate_existing=lock))


def teacher_of(session: Session, college_id: uuid.UUID, teacher_id: uuid.UUID) -> Teacher | None:
    """The teacher of this college, None when it has none of this id."""
    found = session.get(Teacher, teacher_id)
    return found if found is not None and found.college_id == college_id else None


def teacher_numbered(session: Session, college_id: uuid.UUID, staff_number: str) -> Teacher | None:
    """The college's teacher of this staff number, locked."""
    own = (Teacher.college_id == college_id, Teacher.staff_number == staff_number)
    return session.scalars(select(Teacher).where(*own).with_for_update()).first()


def roles_held(session: Session, teacher_id: uuid.UUID) -> list[TeacherRole]:
    """The roles of a teacher that have not ended."""
    held = (TeacherRole.teacher_id == teacher_id, TeacherRole.ended_at.is_(None))
    return list(session.scalars(select(TeacherRole).where(*held).with_for_update()))


def sessions_of(session: Session, programme_id: uuid.UUID) -> list[TrainingSession]:
    """A programme's sessions in their order."""
    own = TrainingSession.programme_id == programme_id
    return list(session.scalars(select(TrainingSession).where(own).order_by(TrainingSession.number)))


def experts_of(session: Session, programme_id: uuid.UUID) -> list[ProgrammeExpert]:
    """Whom a programme engages, and for what."""
    own = ProgrammeExpert.programme_id == programme_id
    return list(session.scalars(select(ProgrammeExpert).where(own).order_by(ProgrammeExpert.id)))


def experts_by_id(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, TrainingExpert]:
    """The experts of these ids, read afresh."""
    found = session.scalars(select(TrainingExpert).where(TrainingExpert.id.in_(set(ids))))
    return {one.id: one for one in found}


def team_sources(session: Session, teo_id: uuid.UUID) -> set[str]:
    """Where the approved experts of a TEO's team come from (PP-40)."""
    approved = (TrainingExpert.teo_id == teo_id, TrainingExpert.state == "approved")
    return set(session.scalars(select(TrainingExpert.source).where(*approved).distinct()))


def teos_that_serve(session: Session, programme_id: uuid.UUID) -> set[uuid.UUID]:
    """The TEOs that accepted a government's request for its programme (OP-09)."""
    accepted = (TrainingRequest.programme_id == programme_id, TrainingRequest.state == "accepted")
    return set(session.scalars(select(TrainingRequest.teo_id).where(*accepted)))


def open_requests_for(session: Session, programme_id: uuid.UUID) -> list[TrainingRequest]:
    """The requests for a programme that no TEO has answered yet."""
    waiting = (TrainingRequest.programme_id == programme_id, TrainingRequest.state == "open")
    return list(session.scalars(select(TrainingRequest).where(*waiting).with_for_update()))


def requested_starts(session: Session, teo_id: uuid.UUID) -> list[date]:
    """The first days of the government programmes for which a TEO owes an answer (OP-09)."""
    waiting = (TrainingRequest.teo_id == teo_id, TrainingRequest.state == "open")
    of_programmes = select(TrainingProgramme.starts_on).join(
        TrainingRequest, TrainingRequest.programme_id == TrainingProgramme.id
    )
    return list(session.scalars(of_programmes.where(*waiting)))


def pay_in_force(session: Session, province_code: str, day: date) -> dict[str, int]:
    """The most an expert is paid for a lesson, by rank: the province's newest standard, else the country's (OP-09)."""
    begun = (
        ExpertPayStandard.province_code.in_({province_code, NATIONAL}),
        ExpertPayStandard.in_force_from <= day,
    )
    found = session.scalars(select(ExpertPayStandard).where(*begun).order_by(ExpertPayStandard.in_force_from))
    # What comes later takes the place of what came before: the country's, then the province's, each from old to new.
    in_order = sorted(found, key=lambda one: (one.province_code == province_code, one.in_force_from))
    return {one.rank: one.most_fen_a_lesson for one in in_order}


def enrolments_by_id(
    session: Session, programme_id: uuid.UUID, ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, TrainingEnrolment]:
    """Those of these enrolments that are in the programme."""
    own = (TrainingEnrolment.programme_id == programme_id, TrainingEnrolment.id.in_(set(ids)))
    return {one.id: one for one in session.scalars(select(TrainingEnrolment).where(*own))}


def attendance_of(session: Session, session_id: uuid.UUID) -> list[TrainingAttendance]:
    """Who took part in a session."""
    own = TrainingAttendance.session_id == session_id
    return list(session.scalars(select(TrainingAttendance).where(own).order_by(TrainingAttendance.enrolment_id)))


def lessons_attended(session: Session, enrolment_id: uuid.UUID) -> int:
    """In how many lessons of the whole programme someone took part."""
    total = select(func.sum(TrainingAttendance.lessons)).where(TrainingAttendance.enrolment_id == enrolment_id)
    return session.scalar(total) or 0


def any_ratio(session: Session, college_id: uuid.UUID) -> bool:
    """Whether the college has ever set a ratio."""
    return session.scalar(select(WorkloadRatio.id).where(WorkloadRatio.college_id == college_id).limit(1)) is not None


def ratio_in_force(session: Session, college_id: uuid.UUID, day: date) -> Decimal | None:
    """The college's ratio on `day`, None when none had begun."""
    begun = (WorkloadRatio.college_id == college_id, WorkloadRatio.in_force_from <= day)
    newest = select(WorkloadRatio.ratio).where(*begun).order_by(WorkloadRatio.in_force_from.desc()).limit(1)
    return session.scalar(newest)


def session_of(session: Session, session_id: uuid.UUID) -> TrainingSession:
    return _of_id(session, TrainingSession, session_id)
