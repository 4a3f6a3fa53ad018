"""Reads of how timely certificates came onto the platform."""

from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.working_days import CalendarNotPublished
from services.certificates.deadlines import calendars
from services.certificates.deadlines.clocks import Clocks
from services.certificates.deadlines.errors import NoCalendar
from services.certificates.deadlines.models import Breach, CalendarNotice, EntryTally, EntryWarning, MonthlyTimeliness
from services.certificates.deadlines.rules import is_a_year
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


def by_month(who: Caller) -> Select[MonthlyTimeliness]:
    """The counts of each TEO's types and months of issue, within what the caller may see."""
    every = select(MonthlyTimeliness)
    if who.sees_everything:
        return every
    own = MonthlyTimeliness.teo_id == who.organization_id  # type: ignore[attr-defined]
    return every.where(own if who.role is Role.TEO else false())


def breaches(who: Caller) -> Select[Breach]:
    """OP-32: what came late or is overdue, within what the caller may see."""
    return _visible_to(who, Breach)


def warnings(who: Caller) -> Select[EntryWarning]:
    """OP-32: what was warned of, within what the caller may see."""
    return _visible_to(who, EntryWarning)


def notices() -> Select[CalendarNotice]:
    """Every notice that was entered; calendars are public."""
    return select(CalendarNotice)


def clock_of(session: Session, issued_on: date) -> dict[str, Any]:
    """OP-32: when a certificate issued on this day is due, by the calendar as it stands; None while it is not published."""
    return {"issued_on": issued_on, "due_on": Clocks(calendars.in_force(session)).due_on(issued_on)}


def calendar_of(session: Session, year: int) -> dict[str, Any]:
    """A year's days that are not as their weekday says, and where that is from. Raises NoCalendar."""
    if not is_a_year(year):
        raise NoCalendar()
    calendar, notice = calendars.in_force(session), calendars.newest(session, year)
    try:
        moved = calendar.moved_days(year)
    except CalendarNotPublished:
        raise NoCalendar(f"No calendar of {year} is known here.") from None
    return {
        "year": year,
        "version": notice.version if notice else 0,
        "source_number": notice.source_number if notice else None,
        "settled": notice is None or notice.settled_at is not None,
        "days": [{"day": day, "worked": worked} for day, worked in moved.items()],
    }


def _visible_to(who: Caller, entity: Any) -> Select[Any]:
    return seen_by(who, select(entity), {Role.TEO: entity.teo_id})
