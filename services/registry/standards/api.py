"""Doors: certificate types, their standards, and the qualifications that may not come back."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

import services.registry.standards.mapping_api
import services.registry.standards.resource_api  # noqa: F401  each puts its doors on the area's blueprint
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.callers import caller_or_none
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.standards import actions, queries
from services.registry.standards.blueprint import blp
from services.registry.standards.models import CancelledQualification, CertificateType, Standard, StandardReview
from services.registry.standards.rules import LEVELS, STATES
from services.registry.standards.schemas import (
    CancelledQualificationSchema,
    CertificateTypeNamesSchema,
    CertificateTypeSchema,
    NewCertificateTypeSchema,
    ReasonGivenSchema,
    ReviewedStandardSchema,
    StandardReviewSchema,
    StandardSchema,
)

TYPES = Listing(
    CertificateTypeSchema,
    CertificateType.id,
    filters={
        "code": prefix(CertificateType.code),
        "teo_id": equal(CertificateType.teo_id),
        "field": equal(CertificateType.field),
    },
    sorts={"code": CertificateType.code},
)
STANDARDS = Listing(
    StandardSchema,
    Standard.id,
    filters={
        "level": equal(Standard.level, LEVELS),
        "state": equal(Standard.state, STATES),
        "released": span(Standard.released_on),
    },
)
REVIEWS = Listing(ReviewedStandardSchema, StandardReview.id)
CANCELLED = Listing(
    CancelledQualificationSchema,
    CancelledQualification.id,
    filters={"name_zh": prefix(CancelledQualification.name_zh), "decision": equal(CancelledQualification.decision)},
)


@blp.route("/certificate-types", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewCertificateTypeSchema)
@blp.response(201, CertificateTypeSchema)
def admit_type(body: dict[str, Any]) -> dict[str, Any]:
    """Admit a certificate type that came through selection (PP-16)."""
    return _with_levels([actions.admit_type(session(), body, by=caller())])[0]


@blp.route("/certificate-types")
@public
@TYPES.door(blp)
def certificate_types(query: dict[str, Any]) -> Any:
    """The certificate types with their published levels."""
    return TYPES.answer(session(), queries.visible_types(caller_or_none()), query, view=_with_levels)


@blp.route("/certificate-types/<uuid:type_id>")
@public
@blp.response(200, CertificateTypeSchema)
def certificate_type(type_id: uuid.UUID) -> dict[str, Any]:
    """One certificate type with its published levels."""
    return _with_levels([queries.type_visible(session(), caller_or_none(), type_id)])[0]


@blp.route("/certificate-types/<uuid:type_id>", methods=["PUT"])
@allow(Role.OPERATOR)
@blp.arguments(CertificateTypeNamesSchema)
@blp.response(200, CertificateTypeSchema)
def correct_type(body: dict[str, str], type_id: uuid.UUID) -> dict[str, Any]:
    """Put a type's names right; the others hear of it when it is published."""
    return _with_levels([actions.correct_type(session(), type_id, body)])[0]


@blp.route("/certificate-types/<uuid:type_id>", methods=["DELETE"])
@allow(Role.OPERATOR)
@blp.response(204)
def withdraw_type(type_id: uuid.UUID) -> None:
    """Take back a type that was admitted by mistake and has no standard yet."""
    actions.withdraw_type(session(), type_id)


@blp.route("/certificate-types/<uuid:type_id>/standards", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(StandardSchema)
@blp.response(201, StandardSchema)
def draft_standard(body: dict[str, Any], type_id: uuid.UUID) -> Standard:
    """Lay down a version of one level's standard as a draft (PP-11)."""
    return actions.draft_standard(session(), type_id, body, by=caller())


@blp.route("/certificate-types/<uuid:type_id>/standards")
@public
@STANDARDS.door(blp)
def standards(query: dict[str, Any], type_id: uuid.UUID) -> Any:
    """A type's standards: what is or was published for anyone, drafts for its TEO and regulators."""
    return STANDARDS.answer(session(), queries.standards_visible(session(), caller_or_none(), type_id), query)


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>")
@public
@blp.response(200, StandardSchema)
def standard(type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """One standard."""
    return queries.standard_visible(session(), caller_or_none(), type_id, standard_id)


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>", methods=["PUT"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(StandardSchema)
@blp.response(200, StandardSchema)
def revise_standard(body: dict[str, Any], type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """Put a draft right; one that was sent back waits for the technical body again (PP-12)."""
    return actions.revise_standard(session(), type_id, standard_id, body, by=caller())


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>/withdrawal", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.response(200, StandardSchema)
def withdraw_standard(type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """Take back a standard that is not published yet."""
    return actions.withdraw_standard(session(), type_id, standard_id, by=caller())


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>/review", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(StandardReviewSchema)
@blp.response(200, StandardSchema)
def review_standard(body: dict[str, str], type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """The technical body approves a draft or sends it back with its opinion (PP-12)."""
    return actions.review_standard(session(), type_id, standard_id, body, by=caller())


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>/reviews")
@allow(Role.TEO, Role.OPERATOR, Role.MINISTRY)
@REVIEWS.door(blp)
def reviews(query: dict[str, Any], type_id: uuid.UUID, standard_id: uuid.UUID) -> Any:
    """Every opinion of the technical body on a standard (PP-12)."""
    return REVIEWS.answer(session(), queries.reviews_visible(session(), caller(), type_id, standard_id), query)


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>/retirement", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(ReasonGivenSchema)
@blp.response(200, CertificateTypeSchema)
def retire_standard(body: dict[str, str], type_id: uuid.UUID, standard_id: uuid.UUID) -> dict[str, Any]:
    """Take a published standard out of force; the level falls back to the version before it, if there is one."""
    return _with_levels([actions.retire_standard(session(), type_id, standard_id, body["reason"], by=caller())])[0]


@blp.route("/certificate-types/<uuid:type_id>/publication", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, CertificateTypeSchema)
def publish_type(type_id: uuid.UUID) -> dict[str, Any]:
    """Bring every reviewed standard of a type into force."""
    return _with_levels([actions.publish_type(session(), type_id, by=caller())])[0]


@blp.route("/cancelled-qualifications", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(CancelledQualificationSchema)
@blp.response(201, CancelledQualificationSchema)
def add_cancelled(body: dict[str, str]) -> CancelledQualification:
    """Bar a cancelled professional qualification (PP-16); adding it again changes nothing."""
    return actions.add_cancelled(session(), body["name_zh"], body["decision"], by=caller().client_id)


@blp.route("/cancelled-qualifications")
@public
@CANCELLED.door(blp)
def cancelled(query: dict[str, Any]) -> Any:
    """The qualifications that may not come back as certificates (PP-16)."""
    return CANCELLED.answer(session(), select(CancelledQualification), query)


def _with_levels(types: Sequence[CertificateType]) -> list[dict[str, Any]]:
    levels = queries.levels_in_force(session(), [one.id for one in types])
    names = [column.key for column in CertificateType.__table__.columns]
    return [{name: getattr(one, name) for name in names} | {"levels": levels[one.id]} for one in types]
