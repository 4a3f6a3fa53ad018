"""Doors: rosters in, registrations out."""

import csv
import io
import uuid
from collections.abc import Iterator
from typing import Any

from flask import Response

from onex.chassis.access import Role
from onex.chassis.database import Database
from onex.chassis.web import Blueprint, PageQuery, allow, caller, exporting, page, runtime, session
from onex.chassis.web import jobs as job_doors
from onex.chassis.web.documents import answers_with
from onex.chassis.web.listing import Listing, equal
from services.assessment.pilot import queries as pilot
from services.assessment.pilot.models import Quota
from services.assessment.plans import queries as plans
from services.assessment.registrations import actions, queries, quotas
from services.assessment.registrations.models import Registration
from services.assessment.registrations.schemas import (
    PlanQuotaSchema,
    RegistrationFileQuerySchema,
    RegistrationPageSchema,
    UploadSchema,
)
from services.assessment.sittings import queries as sittings

FILE_HEADING = ("registration_number", "name", "site_code", "college_code")
QUOTAS = Listing(PlanQuotaSchema, Quota.id, filters={"college_id": equal(Quota.college_id)})
blp = Blueprint("registrations", "registrations", description="Rosters and registrations")


@blp.route("/plans/<uuid:plan_id>/rosters", methods=["POST"])
@allow(Role.TEO, Role.COLLEGE)
@blp.arguments(UploadSchema, location="files")
@blp.response(202, job_doors.JobSchema)
def send_roster(files: dict[str, Any], plan_id: uuid.UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Send a roster in CSV or XLSX: a college its own students, the TEO of the plan anyone. Answers with a job."""
    upload = files["file"]
    job_id = actions.send_roster(
        session(), runtime().vault, plan_id, upload.read(), upload.filename or None, by=caller()
    )
    return job_doors.accepted(job_id)


@blp.route("/plans/<uuid:plan_id>/registrations")
@allow(Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY)
@blp.arguments(PageQuery, location="query")
@blp.response(200, RegistrationPageSchema)
def registrations(query: dict[str, Any], plan_id: uuid.UUID) -> dict[str, Any]:
    """The plan's registrations, newest first; a college sees its own students."""
    plan = plans.one_visible(session(), plan_id, caller())
    found = page(session(), queries.of_plan(plan.id, caller()), Registration.id, query["cursor"], query["size"])
    sites = sittings.site_codes(session(), {one.sitting_id for one in found["items"]})
    colleges = pilot.codes_of(session(), {one.college_id for one in found["items"] if one.college_id})
    released = queries.released_at(session(), [one.id for one in found["items"]])
    items = [
        {
            "id": one.id,
            "number": one.number,
            "masked_name": one.masked_name,
            "candidate_kind": one.candidate_kind,
            "college_code": colleges.get(one.college_id),
            "sitting_id": one.sitting_id,
            "site_code": sites[one.sitting_id],
            "created_at": one.created_at,
            "released_at": released.get(one.id),
        }
        for one in found["items"]
    ]
    return {"items": items, "next": found["next"]}


@blp.route("/plans/<uuid:plan_id>/quotas")
@allow(Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY)
@QUOTAS.door(blp)
def plan_quotas(query: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """The quotas for the plan's type, level and year, how much is taken, and the agreed fees; a college its own."""
    plan = plans.one_visible(session(), plan_id, caller())
    return QUOTAS.answer(
        session(), quotas.of_plan(plan, caller()), query, lambda found: quotas.shown(session(), plan, found)
    )


@blp.route("/plans/<uuid:plan_id>/registrations.csv")
@allow(Role.TEO, Role.OPERATOR)
@blp.arguments(RegistrationFileQuerySchema, location="query")
@blp.doc(responses=answers_with("text/csv", "One line a registration."))
def registrations_file(query: dict[str, Any], plan_id: uuid.UUID) -> Response:
    """The plan's registrations as a CSV file: the scores' columns put beside them make the results file."""
    plan = plans.one_visible(session(), plan_id, caller())
    body = _pieces(runtime().database, plan.id, "\ufeff" if query["excel"] else "")
    return exporting.attachment(f"registrations-{plan.id}.csv", body)


def _pieces(database: Database, plan_id: uuid.UUID, mark: str) -> Iterator[str]:
    yield mark + ",".join(FILE_HEADING) + "\r\n"
    for rows in queries.stream(database, plan_id):
        piece = io.StringIO()
        csv.writer(piece).writerows(rows)
        yield piece.getvalue()
