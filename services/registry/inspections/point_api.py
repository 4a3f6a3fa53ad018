"""Doors: monitoring points."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.listing import Listing, equal
from services.registry.inspections import points, queries, rules
from services.registry.inspections.blueprint import blp
from services.registry.inspections.models import MonitoringDraw, MonitoringPoint
from services.registry.inspections.schemas import (
    InspectionReasonSchema,
    MonitoringDrawSchema,
    MonitoringDrawWithCandidatesSchema,
    MonitoringPointSchema,
    NewMonitoringDrawSchema,
)

DRAWS = Listing(
    MonitoringDrawSchema,
    MonitoringDraw.id,
    filters={"certificate_type_id": equal(MonitoringDraw.certificate_type_id)},
)
POINTS = Listing(
    MonitoringPointSchema,
    MonitoringPoint.id,
    filters={
        "certificate_type_id": equal(MonitoringPoint.certificate_type_id),
        "college_id": equal(MonitoringPoint.college_id),
        "province_code": equal(MonitoringPoint.province_code),
        "state": equal(MonitoringPoint.state, rules.POINT_STATES),
    },
)


@blp.route("/monitoring-draws", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(NewMonitoringDrawSchema)
@blp.response(201, MonitoringDrawWithCandidatesSchema)
def draw_points(body: dict[str, Any]) -> dict[str, Any]:
    """Draw about ten monitoring points for a type, spread over the provinces (OP-38)."""
    return _in_full(points.draw_points(session(), body, by=caller()))


@blp.route("/monitoring-draws")
@public
@DRAWS.door(blp)
def monitoring_draws(query: dict[str, Any]) -> Any:
    """How monitoring points were drawn."""
    return DRAWS.answer(session(), select(MonitoringDraw), query)


@blp.route("/monitoring-draws/<uuid:draw_id>")
@public
@blp.response(200, MonitoringDrawWithCandidatesSchema)
def monitoring_draw(draw_id: uuid.UUID) -> dict[str, Any]:
    """One draw with all that is needed to repeat it."""
    return _in_full(queries.monitoring_draw(session(), draw_id))


@blp.route("/monitoring-points")
@public
@POINTS.door(blp)
def monitoring_points(query: dict[str, Any]) -> Any:
    """Where which types are watched."""
    return POINTS.answer(session(), select(MonitoringPoint), query)


@blp.route("/monitoring-points/<uuid:point_id>/replacement", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(InspectionReasonSchema)
@blp.response(201, MonitoringPointSchema)
def replace(body: dict[str, Any], point_id: uuid.UUID) -> MonitoringPoint:
    """End a point for a reason; the next of the drawn order takes its place (OP-38)."""
    return points.replace(session(), point_id, body["because"], by=caller())


def _in_full(drawn: MonitoringDraw) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(drawn, name) for name in MonitoringDrawSchema().fields}
    return shown | {"candidates": drawn.candidates, "drawn": points.order(drawn)}
