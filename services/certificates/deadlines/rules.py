"""The 7-working-day clock of a certificate's entry on the platform (OP-32). Days are days in Beijing."""

from collections.abc import Mapping
from datetime import date

from onex.chassis.working_days import PUBLISHED, Calendar, reaches_back
from services.certificates.deadlines.errors import CalendarIncomplete, CalendarOutside

ENTRY_WORKING_DAYS = 7
WARNED_WORKING_DAYS = 2
"""A warning is given when so many working days are left, or fewer: OP-32 names no number."""
LEAST_DAYS_OFF = 11
"""So many holidays a year the State Council's rules on public holidays had when they had fewest (2014 to 2024)."""


def entry_due_on(issued_on: date, calendar: Calendar = PUBLISHED) -> date:
    """OP-32: the last day on which the information of a certificate issued on `issued_on` is on the platform in time.

    Raises CalendarNotPublished when a day up to then has no published calendar of working days.
    """
    return calendar.add_working_days(issued_on, ENTRY_WORKING_DAYS)


def in_time_whatever_the_calendar(issued_on: date, entered_on: date) -> bool:
    """OP-32: 7 working days are never fewer than 7 days, so an entry within a week is in time by any calendar."""
    return (entered_on - issued_on).days <= ENTRY_WORKING_DAYS


def entry_is_late(issued_on: date, entered_on: date, calendar: Calendar = PUBLISHED) -> bool:
    """OP-32: whether an entry on `entered_on` breaches the clock.

    Raises CalendarNotPublished only when the answer depends on it.
    """
    return not in_time_whatever_the_calendar(issued_on, entered_on) and entered_on > entry_due_on(issued_on, calendar)


def warning_is_due(today: date, due_on: date, calendar: Calendar = PUBLISHED) -> bool:
    """OP-32: whether what is not on the platform yet is to be warned of: due today or in the next few working days."""
    return today <= due_on and calendar.working_days_between(today, due_on) <= WARNED_WORKING_DAYS


def is_a_year(year: int) -> bool:
    """Whether certificates may be issued in it: their numbers have room for 2000 to 2099."""
    return 2000 <= year < 2100


def check_notice(year: int, days: Mapping[date, bool]) -> None:
    """The days a year's notice names lie in its year, or in the last days of the year before, and are not too few.

    What a notice leaves out counts as an ordinary day. So one that names fewer days off than a year has public holidays is
    not whole, and would make clocks run too fast in silence. Raises CalendarOutside, CalendarIncomplete.
    """
    if not is_a_year(year):
        raise CalendarOutside("Years are 2000 to 2099.")
    outside = [day for day in days if day.year != year and not (day.year == year - 1 and reaches_back(day))]
    if outside:
        raise CalendarOutside(f"The notice of {year} cannot name {min(outside).isoformat()}.", column="days")
    off = sum(not worked for day, worked in days.items() if day.year == year)
    if off < LEAST_DAYS_OFF:
        raise CalendarIncomplete(
            f"The notice of {year} names {off} days off; a year has {LEAST_DAYS_OFF} at the least."
        )
