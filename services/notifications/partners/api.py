"""Doors: what partners were told, for the operator."""

from typing import Any

from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, PageQuery, allow, page, session
from services.notifications.partners.models import Notice
from services.notifications.partners.schemas import NoticePageSchema

blp = Blueprint("partners", "partners", url_prefix="/notices", description="What partners were told")


@blp.route("")
@allow(Role.OPERATOR)
@blp.arguments(PageQuery, location="query")
@blp.response(200, NoticePageSchema)
def notices(arguments: dict[str, Any]) -> dict[str, Any]:
    """Every notice, newest first."""
    return page(session(), select(Notice), Notice.event_id, arguments["cursor"], arguments["size"])
