"""Doors: many inquiries at once, for employers and others who have a token."""

import os
import uuid
from typing import Any

import orjson
from flask import Response, request

from onex.chassis import clock, settings
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, runtime, session
from onex.chassis.web import jobs as job_doors
from onex.chassis.web.documents import answers_with
from onex.chassis.web.exporting import CSV_TYPE, attachment, csv_pieces
from services.certificates.inquiry import actions, queries
from services.certificates.inquiry.schemas import BATCH_REQUEST, BatchFileSchema, BatchListSchema, BatchResultsSchema

blp = Blueprint("batch inquiries", "batch inquiries", description="Inquiries about many certificates at once")
ASKERS = (Role.PARTNER, Role.COLLEGE, Role.TEO, Role.PROVINCE, Role.MINISTRY, Role.OPERATOR)
MAX_BODY_BYTES = 8 * 2**20
_CHUNK = 1_000


def batches_a_day() -> int:
    """How many batches one caller may send in 24 hours; 0 for any number. Raises SettingError."""
    meaning = "batch inquiries a caller may send in 24 hours; 0 for any number"
    return settings.read(os.environ, "ONEX_BATCH_INQUIRIES_A_DAY", int, meaning, 20)


@blp.route("/batch-inquiries", methods=["POST"])
@allow(*ASKERS)
@blp.doc(requestBody=BATCH_REQUEST)
@blp.response(202, job_doors.JobSchema)
def send() -> Any:
    """OP-32, PP-45: check up to 10,000 numbers with their holders' names: a CSV or XLSX file, or a JSON list.

    Answers with a job. No name is kept; what was found is dropped after 7 days.
    """
    request.max_content_length = MAX_BODY_BYTES
    who, read = caller(), Blueprint.ARGUMENTS_PARSER.parse
    if request.mimetype == "multipart/form-data":
        upload = read(BatchFileSchema(), request, location="files")["file"]
        form, source, file_name = "file", upload.read(), upload.filename or None
    else:
        listed = read(BatchListSchema(), request, location="json")["inquiries"]
        form, source, file_name = "json", orjson.dumps(listed), None
    job_id = actions.accept(
        session(), runtime().vault, who, batches_a_day(), form=form, source=source, file_name=file_name
    )
    return job_doors.accepted(job_id)


@blp.route("/batch-inquiries/<uuid:job_id>/results.json")
@allow(*ASKERS)
@blp.response(200, BatchResultsSchema)
def results(job_id: uuid.UUID) -> dict[str, Any]:
    """What each row found: the masked certificate with its state of now, nothing, or what is wrong with the row."""
    return {"items": queries.results(session(), caller(), job_id, clock.now())}


@blp.route("/batch-inquiries/<uuid:job_id>/results.csv")
@allow(*ASKERS)
@blp.doc(responses=answers_with(CSV_TYPE, "One line a row that was sent."))
def results_csv(job_id: uuid.UUID) -> Response:
    """The same as a CSV file."""
    rows = queries.results(session(), caller(), job_id, clock.now())
    chunks = (rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK))
    answer = attachment(f"inquiries-{job_id}.csv", b"".join(csv_pieces(queries.COLUMNS, chunks)))
    answer.headers["Cache-Control"] = "no-store"
    return answer
