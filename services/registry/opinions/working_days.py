"""The working days in which an opinion is answered (OP-40), by the State Council's yearly calendar. Nothing is guessed."""

from datetime import date, timedelta

import chinese_calendar

ANSWER_WORKING_DAYS = 15
"""OP-40 says "in time" and names no number; 15 working days is what citizens' hotlines promise for matters to look into."""


def answer_due_on(received_on: date) -> date | None:
    """OP-40: the last day for the answer; None while the calendar of a day on the way is not published."""
    day, left = received_on, ANSWER_WORKING_DAYS
    try:
        while left:
            day += timedelta(days=1)
            if (day.month, day.day) >= (12, 25):  # the next year's notice may still move these days
                chinese_calendar.is_workday(date(day.year + 1, 1, 1))
            left -= chinese_calendar.is_workday(day)
    except NotImplementedError:  # a year without a notice
        return None
    return day
