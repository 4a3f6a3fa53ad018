"""Colleges say which courses of their programmes lead to a certificate's level (OP-35)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope, there
from services.registry.organizations import queries as organizations
from services.registry.standards import actions, rules
from services.registry.standards.errors import CoursesTwice, MappingExists, MappingWithdrawn
from services.registry.standards.mapping_models import CourseMapping


def map_courses(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> CourseMapping:
    """A college that takes part maps a programme to a level that is published and open to it (OP-35, PP-13)."""
    if by.organization_id is None:
        raise OutOfScope()
    college = organizations.pilot_college(session, by.organization_id)
    certificate_type = actions.must_have_level(session, body["certificate_type_id"], body["level"])
    rules.check_open(body["level"], college.college_kind, college.levels)
    _check_courses(body["courses"])
    assert college.province_code is not None  # no college is registered without
    mapping = CourseMapping(
        college_id=college.id,
        province_code=college.province_code,
        teo_id=certificate_type.teo_id,
        created_by=by.client_id,
        **body,
    )
    session.add(mapping)
    try:
        session.flush()
    except IntegrityError:
        raise MappingExists() from None
    session.refresh(mapping)
    return mapping


def change_courses(session: UnitOfWork, mapping_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> CourseMapping:
    """The college adjusts its programme (OP-35)."""
    mapping = _own(session, mapping_id, by)
    _check_courses(body["courses"])
    mapping.programme_name, mapping.courses = body["programme_name"], body["courses"]
    mapping.changed_at = clock.now()
    return mapping


def withdraw(session: UnitOfWork, mapping_id: uuid.UUID, *, by: Caller) -> CourseMapping:
    """The programme leads to the certificate no more."""
    mapping = _own(session, mapping_id, by)
    mapping.withdrawn_at = clock.now()
    return mapping


def _own(session: UnitOfWork, mapping_id: uuid.UUID, by: Caller) -> CourseMapping:
    mapping = there(session.get(CourseMapping, mapping_id, with_for_update=True))
    by.must_be(mapping.college_id)
    if mapping.withdrawn_at is not None:
        raise MappingWithdrawn()
    return mapping


def _check_courses(courses: list[dict[str, Any]]) -> None:
    codes = [course["code"] for course in courses]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise CoursesTwice(f"Named twice: {', '.join(twice)}.", codes=twice)
