"""Reads of how timely certificates came onto the platform."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from services.certificates.deadlines.models import EntryTally
from services.certificates.pilot.models import Teo


def timeliness(session: Session, who: Caller) -> list[dict[str, Any]]:
    """OP-32: for each TEO the caller may see, how many certificates were entered in time, late, or not yet judged."""
    counts = (
        select(
            Teo.id.label("teo_id"),
            Teo.name_zh,
            Teo.name_en,
            func.coalesce(func.sum(EntryTally.on_time), 0).label("on_time"),
            func.coalesce(func.sum(EntryTally.late), 0).label("late"),
            func.coalesce(func.sum(EntryTally.unknown), 0).label("unknown"),
        )
        .outerjoin(EntryTally, EntryTally.teo_id == Teo.id)
        .group_by(Teo.id)
        .order_by(Teo.code)
    )
    if not who.sees_everything:
        counts = counts.where(Teo.id == who.organization_id)
    return [dict(row) for row in session.execute(counts).mappings()]
