"""Reads of course mappings."""

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.standards.mapping_models import CourseMapping

_SIDES = {
    Role.PROVINCE: CourseMapping.province_code,
    Role.TEO: CourseMapping.teo_id,
    Role.COLLEGE: CourseMapping.college_id,
}


def visible(by: Caller) -> Select[CourseMapping]:
    """Ministry and operator see all, a province its own, a TEO those to its certificates, a college its own."""
    return seen_by(by, select(CourseMapping), _SIDES)


def one_visible(session: Session, by: Caller, mapping_id: uuid.UUID) -> CourseMapping:
    """The mapping; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(CourseMapping.id == mapping_id)).first())
