"""Doors: draws that anyone can repeat, and inspections with their results (PP-28)."""

import uuid
from typing import Any

from sqlalchemy import select

import services.registry.inspections.inspector_api
import services.registry.inspections.point_api  # noqa: F401  each puts its doors on the area's blueprint
from onex.chassis.web import allow, caller, public, runtime, session
from onex.chassis.web.listing import Listing, equal
from services.registry.inspections import actions, queries, rules
from services.registry.inspections.blueprint import REGULATORS, blp
from services.registry.inspections.models import Inspection, InspectionDraw
from services.registry.inspections.schemas import (
    InspectionDrawInFullSchema,
    InspectionDrawSchema,
    InspectionOrderSchema,
    InspectionReasonSchema,
    InspectionResultSchema,
    InspectionSchema,
    InspectionWithFindingsSchema,
    NewInspectionDrawSchema,
    RevealSchema,
)

DRAWS = Listing(
    InspectionDrawSchema,
    InspectionDraw.id,
    filters={
        "state": equal(InspectionDraw.state, rules.DRAW_STATES),
        "province_code": equal(InspectionDraw.province_code),
    },
)
INSPECTIONS = Listing(
    InspectionSchema,
    Inspection.id,
    filters={
        "draw_id": equal(Inspection.draw_id),
        "organization_id": equal(Inspection.organization_id),
        "province_code": equal(Inspection.province_code),
        "state": equal(Inspection.state, rules.INSPECTION_STATES),
    },
)


@blp.route("/inspection-draws", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(NewInspectionDrawSchema)
@blp.response(201, InspectionDrawInFullSchema)
def commit_draw(body: dict[str, Any]) -> dict[str, Any]:
    """Freeze who may be drawn and publish the commitment to the seed (PP-28)."""
    return _in_full(actions.commit_draw(session(), runtime().vault, body, by=caller()))


@blp.route("/inspection-draws")
@public
@DRAWS.door(blp)
def draws(query: dict[str, Any]) -> Any:
    """Every draw there is, those to come and those cancelled too."""
    return DRAWS.answer(session(), select(InspectionDraw), query)


@blp.route("/inspection-draws/<uuid:draw_id>")
@public
@blp.response(200, InspectionDrawInFullSchema)
def inspection_draw(draw_id: uuid.UUID) -> dict[str, Any]:
    """One draw with all that is needed to repeat it."""
    return _in_full(queries.inspection_draw(session(), draw_id))


@blp.route("/inspection-draws/<uuid:draw_id>/reveal", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(RevealSchema)
@blp.response(200, InspectionDrawInFullSchema)
def reveal(body: dict[str, Any], draw_id: uuid.UUID) -> dict[str, Any]:
    """Publish the seed and hold the draw (PP-28)."""
    return _in_full(actions.reveal(session(), runtime().vault, draw_id, body["public_value"], by=caller()))


@blp.route("/inspection-draws/<uuid:draw_id>/cancellation", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(InspectionReasonSchema)
@blp.response(200, InspectionDrawInFullSchema)
def cancel(body: dict[str, Any], draw_id: uuid.UUID) -> dict[str, Any]:
    """Say why a draw is not held; its seed is published too."""
    return _in_full(actions.cancel(session(), runtime().vault, draw_id, body["because"], by=caller()))


@blp.route("/inspections")
@public
@INSPECTIONS.door(blp)
def inspections(query: dict[str, Any]) -> Any:
    """The inspections that were drawn, and their results (PP-28)."""
    return INSPECTIONS.answer(session(), select(Inspection), query)


@blp.route("/inspections/<uuid:inspection_id>")
@public
@blp.response(200, InspectionWithFindingsSchema)
def inspection(inspection_id: uuid.UUID) -> dict[str, Any]:
    """One inspection with what it found."""
    return _with_findings(queries.one_inspection(session(), inspection_id))


@blp.route("/inspections/<uuid:inspection_id>/result", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(InspectionResultSchema)
@blp.response(200, InspectionWithFindingsSchema)
def record_result(body: dict[str, Any], inspection_id: uuid.UUID) -> dict[str, Any]:
    """Record what a visit found, for everyone to read (PP-28)."""
    return _with_findings(actions.record_result(session(), inspection_id, body, by=caller()))


@blp.route("/inspections/<uuid:inspection_id>/findings/<uuid:finding_id>/rectification", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(InspectionOrderSchema)
@blp.response(200, InspectionWithFindingsSchema)
def order_rectification(body: dict[str, Any], inspection_id: uuid.UUID, finding_id: uuid.UUID) -> dict[str, Any]:
    """Order the organization to put a finding right (OP-43)."""
    return _with_findings(
        actions.order_rectification(session(), inspection_id, finding_id, body["matter"], body["due_on"], by=caller())
    )


def _in_full(drawn: InspectionDraw) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(drawn, name) for name in InspectionDrawSchema().fields}
    visits = [
        {"inspection_id": one.id, "organization_id": one.organization_id, "inspectors": one.inspectors}
        for one in queries.visits_of(session(), drawn.id)
    ]
    return shown | {"candidates": drawn.candidates, "inspectors": drawn.inspectors, "visits": visits}


def _with_findings(one: Inspection) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(one, name) for name in InspectionSchema().fields}
    return shown | {"findings": queries.findings_of(session(), one.id)}
