"""Working days by the State Council's yearly notice, with its holidays and its make-up working days (weekends worked).

A day whose calendar is not published is never guessed: CalendarNotPublished says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

# A year's notice reaches back into the last days of December: that of 2019 made Saturday 2018-12-29 a working day and
# Monday 2018-12-31 a holiday. From this day on a year is settled only when the next year's notice is out as well.
NEXT_NOTICE_REACHES_BACK_TO = (12, 25)
_SATURDAY = 5


class CalendarNotPublished(Exception):
    """The State Council's calendar for `day` is not published, or not known to this version of the calendar."""

    code = "calendar_not_published"

    def __init__(self, day: date) -> None:
        super().__init__(f"no calendar of working days is published for {day.isoformat()}")
        self.day = day


@dataclass(frozen=True)
class Calendar:
    """The notices that come with `chinese_calendar`, and before them those that were entered here.

    `notices` has for each year that was entered the days its notice names, and whether each is worked. Such a year is
    taken whole from here: a day of it that is not named is worked from Monday to Friday.
    """

    notices: Mapping[int, Mapping[date, bool]] = field(default_factory=dict)
    _worked: dict[date, bool] = field(default_factory=dict, init=False, compare=False, repr=False)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked, make-up weekends included. Raises CalendarNotPublished."""
        worked = self._worked.get(day)
        if worked is None:
            worked = self._worked[day] = self._look_up(day)
        return worked

    def _look_up(self, day: date) -> bool:
        own, may_be_moved = self.notices.get(day.year), reaches_back(day)
        following = self.notices.get(day.year + 1) if may_be_moved else None
        if following is not None and day in following:
            return following[day]
        if may_be_moved and following is None:
            _ask_the_calendar(date(day.year + 1, 1, 1), about=day)
        if own is not None and day in own:
            return own[day]
        if own is None or (may_be_moved and following is None):
            return _ask_the_calendar(day, about=day)
        return day.weekday() < _SATURDAY

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count; `day` when `count` is 0.

        Raises CalendarNotPublished when a day on the way has no published calendar, ValueError for a negative count.
        """
        if count < 0:
            raise ValueError(f"cannot go back {-count} working days")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, day: date, until: date) -> int:
        """How many working days come after `day`, up to `until` and with it. Raises CalendarNotPublished."""
        return sum(self.is_working_day(day + timedelta(days=nth)) for nth in range(1, (until - day).days + 1))

    def moved_days(self, year: int) -> dict[date, bool]:
        """The days that are not as their weekday says, each with whether it is worked: those of the year, and of the
        December before where its notice reaches back. Raises CalendarNotPublished where the year has no calendar."""
        first, first_of_next = date(year - 1, *NEXT_NOTICE_REACHES_BACK_TO), date(year, *NEXT_NOTICE_REACHES_BACK_TO)
        days = [first + timedelta(days=nth) for nth in range((first_of_next - first).days)]
        worked = {day: self.is_working_day(day) for day in days}
        return {day: is_worked for day, is_worked in worked.items() if is_worked != (day.weekday() < _SATURDAY)}


PUBLISHED = Calendar()
"""What `chinese_calendar` alone knows."""


def is_working_day(day: date) -> bool:
    """Whether `day` is worked by the calendar as published, make-up weekends included. Raises CalendarNotPublished."""
    return PUBLISHED.is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` by the calendar as published: see `Calendar.add_working_days`."""
    return PUBLISHED.add_working_days(day, count)


def reaches_back(day: date) -> bool:
    """Whether the next year's notice may name this day."""
    return (day.month, day.day) >= NEXT_NOTICE_REACHES_BACK_TO


def _ask_the_calendar(day: date, *, about: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # what chinese_calendar raises for a year it has no notice of
        raise CalendarNotPublished(about) from None
