"""OP-32: a certificate's information is on the platform within 7 working days after issue."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from onex.chassis.working_days import CalendarNotPublished
from services.certificates.deadlines.rules import entry_due_on, entry_is_late

pytestmark = pytest.mark.rule("OP-32")

LAST = max(chinese_calendar.constants.holidays).year

DUE = [
    (date(2019, 4, 29), date(2019, 5, 10)),
    (date(2019, 9, 27), date(2019, 10, 12)),  # a Saturday
    (date(2020, 1, 20), date(2020, 2, 6)),
    (date(2025, 9, 28), date(2025, 10, 14)),
    (date(2026, 2, 12), date(2026, 2, 28)),  # a Saturday
]


@pytest.mark.parametrize(("issued_on", "due_on"), DUE)
def test_an_entry_is_due_seven_working_days_after_issue(issued_on: date, due_on: date) -> None:
    assert entry_due_on(issued_on) == due_on


@pytest.mark.parametrize(("issued_on", "due_on"), DUE)
def test_the_due_day_is_in_time_and_the_day_after_is_late(issued_on: date, due_on: date) -> None:
    assert not entry_is_late(issued_on, due_on)
    assert entry_is_late(issued_on, due_on + timedelta(days=1))


def test_the_day_of_issue_is_in_time_whatever_the_calendar_says() -> None:
    for issued_on in (date(LAST, 12, 31), date(LAST + 5, 7, 1), date(1999, 1, 1)):
        assert not entry_is_late(issued_on, issued_on)


def test_a_week_later_is_in_time_whatever_the_calendar_says() -> None:
    assert not entry_is_late(date(LAST + 1, 3, 1), date(LAST + 1, 3, 8))


def test_where_the_calendar_decides_and_is_not_published_there_is_no_answer() -> None:
    with pytest.raises(CalendarNotPublished):
        entry_is_late(date(LAST + 1, 3, 1), date(LAST + 1, 3, 9))
    with pytest.raises(CalendarNotPublished):
        entry_due_on(date(LAST, 12, 28))
