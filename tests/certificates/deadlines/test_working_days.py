"""Working days follow the State Council's notices; what no notice covers is never guessed."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from onex.chassis.working_days import CalendarNotPublished, add_working_days, is_working_day

# The last year the calendar covers, so that these tests stay true when it is updated.
LAST = max(chinese_calendar.constants.holidays).year


@pytest.mark.rule("OP-32")
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2019, 10, 11), True),
        (date(2019, 10, 13), False),  # an ordinary Sunday
        (date(2019, 10, 12), True),  # a Saturday worked for the National Day holiday
        (date(2019, 10, 1), False),
        (date(2018, 12, 29), True),  # worked by the notice of 2019
        (date(2018, 12, 31), False),
        (date(2020, 1, 31), False),  # the Spring Festival of 2020 was prolonged
    ],
)
def test_holidays_and_make_up_days_count_as_the_notice_says(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


def test_no_working_days_lead_to_the_day_itself() -> None:
    assert add_working_days(date(2019, 10, 1), 0) == date(2019, 10, 1)


def test_the_first_day_does_not_count_even_when_it_is_worked() -> None:
    assert add_working_days(date(2025, 11, 3), 1) == date(2025, 11, 4)


def test_going_back_is_refused() -> None:
    with pytest.raises(ValueError):
        add_working_days(date(2025, 11, 3), -1)


@pytest.mark.rule("OP-32")
@pytest.mark.parametrize(
    "day", [date(LAST + 1, 1, 1), date(LAST + 1, 6, 1), date(2003, 12, 31), date(LAST, 12, 25), date(LAST, 12, 31)]
)
def test_a_day_without_a_published_calendar_is_not_guessed(day: date) -> None:
    with pytest.raises(CalendarNotPublished, match=day.isoformat()) as refusal:
        is_working_day(day)
    assert refusal.value.day == day
    assert refusal.value.code == "calendar_not_published"


def test_the_last_settled_day_is_answered() -> None:
    assert is_working_day(date(LAST, 12, 24)) in (True, False)
    assert is_working_day(date(LAST - 1, 12, 31)) in (True, False)


@pytest.mark.rule("OP-32")
def test_a_clock_that_would_step_over_an_unpublished_day_stops() -> None:
    with pytest.raises(CalendarNotPublished):
        add_working_days(date(LAST, 12, 24), 1)


def test_no_notice_so_far_reached_further_back_than_is_reckoned_with() -> None:
    special = {*chinese_calendar.constants.holidays, *chinese_calendar.constants.workdays}
    december = [day for day in special if day.month == 12]
    assert december
    assert all(day >= date(day.year, 12, 25) for day in december)


def test_working_days_add_up() -> None:
    day = date(2024, 1, 1)
    while day.year == 2024:
        assert add_working_days(add_working_days(day, 3), 4) == add_working_days(day, 7)
        assert is_working_day(add_working_days(day, 1))
        day += timedelta(days=1)
