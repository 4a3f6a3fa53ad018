"""Doors: results in, published, and read by their learners."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.problems import Forbidden
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, runtime, session
from onex.chassis.web import jobs as job_doors
from services.assessment.plans import queries as plans
from services.assessment.registrations.schemas import UploadSchema
from services.assessment.results import actions, annulment_queries, queries
from services.assessment.results.models import Result
from services.assessment.results.schemas import OwnResultPageSchema, SummarySchema

blp = Blueprint("results", "results", description="Results and their publication")


@blp.route("/plans/<uuid:plan_id>/results", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(UploadSchema, location="files")
@blp.response(202, job_doors.JobSchema)
def send_results(files: dict[str, Any], plan_id: uuid.UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Send a results file in CSV or XLSX: registration_number (报名号) and a column a component. Answers with a job."""
    upload = files["file"]
    job_id = actions.send_results(
        session(), runtime().vault, plan_id, upload.read(), upload.filename or None, by=caller()
    )
    return job_doors.accepted(job_id)


@blp.route("/plans/<uuid:plan_id>/results/publication", methods=["POST"])
@allow(Role.TEO)
@blp.response(202, job_doors.JobSchema)
def publish(plan_id: uuid.UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Publish the plan's results as they are now, for good. Answers with a job."""
    return job_doors.accepted(actions.publish(session(), runtime().vault, plan_id, by=caller()))


@blp.route("/plans/<uuid:plan_id>/results/summary")
@allow(Role.TEO, Role.OPERATOR, Role.MINISTRY)
@blp.response(200, SummarySchema)
def summary(plan_id: uuid.UUID) -> dict[str, int]:
    """How many are registered, have a result, passed, are published, were annulled."""
    return queries.summary(plans.one_visible(session(), plan_id, caller()))


@blp.route("/my-results")
@allow(Role.LEARNER)
@blp.arguments(PageQuery, location="query")
@blp.response(200, OwnResultPageSchema)
def my_results(query: dict[str, Any]) -> dict[str, Any]:
    """One's own published results, newest first."""
    learner_id = caller().learner_id
    if learner_id is None:
        raise Forbidden("The token names no learner.")
    found = page(session(), queries.of_learner(learner_id), Result.id, query["cursor"], query["size"])
    about = queries.assessed_in(session(), found["items"])
    annulled = annulment_queries.annulled_of(session(), [one.id for one in found["items"]])
    items = [queries.own_result(one, about[one.registration_id], annulled.get(one.id)) for one in found["items"]]
    return {"items": items, "next": found["next"]}
