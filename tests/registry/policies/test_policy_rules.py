"""What the policy library takes, replaces and gives up, on plain values (OP-45)."""

from datetime import date, timedelta

import pytest

from services.registry.policies import errors, rules

DAY, ONE = date(2026, 3, 2), timedelta(days=1)
STATES = ("draft", "published", "superseded", "withdrawn")


@pytest.mark.rule("OP-45")
def test_the_library_holds_what_was_issued_todays_included() -> None:
    rules.check_issued(DAY - ONE, DAY)
    rules.check_issued(DAY, DAY)
    with pytest.raises(errors.PolicyFromTheFuture):
        rules.check_issued(DAY + ONE, DAY)


@pytest.mark.rule("OP-45")
@pytest.mark.parametrize("state", [*STATES, None])
def test_what_takes_a_policys_place_is_another_one_that_can_be_read(state: str | None) -> None:
    with pytest.raises(errors.SuccessorWrong):
        rules.check_successor(True, state)
    if state == "published":
        rules.check_successor(False, state)
    else:
        with pytest.raises(errors.SuccessorWrong):
            rules.check_successor(False, state)


@pytest.mark.rule("OP-45")
@pytest.mark.parametrize("state", STATES)
def test_what_people_have_read_goes_with_a_reason(state: str) -> None:
    rules.check_withdrawal(state, "Replaced by a law.")
    if state in ("published", "superseded"):
        with pytest.raises(errors.ReasonMissing):
            rules.check_withdrawal(state, "")
    else:
        rules.check_withdrawal(state, "")


@pytest.mark.rule("OP-45")
def test_a_file_has_up_to_twenty_megabytes() -> None:
    assert (rules.MOST_BYTES, rules.MOST_FILES) == (20_971_520, 20)
