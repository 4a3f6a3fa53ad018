"""Doors: sittings."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, page, session
from services.assessment.plans.api import READERS
from services.assessment.sittings import actions, queries
from services.assessment.sittings.models import Sitting
from services.assessment.sittings.schemas import (
    NewSittingSchema,
    SittingPageSchema,
    SittingQuerySchema,
    SittingSchema,
)

blp = Blueprint("sittings", "sittings", description="Sittings of plans at filed sites")


@blp.route("/sittings", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(NewSittingSchema)
@blp.response(201, SittingSchema)
def set_sitting(body: dict[str, Any]) -> Sitting:
    """Set a sitting of one's own published plan at a filed site."""
    return actions.set_sitting(session(), body, by=caller())


@blp.route("/sittings")
@allow(*READERS)
@blp.arguments(SittingQuerySchema, location="query")
@blp.response(200, SittingPageSchema)
def sittings(query: dict[str, Any]) -> dict[str, Any]:
    """The sittings of the plans one may see, newest first."""
    return page(session(), queries.visible(caller(), query["plan_id"]), Sitting.id, query["cursor"], query["size"])
