"""Periods that reports are about: ISO weeks, months and quarters, by the calendar in Beijing."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from services.registry.reports.errors import PeriodUnreadable

WEEK, MONTH, QUARTER = UNITS = ("week", "month", "quarter")
_WRITTEN = {
    WEEK: re.compile(r"(20[0-9]{2})-W([0-9]{2})"),
    MONTH: re.compile(r"(20[0-9]{2})-([0-9]{2})"),
    QUARTER: re.compile(r"(20[0-9]{2})-Q([1-4])"),
}
_A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days with a name, such as `2026-W09`, `2026-03` or `2026-Q1`; both days are included."""

    name: str
    begins_on: date
    ends_on: date

    def due_on(self, grace_days: int) -> date:
        """The last day on which a report about the period comes in time."""
        return self.ends_on + timedelta(days=grace_days)


def read(unit: str, name: str) -> Period:
    """The period that is written so; raise PeriodUnreadable when there is none of this unit."""
    found = _WRITTEN[unit].fullmatch(name)
    if found is None:
        raise PeriodUnreadable(f"A {unit} is written like {_example(unit)}.")
    year, number = int(found[1]), int(found[2])
    try:
        if unit == WEEK:
            return week(date.fromisocalendar(year, number, 1))
        return _months(name, year, number, 1) if unit == MONTH else _months(name, year, number * 3 - 2, 3)
    except ValueError:
        raise PeriodUnreadable(f"The year {year} has no {unit} of this number.") from None


def week(day: date) -> Period:
    """The ISO week that `day` lies in: Monday to Sunday (ISO 8601)."""
    year, number, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(f"{year}-W{number:02}", monday, monday + timedelta(days=6))


def _months(name: str, year: int, first: int, count: int) -> Period:
    begins_on = date(year, first, 1)
    after = first + count
    return Period(name, begins_on, date(year + (after > 12), (after - 1) % 12 + 1, 1) - _A_DAY)


def _example(unit: str) -> str:
    return {WEEK: "2026-W09", MONTH: "2026-03", QUARTER: "2026-Q1"}[unit]
