"""Doors: certificate types, their standards, and the qualifications that may not come back."""

import uuid
from collections.abc import Sequence
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, page, public, session
from onex.chassis.web.callers import caller_or_none
from services.registry.standards import actions, queries
from services.registry.standards.models import CertificateType, Standard
from services.registry.standards.schemas import (
    CancelledQualificationSchema,
    CertificateTypePageSchema,
    CertificateTypeQuery,
    CertificateTypeSchema,
    NewCertificateTypeSchema,
    ReviewSchema,
    StandardListSchema,
    StandardSchema,
)

blp = Blueprint("standards", "standards", description="Certificate types and their standards")


@blp.route("/certificate-types", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewCertificateTypeSchema)
@blp.response(201, CertificateTypeSchema)
def admit_type(body: dict[str, Any]) -> dict[str, Any]:
    """Admit a certificate type that came through selection (PP-16)."""
    return _with_levels([actions.admit_type(session(), body, by=caller())])[0]


@blp.route("/certificate-types")
@public
@blp.arguments(CertificateTypeQuery, location="query")
@blp.response(200, CertificateTypePageSchema)
def certificate_types(query: dict[str, Any]) -> dict[str, Any]:
    """The certificate types with their published levels, newest first."""
    found = queries.visible_types(caller_or_none())
    for column in ("code", "teo_id"):
        if query[column] is not None:
            found = found.where(getattr(CertificateType, column) == query[column])
    part = page(session(), found, CertificateType.id, query["cursor"], query["size"])
    return part | {"items": _with_levels(part["items"])}


@blp.route("/certificate-types/<uuid:type_id>/standards", methods=["POST"])
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(StandardSchema)
@blp.response(201, StandardSchema)
def draft_standard(body: dict[str, Any], type_id: uuid.UUID) -> Standard:
    """Lay down a version of one level's standard as a draft (PP-11)."""
    return actions.draft_standard(session(), type_id, body, by=caller())


@blp.route("/certificate-types/<uuid:type_id>/standards")
@allow(Role.TEO, Role.OPERATOR, Role.MINISTRY)
@blp.response(200, StandardListSchema)
def standards(type_id: uuid.UUID) -> dict[str, Any]:
    """Every standard of a type, oldest first; a TEO reads those of its own types."""
    return {"items": queries.standards_visible(session(), caller(), type_id)}


@blp.route("/certificate-types/<uuid:type_id>/standards/<uuid:standard_id>/review", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(ReviewSchema)
@blp.response(200, StandardSchema)
def review_standard(body: dict[str, str], type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """The technical body reviews a draft (PP-12)."""
    return actions.review_standard(session(), type_id, standard_id, body)


@blp.route("/certificate-types/<uuid:type_id>/publication", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, CertificateTypeSchema)
def publish_type(type_id: uuid.UUID) -> dict[str, Any]:
    """Bring every reviewed standard of a type into force."""
    return _with_levels([actions.publish_type(session(), type_id)])[0]


@blp.route("/cancelled-qualifications", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(CancelledQualificationSchema)
@blp.response(201, CancelledQualificationSchema)
def add_cancelled(body: dict[str, str]) -> dict[str, str]:
    """Bar a cancelled professional qualification (PP-16); adding it again changes nothing."""
    actions.add_cancelled(session(), body["name_zh"], body["decision"], by=caller().client_id)
    return body


def _with_levels(types: Sequence[CertificateType]) -> list[dict[str, Any]]:
    levels = queries.levels_in_force(session(), [one.id for one in types])
    names = [column.key for column in CertificateType.__table__.columns]
    return [{name: getattr(one, name) for name in names} | {"levels": levels[one.id]} for one in types]
