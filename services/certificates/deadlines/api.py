"""Doors: how timely certificates came onto the platform."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, session
from services.certificates.deadlines import queries
from services.certificates.deadlines.schemas import TimelinessSchema

blp = Blueprint("deadlines", "deadlines", url_prefix="/deadlines", description="The 7-working-day clock (OP-32)")


@blp.route("/timeliness")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@blp.response(200, TimelinessSchema)
def timeliness() -> dict[str, Any]:
    """Counts for each TEO, or the caller's own: in time, late, not yet judged."""
    return {"items": queries.timeliness(session(), caller())}
