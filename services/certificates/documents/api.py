"""Doors: a certificate as PDF and as picture, and the documents of a whole sitting as one ZIP file.

A document shows its holder's full name, so none of it is public.
"""

import uuid
from typing import Any

from flask import Response

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, runtime, session
from onex.chassis.web import jobs as job_doors
from onex.chassis.web.documents import answers_with
from services.certificates.documents import archive, bundles, queries, sending
from services.certificates.documents.press import Pressroom
from services.certificates.documents.queries import Ready
from services.certificates.documents.schemas import BundleOrderSchema, PictureQuery
from services.certificates.issuing import queries as certificates

blp = Blueprint("documents", "documents", description="Certificates on paper")
_PRESSROOM = Pressroom()


@blp.route("/certificates/<number>/document.pdf")
@allow(Role.OPERATOR, Role.TEO, Role.COLLEGE, Role.LEARNER)
@blp.doc(responses=answers_with("application/pdf", "PDF/A-3a, one page, with the credential as it was signed in it."))
def document(number: str) -> Response:
    """The certificate on an A4 page. One that is not valid is marked so, and names what replaced it."""
    one = _ready(number)
    made = _PRESSROOM.make(lambda press: press.pdf(one.face, one.attached))
    return _answer(made, "application/pdf", f"{one.certificate.number}.pdf")


@blp.route("/certificates/<number>/document.png")
@allow(Role.OPERATOR, Role.TEO, Role.COLLEGE, Role.LEARNER)
@blp.arguments(PictureQuery, location="query")
@blp.doc(responses=answers_with("image/png", "The picture."))
def picture(query: dict[str, Any], number: str) -> Response:
    """The certificate as a picture to share, with its QR code."""
    one = _ready(number)
    made = _PRESSROOM.make(lambda press: press.png(one.face, query["form"]))
    return _answer(made, "image/png", f"{one.certificate.number}.png")


@blp.route("/documents/bundles", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO, Role.COLLEGE)
@blp.arguments(BundleOrderSchema)
@blp.response(202, job_doors.JobSchema)
def order_bundle(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Have the documents of a sitting's certificates made; a college those of its own students. Answers with a job."""
    rt = runtime()
    job_id = bundles.order(session(), rt.vault, rt.settings.public_url, body["sitting_id"], by=caller())
    session().flush()
    return job_doors.accepted(job_id)


@blp.route("/documents/bundles/<uuid:job_id>/certificates.zip")
@allow(Role.OPERATOR, Role.TEO, Role.COLLEGE)
@blp.doc(responses=answers_with("application/zip", "A PDF for each valid certificate, and a list of all."))
def bundle(job_id: uuid.UUID) -> Response:
    """The documents that a job has made. They are kept for a day."""
    found = bundles.finished(session(), job_id, by=caller())
    body = archive.pieces(sending.entries(runtime().database, runtime().vault, found.id))
    return _answer(body, "application/zip", f"certificates-{found.sitting_id}.zip")


def _ready(number: str) -> Ready:
    certificate = certificates.by_number(session(), caller(), number)
    (one,) = queries.ready(session(), runtime().vault, runtime().settings.public_url, [certificate.id])
    return one


def _answer(body: Any, content_type: str, file: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return Response(body, content_type=content_type, headers=headers)
