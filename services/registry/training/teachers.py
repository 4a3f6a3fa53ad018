"""Colleges name their teachers and seed teachers (OP-08)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import OutOfScope
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.organizations.models import Organization
from services.registry.standards import queries as standards
from services.registry.standards import rules as standard_rules
from services.registry.training import people, queries, rules
from services.registry.training.errors import RoleEnded, RoleHeld, TeacherExists
from services.registry.training.models import Teacher, TeacherRole, TrainingEnrolment
from services.registry.training.states import TEACHER


def register(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Teacher:
    """A college that takes part puts a teacher on record."""
    return register_for(session, vault, college_of(session, by.organization_id), body, by=by)


def register_for(
    session: UnitOfWork, vault: Vault, college: Organization, body: dict[str, Any], *, by: Caller
) -> Teacher:
    """Put a teacher of this college on record; the name is kept sealed."""
    teacher = Teacher(
        college_id=college.id,
        province_code=college.province_code,
        staff_number=body["staff_number"],
        sealed_name=people.seal(vault, body["name"], people.TEACHER),
        subject=body["subject"],
        state="active",
        created_by=by.client_id,
    )
    session.add(teacher)
    try:
        session.flush()
    except IntegrityError:
        raise TeacherExists() from None
    session.refresh(teacher)
    return teacher


def correct(session: UnitOfWork, vault: Vault, teacher_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Teacher:
    """The college puts a teacher's record right."""
    teacher = queries.teacher_to_change(session, teacher_id)
    by.must_be(teacher.college_id)
    teacher.state = TEACHER.after(teacher.state, "work")
    teacher.subject = body["subject"]
    if not people.is_named(vault, teacher.sealed_name, people.TEACHER, body["name"]):
        teacher.sealed_name = people.seal(vault, body["name"], people.TEACHER)
    return teacher


def leave(session: UnitOfWork, teacher_id: uuid.UUID, *, by: Caller) -> Teacher:
    """A teacher leaves the college: the roles held there end."""
    teacher = queries.teacher_to_change(session, teacher_id)
    by.must_be(teacher.college_id)
    teacher.state = TEACHER.after(teacher.state, "leave")
    teacher.left_at, teacher.left_by = clock.now(), by.client_id
    for role in queries.roles_held(session, teacher.id):
        _end(role, "The teacher left the college.", by)
    return teacher


def name_seed_teacher(session: UnitOfWork, teacher_id: uuid.UUID, type_id: uuid.UUID, *, by: Caller) -> TeacherRole:
    """A college names the teacher who leads the others in a certificate type (OP-08)."""
    teacher = queries.teacher_to_change(session, teacher_id)
    by.must_be(teacher.college_id)
    college_of(session, teacher.college_id)
    return grant(session, teacher, type_id, rules.SEED_TEACHER, by=by)


def grant(
    session: UnitOfWork, teacher: Teacher, type_id: uuid.UUID, role: str, enrolment: TrainingEnrolment | None = None,
    *, by: Caller,
) -> TeacherRole:  # fmt: skip
    """A teacher of the college may from now on do this for a published certificate type, at no fee (OP-08, OP-12).

    `enrolment` is the training that led to it, if one did.
    """
    TEACHER.after(teacher.state, "work")
    certificate_type = standards.type_named(session, type_id)
    standard_rules.check_published(certificate_type.version)
    granted = TeacherRole(
        teacher_id=teacher.id,
        college_id=teacher.college_id,
        province_code=teacher.province_code,
        certificate_type_id=type_id,
        role=role,
        enrolment_id=enrolment.id if enrolment else None,
        teo_id=enrolment.teo_id if enrolment else None,
        certification_fee_fen=0,
        granted_by=by.client_id,
    )
    session.add(granted)
    try:
        session.flush()
    except IntegrityError:
        raise RoleHeld() from None
    session.refresh(granted)
    return granted


def end_role(session: UnitOfWork, role_id: uuid.UUID, reason: str, *, by: Caller) -> TeacherRole:
    """The college, or the TEO of the type, ends a role and says why."""
    role = queries.role_to_change(session, role_id)
    if by.organization_id != role.college_id:
        by.must_be(standards.type_named(session, role.certificate_type_id).teo_id)
    if role.ended_at is not None:
        raise RoleEnded()
    _end(role, reason, by)
    return role


def college_of(session: UnitOfWork, college_id: uuid.UUID | None) -> Organization:
    """The college of this id, which takes part (PP-02)."""
    if college_id is None:
        raise OutOfScope()
    college = organizations.named(session, college_id, organization_rules.COLLEGE)
    organization_rules.check_admitted(college.kind, college.status)
    return college


def _end(role: TeacherRole, reason: str, by: Caller) -> None:
    role.ended_at, role.ended_by, role.end_reason = clock.now(), by.client_id, reason
