"""Doors: assessment plans."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, page, session
from services.assessment.plans import actions, queries
from services.assessment.plans.models import Plan
from services.assessment.plans.schemas import NewPlanSchema, PlanPageSchema, PlanQuerySchema, PlanSchema

READERS = (Role.TEO, Role.COLLEGE, Role.PROVINCE, Role.OPERATOR, Role.MINISTRY)
blp = Blueprint("plans", "plans", description="Assessment plans")


@blp.route("/plans", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(NewPlanSchema)
@blp.response(201, PlanSchema)
def draft(body: dict[str, Any]) -> Plan:
    """Draft a plan for a level of one's own certificate type."""
    return actions.draft(session(), body, by=caller())


@blp.route("/plans/<uuid:plan_id>/publication", methods=["POST"])
@allow(Role.TEO)
@blp.response(200, PlanSchema)
def publish(plan_id: uuid.UUID) -> Plan:
    """Publish a plan."""
    return actions.publish(session(), plan_id, by=caller())


@blp.route("/plans")
@allow(*READERS)
@blp.arguments(PlanQuerySchema, location="query")
@blp.response(200, PlanPageSchema)
def plans(query: dict[str, Any]) -> dict[str, Any]:
    """The plans one may see, newest first."""
    found = queries.visible(caller(), state=query["state"], year=query["year"])
    return page(session(), found, Plan.id, query["cursor"], query["size"])


@blp.route("/plans/<uuid:plan_id>")
@allow(*READERS)
@blp.response(200, PlanSchema)
def plan(plan_id: uuid.UUID) -> Plan:
    """One plan."""
    return queries.one_visible(session(), plan_id, caller())
