"""The doors every service with bulk work has: a job's progress, and its refused rows as a CSV file."""

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import text

from onex.chassis import jobs
from onex.chassis.access import Caller, Role
from onex.chassis.bulk import report_csv
from onex.chassis.problems import NotFound
from onex.chassis.web import exporting
from onex.chassis.web.app import runtime
from onex.chassis.web.arguments import Blueprint
from onex.chassis.web.callers import allow, caller
from onex.chassis.web.documents import answers_with
from onex.chassis.web.unit import session

# Not all of it: a job that is not done has its whole file with it, and is asked for every few seconds.
_JOB = text(
    "SELECT id, kind, owner_id, created_by, state, file_name, total, position, accepted, unchanged, refused,"
    " failure_code, failure, failure_zh, created_at, finished_at FROM job WHERE id = :id"
)


class JobSchema(Schema):
    """How far a job is. `refused` counts rows; the report names each cell."""

    id = fields.UUID()
    kind = fields.String()
    state = fields.String(metadata={"enum": ["queued", "running", "done", "failed"]})
    file_name = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True, metadata={"description": "rows or items, when it is known"})
    position = fields.Integer()
    accepted = fields.Integer()
    unchanged = fields.Integer(metadata={"description": "rows that were there already"})
    refused = fields.Integer()
    failure_code = fields.String(allow_none=True)
    failure = fields.String(allow_none=True)
    failure_zh = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)
    refusals_url = fields.String()


def accepted(job_id: uuid.UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The 202 answer of a door that made a job."""
    view = _view(job_id)
    return view, 202, {"Location": _url(job_id)}


def blueprint() -> Blueprint:
    """A new blueprint: one a service."""
    blp = Blueprint("jobs", "jobs", url_prefix="/jobs", description="Bulk work and its reports")

    @blp.route("/<uuid:job_id>")
    @allow(*Role)
    @blp.response(200, JobSchema)
    def job(job_id: uuid.UUID) -> dict[str, Any]:
        """How far a job is."""
        return _view(job_id)

    @blp.route("/<uuid:job_id>/refusals.csv")
    @allow(*Role)
    @blp.doc(responses=answers_with("text/csv", "One line a refused cell."))
    def job_refusals(job_id: uuid.UUID) -> Response:
        """The refused rows: row, column, code, reason in English and Chinese."""
        _view(job_id)
        lines = report_csv(jobs.refusals(session(), job_id))
        body = exporting.written_first(piece.encode() for piece in lines)
        return exporting.attachment(f"refusals-{job_id}.csv", body)

    return blp


def _url(job_id: uuid.UUID) -> str:
    return f"/{runtime().settings.service}/v1/jobs/{job_id}"


def _is_owner(owner_id: uuid.UUID | None, who: Caller) -> bool:
    return owner_id is not None and owner_id == who.organization_id  # whoever has no organization owns no ownerless job


def _view(job_id: uuid.UUID) -> dict[str, Any]:
    row = session().execute(_JOB, {"id": job_id}).mappings().first()
    who = caller()
    if row is None or not (
        who.sees_everything or row["created_by"] == who.client_id or _is_owner(row["owner_id"], who)
    ):
        raise NotFound()
    return dict(row) | {"refusals_url": f"{_url(job_id)}/refusals.csv"}
