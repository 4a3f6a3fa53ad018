"""Doors: certificates that were issued elsewhere come in, by file or by machine (OP-31, OP-32)."""

import uuid
from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from onex.chassis.access import Role
from onex.chassis.problems import Malformed
from onex.chassis.web import Blueprint, allow, caller, exporting, runtime, session
from onex.chassis.web import jobs as job_doors
from onex.chassis.web.documents import answers_with
from onex.chassis.web.listing import Listing, equal, span
from services.certificates.elsewhere import actions, json_rows, queries
from services.certificates.elsewhere.models import Announcement
from services.certificates.elsewhere.schemas import (
    AnnouncementSchema,
    CorrectedAnnouncementSchema,
    ElsewhereCertificateSchema,
    ElsewhereRowSchema,
    ElsewhereSenderSchema,
    ElsewhereUploadSchema,
    NewAnnouncementSchema,
)
from services.certificates.elsewhere.sheet import ELSEWHERE
from services.certificates.issuing.models import Certificate

blp = Blueprint("elsewhere", "elsewhere", url_prefix="/elsewhere", description="Certificates issued elsewhere")
ENTERED = Listing(
    ElsewhereCertificateSchema,
    Certificate.id,
    filters={
        "teo_id": equal(Certificate.teo_id),
        "certificate_type_id": equal(Certificate.certificate_type_id, leads=False),
        "college_id": equal(Certificate.college_id, leads=False),
        "foreign_number": equal(Certificate.foreign_number),
        "issued": span(Certificate.issued_on),
        "entered_late": equal(Certificate.entered_late),
    },
)
ANNOUNCED = Listing(
    AnnouncementSchema,
    Announcement.id,
    filters={
        "teo_id": equal(Announcement.teo_id),
        "certificate_type_id": equal(Announcement.certificate_type_id, leads=False),
        "issued": span(Announcement.issued_on),
        "complete": equal(Announcement.complete),
    },
)


@blp.route("/files", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.arguments(ElsewhereSenderSchema, location="query")
@blp.arguments(ElsewhereUploadSchema, location="files")
@blp.response(202, job_doors.JobSchema)
def send_file(query: dict[str, Any], files: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Send certificates that were issued elsewhere, in CSV, XLSX or JSON. Answers with a job, which tells of refused rows."""
    upload = files["file"]
    return _send(upload.read(), upload.filename or None, query["teo_id"])


@blp.route("/certificates", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.arguments(ElsewhereSenderSchema, location="query")
@blp.doc(
    requestBody={
        "required": True,
        "content": {"application/json": {"schema": {"type": "array", "minItems": 1, "items": ElsewhereRowSchema}}},
    }
)
@blp.response(202, job_doors.JobSchema)
def send_array(query: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The same for machines: an array of objects, 1 to 1,000,000 of them. A refused row is told by its place, the first is 1."""
    body = request.get_data()
    if not request.is_json:
        raise UnsupportedMediaType("The body must be JSON, sent as application/json.")
    if not json_rows.is_readable(body):
        raise Malformed("An array of objects is expected.")
    return _send(body, None, query["teo_id"])


@blp.route("/certificates")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO, Role.COLLEGE)
@ENTERED.door(blp)
def entered(query: dict[str, Any]) -> Any:
    """Certificates that were issued elsewhere and entered here."""
    return ENTERED.answer(session(), queries.entered(caller()), query)


@blp.route("/template.csv")
@allow(Role.OPERATOR, Role.TEO)
@blp.doc(responses=answers_with("text/csv", "The heading row."))
def template() -> Response:
    """An empty file of the right columns, to fill in."""
    return exporting.template("certificates-issued-elsewhere", ELSEWHERE)


@blp.route("/announcements", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.arguments(NewAnnouncementSchema)
@blp.response(201, AnnouncementSchema)
def announce(body: dict[str, Any]) -> Announcement:
    """Say how many certificates of a type were issued on a day: they are awaited, and warned of before they are due."""
    return actions.announce(session(), body, by=caller())


@blp.route("/announcements")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@ANNOUNCED.door(blp)
def announcements(query: dict[str, Any]) -> Any:
    """What was announced."""
    return ANNOUNCED.answer(session(), queries.announcements(caller()), query)


@blp.route("/announcements/<uuid:announcement_id>/correction", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.arguments(CorrectedAnnouncementSchema)
@blp.response(200, AnnouncementSchema)
def correct(body: dict[str, Any], announcement_id: uuid.UUID) -> Announcement:
    """Say the right number. Once it was due, only an operator may."""
    return actions.correct(session(), announcement_id, body["count"], by=caller())


def _send(source: bytes, file_name: str | None, teo_id: uuid.UUID | None) -> tuple[dict[str, Any], int, dict[str, str]]:
    rt = runtime()
    job_id = actions.send(session(), rt.vault, rt.settings.public_url, source, file_name, teo_id, by=caller())
    return job_doors.accepted(job_id)
