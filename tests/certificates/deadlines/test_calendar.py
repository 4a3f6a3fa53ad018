"""The calendar with notices of its own: a year that was entered is taken whole from there."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from onex.chassis.working_days import PUBLISHED, Calendar, CalendarNotPublished
from services.certificates.deadlines import rules
from services.certificates.deadlines.errors import CalendarIncomplete, CalendarOutside

pytestmark = pytest.mark.rule("OP-32")

LAST = max(chinese_calendar.constants.holidays).year
NEXT = LAST + 1


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=nth) for nth in range(count)]


def notice(year: int, **changed: bool) -> dict[date, bool]:
    """A made-up notice: New Year, a week from 1 May, a week from 1 October, and the changes (`d0510=True`)."""
    off = [*days(date(year, 1, 1), 3), *days(date(year, 5, 1), 5), *days(date(year, 10, 1), 7)]
    named = dict.fromkeys(off, False)
    return named | {date(year, int(day[1:3]), int(day[3:])): worked for day, worked in changed.items()}


def test_a_year_without_a_calendar_is_known_once_its_notice_is_entered() -> None:
    with pytest.raises(CalendarNotPublished):
        PUBLISHED.is_working_day(date(NEXT, 3, 1))
    calendar = Calendar({NEXT: notice(NEXT)})
    ordinary = next(day for day in days(date(NEXT, 3, 1), 7) if day.weekday() == 2)
    assert calendar.is_working_day(ordinary)
    assert not calendar.is_working_day(date(NEXT, 5, 1))
    assert rules.entry_due_on(date(NEXT, 2, 1), calendar) > date(NEXT, 2, 8)


def test_the_last_week_of_a_year_waits_for_the_next_years_notice_also_where_this_years_was_entered() -> None:
    calendar = Calendar({NEXT: notice(NEXT)})
    assert calendar.is_working_day(date(NEXT, 12, 24)) in (True, False)
    with pytest.raises(CalendarNotPublished):
        calendar.is_working_day(date(NEXT, 12, 25))
    both = Calendar({NEXT: notice(NEXT), NEXT + 1: notice(NEXT + 1)})
    assert both.is_working_day(date(NEXT, 12, 31)) is (date(NEXT, 12, 31).weekday() < 5)


def test_a_notice_reaches_back_into_the_december_before_it() -> None:
    reaching = notice(NEXT) | {date(LAST, 12, 31): False}
    assert Calendar({NEXT: reaching}).is_working_day(date(LAST, 12, 31)) is False
    worked = notice(NEXT) | {date(LAST, 12, 31): True}
    assert Calendar({NEXT: worked}).is_working_day(date(LAST, 12, 31)) is True


def test_a_year_that_was_entered_is_taken_whole_from_there() -> None:
    assert not PUBLISHED.is_working_day(date(2020, 1, 31))  # the Spring Festival of 2020 was prolonged
    assert PUBLISHED.is_working_day(date(2020, 1, 19))  # a Sunday that was worked
    calendar = Calendar({2020: notice(2020)})
    assert calendar.is_working_day(date(2020, 1, 31))
    assert not calendar.is_working_day(date(2020, 1, 19))
    assert not PUBLISHED.is_working_day(date(2019, 10, 1))
    assert not calendar.is_working_day(date(2019, 10, 1)), "other years stay as they are"


@pytest.mark.parametrize(
    ("issued_on", "due_on"),
    [
        (date(2026, 9, 23), date(2026, 10, 10)),  # over the National Day; the last day is a Saturday that is worked
        (date(2026, 9, 25), date(2026, 10, 12)),  # issued on the Mid-Autumn holiday
        (date(2026, 9, 29), date(2026, 10, 14)),
        (date(2026, 2, 12), date(2026, 2, 28)),  # over the Spring Festival, to a Saturday that is worked
        (date(2026, 2, 14), date(2026, 3, 3)),  # issued on a Saturday that is worked: the day itself does not count
        (date(2026, 2, 18), date(2026, 3, 3)),  # issued in the middle of the holiday
    ],
)
def test_the_holidays_of_2026(issued_on: date, due_on: date) -> None:
    assert rules.entry_due_on(issued_on) == due_on
    assert not rules.entry_is_late(issued_on, due_on)
    assert rules.entry_is_late(issued_on, due_on + timedelta(days=1))


def test_the_days_that_are_moved_are_told() -> None:
    moved = PUBLISHED.moved_days(2026)
    assert moved[date(2026, 10, 10)] is True
    assert moved[date(2026, 10, 1)] is False
    assert date(2026, 10, 3) not in moved, "a Saturday off is nothing special"
    assert date(2018, 12, 29) in PUBLISHED.moved_days(2019), "the notice of 2019 reached back"


@pytest.mark.parametrize(
    ("today", "due_on", "warned"),
    [
        (date(2026, 3, 11), date(2026, 3, 13), True),  # two working days are left
        (date(2026, 3, 10), date(2026, 3, 13), False),
        (date(2026, 3, 13), date(2026, 3, 13), True),
        (date(2026, 3, 14), date(2026, 3, 13), False),  # it is a breach by now
        (date(2026, 9, 30), date(2026, 10, 9), True),  # a week of holidays lies between
        (date(2026, 9, 30), date(2026, 10, 10), False),  # and here a Saturday that is worked
    ],
)
def test_a_warning_is_due_when_two_working_days_are_left(today: date, due_on: date, warned: bool) -> None:
    assert rules.warning_is_due(today, due_on) is warned


def test_a_notice_names_days_of_its_own_year_and_of_the_december_before() -> None:
    rules.check_notice(2030, notice(2030) | {date(2029, 12, 31): False})
    for outside in (date(2031, 1, 1), date(2029, 12, 24), date(2028, 12, 31)):
        with pytest.raises(CalendarOutside):
            rules.check_notice(2030, notice(2030) | {outside: False})
    for year in (1999, 2100):
        with pytest.raises(CalendarOutside):
            rules.check_notice(year, notice(year))


def test_a_notice_with_too_few_days_off_is_not_believed() -> None:
    eleven = dict.fromkeys(days(date(2030, 1, 1), 11), False)
    rules.check_notice(2030, eleven)
    with pytest.raises(CalendarIncomplete):
        rules.check_notice(2030, dict(list(eleven.items())[1:]))
    with pytest.raises(CalendarIncomplete):
        rules.check_notice(2030, dict.fromkeys(days(date(2030, 1, 1), 30), True))
    # Days of the December before are not days off of the year.
    with pytest.raises(CalendarIncomplete):
        rules.check_notice(2030, dict(list(eleven.items())[1:]) | {date(2029, 12, 31): False})
