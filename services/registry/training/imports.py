"""A college's list of teachers as a file."""

from typing import Any

from sqlalchemy import select

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Column, Sheet, checks
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import COLLEGE
from services.registry.training import people, queries, teachers
from services.registry.training.people_schemas import TeacherSchema

SHEET = Sheet(
    (
        Column("staff_number", ("工号", "教师工号"), check=checks.text(32), fold=True),
        Column("name", ("姓名", "教师姓名"), check=checks.name),
        Column("subject", ("专业", "任教专业"), check=checks.text(200)),
        Column("college_code", ("院校代码", "统一社会信用代码"), required=False, check=checks.text(32), fold=True),
    )
)


def take(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
    """Put a teacher on record, or the record right; one that is there as it stands is left alone."""
    college = teachers.college_of(session, _college_id(session, values.college_code, by))
    by.must_be(college.id)
    body = TeacherSchema().load({name: getattr(values, name) for name in ("staff_number", "name", "subject")})
    there = queries.teacher_numbered(session, college.id, body["staff_number"])
    if there is None:
        teachers.register_for(session, vault, college, body, by=by)
        return True
    if there.subject == body["subject"] and people.is_named(vault, there.sealed_name, people.TEACHER, body["name"]):
        return False
    teachers.correct(session, vault, there.id, body, by=by)
    return True


def _college_id(session: UnitOfWork, code: str | None, by: Caller) -> Any:
    """The college that a row names by its code, else the caller's own."""
    if not code and by.role == Role.COLLEGE:
        return by.organization_id
    college_id = session.scalar(select(Organization.id).where(Organization.code == code, Organization.kind == COLLEGE))
    if college_id is None:
        raise OrganizationUnknown("No college has this code.", column="college_code")
    return college_id


IMPORT = Import("teachers", SHEET, take, frozenset({Role.OPERATOR, Role.COLLEGE}))
