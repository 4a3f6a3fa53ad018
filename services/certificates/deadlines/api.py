"""Doors: how timely certificates came onto the platform, what was breached, and the calendar that decides it."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, public, session
from onex.chassis.web.listing import Listing, equal, span
from services.certificates.deadlines import calendars, queries
from services.certificates.deadlines.models import Breach, CalendarNotice, EntryWarning, MonthlyTimeliness
from services.certificates.deadlines.schemas import (
    BreachSchema,
    CalendarSchema,
    ClockArguments,
    ClockSchema,
    MonthlyTimelinessSchema,
    NewNoticeSchema,
    NoticeSchema,
    TimelinessSchema,
    WarningSchema,
)

blp = Blueprint("deadlines", "deadlines", url_prefix="/deadlines", description="The 7-working-day clock (OP-32)")
MONTHS = Listing(
    MonthlyTimelinessSchema,
    MonthlyTimeliness.id,  # type: ignore[attr-defined]
    filters={
        "teo_id": equal(MonthlyTimeliness.teo_id, leads=False),  # type: ignore[attr-defined]
        "certificate_type_id": equal(MonthlyTimeliness.certificate_type_id, leads=False),  # type: ignore[attr-defined]
        "month": span(MonthlyTimeliness.month),  # type: ignore[attr-defined]
    },
)
BREACHES = Listing(
    BreachSchema,
    Breach.id,
    filters={
        "teo_id": equal(Breach.teo_id),
        "certificate_type_id": equal(Breach.certificate_type_id, leads=False),
        "issued": span(Breach.issued_on),
        "stands": equal(Breach.stands),
    },
)
WARNINGS = Listing(
    WarningSchema,
    EntryWarning.id,
    filters={
        "teo_id": equal(EntryWarning.teo_id),
        "certificate_type_id": equal(EntryWarning.certificate_type_id, leads=False),
        "due": span(EntryWarning.due_on),
    },
)
NOTICES = Listing(NoticeSchema, CalendarNotice.id, filters={"year": equal(CalendarNotice.year)})


@blp.route("/timeliness")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@blp.response(200, TimelinessSchema)
def timeliness() -> dict[str, Any]:
    """Counts for each TEO, or the caller's own: in time, late, not yet judged."""
    return {"items": queries.timeliness(session(), caller())}


@blp.route("/timeliness/months")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@MONTHS.door(blp)
def timeliness_by_month(query: dict[str, Any]) -> Any:
    """The same by TEO, certificate type and month of issue."""
    return MONTHS.answer(session(), queries.by_month(caller()), query)


@blp.route("/breaches")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@BREACHES.door(blp)
def breaches(query: dict[str, Any]) -> Any:
    """Certificates that came too late or are overdue, by TEO, type and day of issue."""
    return BREACHES.answer(session(), queries.breaches(caller()), query)


@blp.route("/warnings")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@WARNINGS.door(blp)
def warnings(query: dict[str, Any]) -> Any:
    """What was warned of: issued, not on the platform, due within the next working days."""
    return WARNINGS.answer(session(), queries.warnings(caller()), query)


@blp.route("/clock")
@public
@blp.arguments(ClockArguments, location="query")
@blp.response(200, ClockSchema)
def clock(query: dict[str, Any]) -> dict[str, Any]:
    """The last day on which a certificate issued on a day is on the platform in time."""
    return queries.clock_of(session(), query["issued_on"])


@blp.route("/calendars/<int:year>")
@public
@blp.response(200, CalendarSchema)
def calendar(year: int) -> dict[str, Any]:
    """A year's holidays and make-up working days, as clocks reckon with them."""
    return queries.calendar_of(session(), year)


@blp.route("/calendars/<int:year>/notices", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewNoticeSchema)
@blp.response(201, NoticeSchema)
def enter_notice(body: dict[str, Any], year: int) -> CalendarNotice:
    """Enter a year's notice, or correct it with a whole new one. Every certificate's clock is judged by it again."""
    return calendars.enter(session(), year, body, by=caller())


@blp.route("/notices")
@public
@NOTICES.door(blp)
def notices(query: dict[str, Any]) -> Any:
    """The notices that were entered, in every version."""
    return NOTICES.answer(session(), queries.notices(), query)
