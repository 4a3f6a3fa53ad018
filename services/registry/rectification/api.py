"""Doors: rectification orders."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.rectification import actions, queries, rules
from services.registry.rectification.models import Rectification
from services.registry.rectification.schemas import (
    DueDaySchema,
    NewRectificationSchema,
    RectificationReportSchema,
    RectificationSchema,
    RectificationWithReportsSchema,
    RemarkSchema,
    SendingBackSchema,
)

ORDERERS = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
READERS = (*ORDERERS, Role.TEO, Role.COLLEGE)
blp = Blueprint("rectification", "rectification", url_prefix="/rectifications", description="Rectification orders")
RECTIFICATIONS = Listing(
    RectificationSchema,
    Rectification.id,
    filters={
        "organization_id": equal(Rectification.organization_id),
        "state": equal(Rectification.state, rules.STATES),
        "about": equal(Rectification.about, rules.ABOUT),
        "due": span(Rectification.due_on, leads=True),
    },
    sorts={"due_on": Rectification.due_on},
)


@blp.route("", methods=["POST"])
@allow(*ORDERERS)
@blp.arguments(NewRectificationSchema)
@blp.response(201, RectificationSchema)
def order(body: dict[str, Any]) -> Rectification:
    """Order a TEO or college to put something right by a day (OP-43)."""
    return actions.order(
        session(), body["organization_id"], body["matter"], body["due_on"], by=caller(), about=body["about"]
    )


@blp.route("")
@allow(*READERS)
@RECTIFICATIONS.door(blp)
def rectifications(query: dict[str, Any]) -> Any:
    """The orders the caller may see."""
    return RECTIFICATIONS.answer(session(), queries.visible(caller()), query)


@blp.route("/<uuid:rectification_id>")
@allow(*READERS)
@blp.response(200, RectificationWithReportsSchema)
def rectification(rectification_id: uuid.UUID) -> dict[str, Any]:
    """One order with what was reported on it."""
    return _with_reports(queries.one_visible(session(), caller(), rectification_id))


@blp.route("/<uuid:rectification_id>/due-day", methods=["PUT"])
@allow(*ORDERERS)
@blp.arguments(DueDaySchema)
@blp.response(200, RectificationSchema)
def put_off(body: dict[str, Any], rectification_id: uuid.UUID) -> Rectification:
    """The orderer gives more time."""
    return actions.put_off(session(), rectification_id, body["due_on"], by=caller())


@blp.route("/<uuid:rectification_id>/reports", methods=["POST"])
@allow(Role.TEO, Role.COLLEGE)
@blp.arguments(RectificationReportSchema)
@blp.response(201, RectificationWithReportsSchema)
def report(body: dict[str, Any], rectification_id: uuid.UUID) -> dict[str, Any]:
    """The organization says what it did."""
    return _with_reports(actions.report(session(), rectification_id, body["what_was_done"], by=caller()))


@blp.route("/<uuid:rectification_id>/acceptance", methods=["POST"])
@allow(*ORDERERS)
@blp.arguments(RemarkSchema)
@blp.response(200, RectificationWithReportsSchema)
def accept(body: dict[str, Any], rectification_id: uuid.UUID) -> dict[str, Any]:
    """The orderer accepts what was reported."""
    return _with_reports(actions.accept(session(), rectification_id, body["remark"], by=caller()))


@blp.route("/<uuid:rectification_id>/sending-back", methods=["POST"])
@allow(*ORDERERS)
@blp.arguments(SendingBackSchema)
@blp.response(200, RectificationWithReportsSchema)
def send_back(body: dict[str, Any], rectification_id: uuid.UUID) -> dict[str, Any]:
    """The orderer sends the report back."""
    return _with_reports(actions.send_back(session(), rectification_id, body, by=caller()))


@blp.route("/<uuid:rectification_id>/withdrawal", methods=["POST"])
@allow(*ORDERERS)
@blp.arguments(RemarkSchema)
@blp.response(200, RectificationSchema)
def withdraw(body: dict[str, Any], rectification_id: uuid.UUID) -> Rectification:
    """The orderer takes the order back."""
    return actions.withdraw(session(), rectification_id, body["remark"], by=caller())


def _with_reports(one: Rectification) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(one, name) for name in RectificationSchema().fields}
    return shown | {"reports": queries.reports_of(session(), one.id)}
