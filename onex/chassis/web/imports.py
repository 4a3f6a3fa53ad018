"""The doors of every service that takes in files row by row: what can be sent, an empty file to fill in, and sending it."""

from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from onex.chassis import jobs, rows
from onex.chassis.access import Role
from onex.chassis.rows import Imports
from onex.chassis.web import exporting
from onex.chassis.web import jobs as job_doors
from onex.chassis.web.app import runtime
from onex.chassis.web.arguments import Blueprint
from onex.chassis.web.callers import allow, caller
from onex.chassis.web.documents import answers_with
from onex.chassis.web.unit import session

SENDERS = (Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO, Role.COLLEGE)


class ImportUploadSchema(Schema):
    """A CSV or XLSX file."""

    file = Upload(required=True)


class ImportColumnSchema(Schema):
    """A column that a file of an import has."""

    name = fields.String()
    titles = fields.List(fields.String(), metadata={"description": "the headings it may have, beside its name"})
    required = fields.Boolean()


class ImportSchema(Schema):
    """Something that can be sent as a file."""

    name = fields.String()
    columns = fields.List(fields.Nested(ImportColumnSchema))


class ImportListSchema(Schema):
    """What the caller can send as files."""

    items = fields.List(fields.Nested(ImportSchema))


def blueprint(imports: Imports) -> Blueprint:
    """A new blueprint: one a service."""
    blp = Blueprint("imports", "imports", url_prefix="/imports", description="Files taken in row by row")

    @blp.route("")
    @allow(*SENDERS)
    @blp.response(200, ImportListSchema)
    def importable() -> dict[str, Any]:
        """What the caller can send as files, and with which columns."""
        return {"items": [{"name": one.name, "columns": one.sheet.columns} for one in imports.of(caller().role)]}

    @blp.route("/<string:name>/template.csv")
    @allow(*SENDERS)
    @blp.doc(responses=answers_with("text/csv", "The heading row."))
    def template(name: str) -> Response:
        """An empty file of the right columns, to fill in."""
        one = imports.named(name, caller().role)
        return exporting.template(one.name, one.sheet)

    @blp.route("/<string:name>", methods=["POST"])
    @allow(*SENDERS)
    @blp.arguments(ImportUploadSchema, location="files")
    @blp.response(202, job_doors.JobSchema)
    def send(files: dict[str, Any], name: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Send a file in CSV or XLSX. Answers with a job, which tells of every row that is refused."""
        who, upload = caller(), files["file"]
        one = imports.named(name, who.role)
        job_id = jobs.accept(
            session(),
            runtime().vault,
            rows.KIND,
            owner_id=who.organization_id,
            created_by=who.client_id,
            parameters=rows.parameters_of(one.name, who),
            source=upload.read(),
            file_name=upload.filename or None,
        )
        return job_doors.accepted(job_id)

    return blp
