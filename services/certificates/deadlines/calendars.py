"""The working days as they stand: what `chinese_calendar` brings, and the notices that operators entered."""

from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.working_days import Calendar
from services.certificates.deadlines import rules
from services.certificates.deadlines.errors import CalendarUnchanged
from services.certificates.deadlines.models import CalendarNotice

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.deadlines.calendar'))")
_OLDEST_FIRST = select(CalendarNotice.year, CalendarNotice.days).order_by(CalendarNotice.year, CalendarNotice.version)


def in_force(session: Session) -> Calendar:
    """The calendar by which clocks run now: the newest notice of each year that was entered, `chinese_calendar` otherwise."""
    return Calendar({year: of_texts(days) for year, days in session.execute(_OLDEST_FIRST)})


def newest(session: Session, year: int) -> CalendarNotice | None:
    """The notice in force of a year, None where none was entered."""
    of_year = select(CalendarNotice).where(CalendarNotice.year == year)
    return session.scalar(of_year.order_by(CalendarNotice.version.desc()).limit(1))


def enter(session: UnitOfWork, year: int, body: dict[str, Any], *, by: Caller) -> CalendarNotice:
    """OP-32: a year's notice, whole, in the place of all that was known of the year. Every clock is judged again by it.

    Raises CalendarOutside, CalendarIncomplete; CalendarUnchanged where the newest notice names the same days by the same
    document.
    """
    named = {one["day"]: one["worked"] for one in body["days"]}
    rules.check_notice(year, named)
    session.execute(_ONE_AT_A_TIME)
    before = newest(session, year)
    if before and (of_texts(before.days), before.source_number) == (named, body["source_number"]):
        raise CalendarUnchanged()
    notice = CalendarNotice(
        id=new_id(),
        year=year,
        version=before.version + 1 if before else 1,
        source_number=body["source_number"],
        published_on=body["published_on"],
        days={day.isoformat(): worked for day, worked in sorted(named.items())},
        entered_by=by.client_id,
        entered_at=clock.now(),
    )
    session.add(notice)
    session.flush()
    return notice


def unsettled(session: Session) -> list[CalendarNotice]:
    """The notices by which not all certificates are judged yet."""
    return list(session.scalars(select(CalendarNotice).where(CalendarNotice.settled_at.is_(None))))


def of_texts(days: dict[str, bool]) -> dict[date, bool]:
    """Named days as they are kept, as days."""
    return {date.fromisoformat(day): worked for day, worked in days.items()}
