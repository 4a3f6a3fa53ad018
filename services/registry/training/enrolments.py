"""Teachers enrol of their own will, take part, and are certified at no extra fee (OP-10, OP-11, OP-12)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.registry.standards import actions as standard_actions
from services.registry.standards import queries as standards
from services.registry.training import people, queries, rules, teachers
from services.registry.training.actions import must_organize
from services.registry.training.errors import AlreadyEnrolled, NotEnrolledHere, TeacherUnknown
from services.registry.training.models import TeacherRole, TrainingAttendance, TrainingEnrolment
from services.registry.training.states import ENROLMENT, PROGRAMME, TEACHER


def enrol(
    session: UnitOfWork, vault: Vault, programme_id: uuid.UUID, body: dict[str, Any], *, by: Caller
) -> TrainingEnrolment:
    """A college enrols a teacher who has agreed to the announced programme and its fee (OP-10, OP-11)."""
    programme = queries.programme_to_change(session, programme_id)  # whose places are counted one after the other
    college = teachers.college_of(session, by.organization_id)
    programme.state = PROGRAMME.after(programme.state, "enrol")
    rules.check_enrolment_open(clock.today(), programme.enrol_until)
    standard_actions.must_be_in_force(session, standards.type_named(session, programme.certificate_type_id))
    assert college.province_code is not None  # no college is registered without
    rules.check_for_college(programme.province_code, college.province_code)
    teacher = queries.teacher_of(session, college.id, body["teacher_id"])
    if teacher is None:
        raise TeacherUnknown()
    TEACHER.after(teacher.state, "work")
    consent = body["consent"]
    rules.check_consent(
        consent["given"],
        by_teacher=people.is_named(vault, teacher.sealed_name, people.TEACHER, consent["given_by"]),
        given_at=consent["given_at"],
        announced_at=programme.announced_at,
        now=clock.now(),
    )
    rules.check_place(programme.enrolled, programme.places)
    enrolment = TrainingEnrolment(
        programme_id=programme.id,
        teacher_id=teacher.id,
        college_id=college.id,
        province_code=college.province_code,
        teo_id=standards.type_named(session, programme.certificate_type_id).teo_id,
        fee_fen=programme.fee_fen,
        sealed_consent_by=people.seal(vault, consent["given_by"], people.CONSENT),
        consented_at=consent["given_at"],
        state="enrolled",
        enrolled_by=by.client_id,
    )
    session.add(enrolment)
    try:
        session.flush()
    except IntegrityError:
        raise AlreadyEnrolled() from None
    programme.enrolled += 1
    session.refresh(enrolment)
    return enrolment


def withdraw(session: UnitOfWork, enrolment_id: uuid.UUID, *, by: Caller) -> TrainingEnrolment:
    """The teacher does not want to any more: the college gives the place back, without a reason (OP-11)."""
    programme_id = queries.enrolment(session, enrolment_id).programme_id
    programme = queries.programme_to_change(session, programme_id)
    enrolment = queries.enrolment_to_change(session, enrolment_id)
    by.must_be(enrolment.college_id)
    enrolment.state = ENROLMENT.after(enrolment.state, "withdraw")
    enrolment.withdrawn_at, enrolment.withdrawn_by = clock.now(), by.client_id
    programme.enrolled -= 1
    return enrolment


def record_attendance(
    session: UnitOfWork, session_id: uuid.UUID, present: list[dict[str, Any]], *, by: Caller
) -> list[TrainingAttendance]:
    """The organizer says who took part in how many lessons of a session; sent again, what is sent last counts.

    An expert who has lost the approval since the announcement has taught nothing (OP-15).
    """
    held = queries.session_to_change(session, session_id)
    programme = queries.programme_to_change(session, held.programme_id)
    must_organize(programme, by)
    PROGRAMME.after(programme.state, "teach")
    rules.check_held(clock.today(), held.held_on)
    rules.check_reviewed([queries.experts_by_id(session, [held.expert_id])[held.expert_id].state])
    enrolled = queries.enrolments_by_id(session, programme.id, (one["enrolment_id"] for one in present))
    recorded = {one.enrolment_id: one for one in queries.attendance_of(session, held.id)}
    for one in present:
        rules.check_lessons(one["lessons"], held.lessons)
        enrolment = enrolled.get(one["enrolment_id"])
        if enrolment is None:
            raise NotEnrolledHere()
        ENROLMENT.after(enrolment.state, "attend")
        attendance = recorded.get(enrolment.id) or TrainingAttendance(session_id=held.id, enrolment_id=enrolment.id)
        attendance.lessons = one["lessons"]
        attendance.recorded_by, attendance.recorded_at = by.client_id, clock.now()
        session.add(attendance)
    session.flush()
    return queries.attendance_of(session, held.id)


def certify(session: UnitOfWork, enrolment_id: uuid.UUID, fee_fen: int, *, by: Caller) -> TeacherRole:
    """The type's TEO certifies who was trained, as what the programme trains for, and takes nothing for it (OP-12).

    OP-36, OP-41: only while it takes part, under an agreement in force.
    """
    enrolment = queries.enrolment_to_change(session, enrolment_id)
    by.must_be(enrolment.teo_id)
    standard_actions.must_operate(session, enrolment.teo_id)
    ENROLMENT.after(enrolment.state, "attend")
    rules.check_certification_fee(fee_fen)
    rules.check_attended(queries.lessons_attended(session, enrolment.id))
    programme = queries.programme(session, enrolment.programme_id)
    teacher = queries.teacher_to_change(session, enrolment.teacher_id)
    return teachers.grant(session, teacher, programme.certificate_type_id, programme.trains_for, enrolment, by=by)
