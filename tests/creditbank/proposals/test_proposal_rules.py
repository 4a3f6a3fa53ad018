"""OP-33: the TEO proposes a certificate's credit record within one month after its release."""

from datetime import date, timedelta

import pytest

from services.creditbank.proposals.rules import credit_record_due_on, is_late, one_month_after

pytestmark = pytest.mark.rule("OP-33")

DUE = [
    (date(2026, 3, 15), date(2026, 4, 15)),
    (date(2026, 1, 31), date(2026, 2, 28)),
    (date(2024, 1, 31), date(2024, 2, 29)),
    (date(2024, 1, 29), date(2024, 2, 29)),
    (date(2026, 2, 28), date(2026, 3, 28)),  # not the 31st: the day is kept, not the distance to the month's end
    (date(2026, 3, 31), date(2026, 4, 30)),
    (date(2026, 12, 31), date(2027, 1, 31)),
]


@pytest.mark.parametrize(("released_on", "due_on"), DUE)
def test_the_proposal_is_due_on_the_same_day_of_the_next_month_or_its_last(released_on: date, due_on: date) -> None:
    assert credit_record_due_on(released_on) == due_on == one_month_after(released_on)


@pytest.mark.parametrize(("released_on", "due_on"), DUE)
def test_the_due_day_is_in_time_and_the_day_after_is_late(released_on: date, due_on: date) -> None:
    assert not is_late(released_on, released_on)
    assert not is_late(released_on, due_on)
    assert is_late(released_on, due_on + timedelta(days=1))


def test_every_day_of_a_leap_year_and_the_next_has_a_due_day_in_the_following_month() -> None:
    for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(731)):
        due = one_month_after(day)
        assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1
        # Either the day is kept, or the next month is too short and the due day is its last.
        assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)
