"""Working days by the State Council's yearly notice, with its holidays and its make-up working days (weekends worked).

A day whose calendar is not published is never guessed: CalendarNotPublished says so.
"""

from datetime import date, timedelta

import chinese_calendar

# A year's notice reaches back into the last days of December: that of 2019 made Saturday 2018-12-29 a working day and
# Monday 2018-12-31 a holiday. From this day on a year is settled only when the next year's notice is out as well.
_NEXT_NOTICE_REACHES_BACK_TO = (12, 25)


class CalendarNotPublished(Exception):
    """The State Council's calendar for `day` is not published, or not known to this version of the calendar."""

    code = "calendar_not_published"

    def __init__(self, day: date) -> None:
        super().__init__(f"no calendar of working days is published for {day.isoformat()}")
        self.day = day


def is_working_day(day: date) -> bool:
    """Whether `day` is worked, make-up weekends included. Raises CalendarNotPublished."""
    if (day.month, day.day) >= _NEXT_NOTICE_REACHES_BACK_TO:
        _ask_the_calendar(date(day.year + 1, 1, 1), about=day)
    return _ask_the_calendar(day, about=day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which itself does not count; `day` when `count` is 0.

    Raises CalendarNotPublished when a day on the way has no published calendar, ValueError for a negative count.
    """
    if count < 0:
        raise ValueError(f"cannot go back {-count} working days")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def _ask_the_calendar(day: date, *, about: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # what chinese_calendar raises for a year it has no notice of
        raise CalendarNotPublished(about) from None
