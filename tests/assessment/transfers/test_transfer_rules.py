"""Who cannot be assessed where they are registered, and where they may go, by table (OP-41, OP-42, PP-15)."""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.assessment.transfers import rules
from services.assessment.transfers.errors import NumberRefused, RefundedAlready, SittingHasBegun, SittingOfNobody

EXIT, MOMENT = datetime(2026, 6, 6, 1, 0, tzinfo=UTC), timedelta(microseconds=1)


def refused(code: str | None) -> AbstractContextManager[Any]:
    return pytest.raises(NumberRefused, match=f"^{code}$") if code else nullcontext()


@pytest.mark.rule("OP-41", "OP-42")
@pytest.mark.parametrize(
    ("starts_at", "teo", "college", "closed", "cause", "held"),
    [
        (EXIT, None, None, None, None, True),
        (EXIT - MOMENT, EXIT, None, None, "teo_exited", True),
        (EXIT, EXIT, None, None, "teo_exited", False),
        (EXIT - MOMENT, None, EXIT, None, None, True),
        (EXIT, None, EXIT, None, "college_exited", False),
        (EXIT - MOMENT, None, None, EXIT, None, True),
        (EXIT, None, None, EXIT, "site_closed", True),
        (EXIT, EXIT, EXIT, EXIT, "teo_exited", False),
        (EXIT, None, EXIT, EXIT, "college_exited", False),
    ],
)
def test_from_the_decision_on_no_sitting_is_held_and_of_a_teo_that_left_none_has_results(
    starts_at: datetime,
    teo: datetime | None,
    college: datetime | None,
    closed: datetime | None,
    cause: str | None,
    held: bool,
) -> None:
    assert rules.stranded_by(starts_at, teo, college, closed) == cause
    assert rules.is_held(starts_at, teo, college) is held


@pytest.mark.rule("OP-42")
def test_nobody_is_moved_to_a_sitting_that_is_not_held_or_has_begun() -> None:
    rules.check_to_be_held(None)
    with pytest.raises(SittingOfNobody):
        rules.check_to_be_held("site_closed")
    rules.check_not_begun(EXIT, EXIT - MOMENT)
    with pytest.raises(SittingHasBegun):
        rules.check_not_begun(EXIT, EXIT)


@pytest.mark.rule("OP-42", "PP-15")
@pytest.mark.parametrize(
    ("cause", "annulled", "now", "code"),
    [
        ("college_exited", False, EXIT + MOMENT, None),
        (None, False, EXIT - MOMENT, None),
        (None, False, EXIT, "sitting_has_begun"),
        (None, True, EXIT - MOMENT, "sitting_annulled"),
        ("college_exited", True, EXIT - MOMENT, "sitting_annulled"),
    ],
)
def test_one_leaves_a_sitting_that_is_not_held_or_has_not_begun(
    cause: str | None, annulled: bool, now: datetime, code: str | None
) -> None:
    with refused(code):
        rules.check_may_leave(cause, annulled, EXIT, now)


@pytest.mark.rule("OP-42", "PP-22")
def test_who_was_assessed_keeps_the_result_and_who_was_released_is_registered_anew() -> None:
    rules.check_unassessed(False)
    with refused("assessed"):
        rules.check_unassessed(True)
    rules.check_not_released(False)
    with refused("registration_released"):
        rules.check_not_released(True)


@pytest.mark.rule("OP-42")
def test_the_last_place_is_given_and_no_more() -> None:
    rules.check_place(1, 2)
    with refused("sitting_full"):
        rules.check_place(2, 2)


@pytest.mark.rule("OP-41", "OP-42")
def test_nobody_is_released_who_can_be_assessed() -> None:
    rules.check_stranded("teo_exited")
    with refused("sitting_is_held"):
        rules.check_stranded(None)


@pytest.mark.rule("OP-30")
def test_a_fee_is_paid_back_once() -> None:
    rules.check_not_refunded(None)
    with pytest.raises(RefundedAlready):
        rules.check_not_refunded(EXIT)


@pytest.mark.rule("OP-42")
def test_a_number_that_is_nobodys_or_anothers_comes_back() -> None:
    assert rules.unknown_registration().code == "unknown_registration"
