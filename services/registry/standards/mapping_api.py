"""Doors: the levels a college chose, and the courses that lead to a certificate."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.listing import Listing, equal
from services.registry.organizations.rules import COLLEGE_KINDS
from services.registry.standards import actions, mapping_actions, mapping_queries
from services.registry.standards.blueprint import blp
from services.registry.standards.mapping_models import CourseMapping
from services.registry.standards.mapping_schemas import ChangedCoursesSchema, CourseMappingSchema
from services.registry.standards.rules import CHOOSING_KINDS, LEVELS, open_levels
from services.registry.standards.schemas import ChosenLevelsSchema, LevelMatrixSchema

MAPPINGS = Listing(
    CourseMappingSchema,
    CourseMapping.id,
    filters={
        "college_id": equal(CourseMapping.college_id),
        "certificate_type_id": equal(CourseMapping.certificate_type_id),
        "level": equal(CourseMapping.level, LEVELS),
        "province_code": equal(CourseMapping.province_code),
        "programme_code": equal(CourseMapping.programme_code),
    },
)


@blp.route("/level-matrix")
@public
@blp.response(200, LevelMatrixSchema)
def level_matrix() -> dict[str, Any]:
    """Which levels are open to which kind of college (PP-13)."""
    rows = [
        {
            "college_kind": kind,
            "level": level,
            "open_to": "those_that_choose_it" if kind in CHOOSING_KINDS else "all",
        }
        for kind in COLLEGE_KINDS
        for level in LEVELS
    ]
    return {"items": rows}


@blp.route("/organizations/<uuid:organization_id>/levels", methods=["PUT"])
@allow(Role.COLLEGE, Role.OPERATOR)
@blp.arguments(ChosenLevelsSchema)
@blp.response(200, ChosenLevelsSchema)
def choose_levels(body: dict[str, list[str]], organization_id: uuid.UUID) -> dict[str, Any]:
    """A college that may choose says at which levels it trains and assesses (PP-13)."""
    college = actions.choose_levels(session(), organization_id, body["levels"], by=caller())
    return {"levels": open_levels(college.college_kind, college.levels)}


@blp.route("/course-mappings", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(CourseMappingSchema)
@blp.response(201, CourseMappingSchema)
def map_courses(body: dict[str, Any]) -> CourseMapping:
    """Say which courses of a programme lead to a certificate's level (OP-35)."""
    return mapping_actions.map_courses(session(), body, by=caller())


@blp.route("/course-mappings")
@allow(Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO, Role.COLLEGE)
@MAPPINGS.door(blp)
def course_mappings(query: dict[str, Any]) -> Any:
    """The mappings the caller may see."""
    return MAPPINGS.answer(session(), mapping_queries.visible(caller()), query)


@blp.route("/course-mappings/<uuid:mapping_id>")
@allow(Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO, Role.COLLEGE)
@blp.response(200, CourseMappingSchema)
def course_mapping(mapping_id: uuid.UUID) -> CourseMapping:
    """One mapping."""
    return mapping_queries.one_visible(session(), caller(), mapping_id)


@blp.route("/course-mappings/<uuid:mapping_id>", methods=["PUT"])
@allow(Role.COLLEGE)
@blp.arguments(ChangedCoursesSchema)
@blp.response(200, CourseMappingSchema)
def change_courses(body: dict[str, Any], mapping_id: uuid.UUID) -> CourseMapping:
    """Adjust a programme (OP-35)."""
    return mapping_actions.change_courses(session(), mapping_id, body, by=caller())


@blp.route("/course-mappings/<uuid:mapping_id>/withdrawal", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(200, CourseMappingSchema)
def withdraw_mapping(mapping_id: uuid.UUID) -> CourseMapping:
    """The programme leads to the certificate no more."""
    return mapping_actions.withdraw(session(), mapping_id, by=caller())
