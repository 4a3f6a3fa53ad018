"""Sums to the fen, days in their order, exact means."""

from datetime import date

import pytest

from onex.chassis.problems import Refusal
from services.registry.funding import errors, rules

DAY = date(2026, 3, 1)


@pytest.mark.rule("OP-34")
@pytest.mark.parametrize(
    ("received", "more", "after"),
    [(0, 10_001, 10_001), (10_000, 1, 10_001), (0, 1, 1), (10_001, 1, None), (0, 10_002, None)],
)
def test_what_is_received_reaches_the_allocation_and_never_passes_it(
    received: int, more: int, after: int | None
) -> None:
    if after is None:
        with pytest.raises(errors.ReceiptOverAllocation) as refused:
            rules.received_after(10_001, received, more)
        assert refused.value.facts["left_fen"] == 10_001 - received
    else:
        assert rules.received_after(10_001, received, more) == after


@pytest.mark.rule("OP-30", "OP-34")
@pytest.mark.parametrize(
    ("received", "used", "more", "refusal"),
    [
        (10_001, 0, 10_001, None),
        (10_001, 10_000, 1, None),
        (10_001, 10_000, 2, errors.UseOverAllocation),
        (5_000, 4_999, 1, None),
        (5_000, 4_999, 2, errors.UseOverReceipts),
        (0, 0, 10_002, errors.UseOverAllocation),
        (0, 0, 1, errors.UseOverReceipts),
    ],
)
def test_what_is_used_was_allocated_and_received(
    received: int, used: int, more: int, refusal: type[Refusal] | None
) -> None:
    if refusal:
        with pytest.raises(refusal):
            rules.used_after(10_001, received, used, more)
    else:
        assert rules.used_after(10_001, received, used, more) == used + more


@pytest.mark.rule("OP-30")
def test_a_receipt_goes_only_while_the_rest_covers_what_was_used() -> None:
    assert rules.received_without(100, 40, 60) == 40
    with pytest.raises(errors.ReceiptWasUsed):
        rules.received_without(100, 41, 60)


@pytest.mark.rule("OP-34")
def test_days_follow_one_another_and_none_is_to_come() -> None:
    rules.check_allocated(DAY, DAY)
    rules.check_after_allocation(DAY, DAY, DAY)
    with pytest.raises(errors.DayWrong):
        rules.check_allocated(date(2026, 3, 2), DAY)
    for on in (date(2026, 2, 28), date(2026, 3, 3)):
        with pytest.raises(errors.DayWrong):
            rules.check_after_allocation(on, DAY, date(2026, 3, 2))


@pytest.mark.rule("PP-43")
def test_outside_the_pilot_there_is_no_pilot_funding() -> None:
    rules.check_in_pilot(True)
    with pytest.raises(errors.OutsidePilot):
        rules.check_in_pilot(False)


@pytest.mark.rule("OP-34")
@pytest.mark.parametrize(("total", "number", "mean"), [(37, 3, "37/3"), (36, 3, "12"), (0, 2, "0"), (0, 0, None)])
def test_the_mean_is_exact(total: int, number: int, mean: str | None) -> None:
    assert rules.mean_days(total, number) == mean


@pytest.mark.rule("PP-41", "OP-34")
def test_the_sources_and_kinds_are_those_of_the_clauses() -> None:
    assert rules.SOURCES == ("central_award", "provincial", "local", "social")
    assert rules.KINDS == ("grant", "purchase_of_services")


@pytest.mark.rule("OP-35")
def test_what_is_used_under_a_heading_that_is_not_allowed_is_misuse() -> None:
    assert {one.allowed for one in rules.CATEGORIES} == {True, False}
    assert [rules.is_misuse(allowed) for allowed in (True, False)] == [False, True]
    assert "bonuses" in rules.found_of("category", 100, "bonuses")


@pytest.mark.rule("OP-30", "OP-35")
def test_what_a_registry_begins_with_is_used_for_the_pilot_or_is_misuse() -> None:
    allowed = {one.code: one.allowed for one in rules.CATEGORIES}
    assert len(allowed) == len(rules.CATEGORIES)
    assert {code for code, may in allowed.items() if may} == {
        "training", "assessment", "teacher_training", "site", "resources", "experts",
    }  # fmt: skip
    assert {code for code, may in allowed.items() if not may} == {
        "bonuses", "hospitality", "investment", "debt", "other_projects",
    }  # fmt: skip


@pytest.mark.rule("OP-35", "OP-42")
@pytest.mark.parametrize("what", ["category", "withheld", "diverted"])
def test_what_was_found_is_said_with_its_amount_where_there_is_one(what: str) -> None:
    assert what in rules.MISUSES
    assert ", 100 fen" in rules.found_of(what, 100, "bonuses")
    assert "fen" not in rules.found_of(what, None, "bonuses")


@pytest.mark.rule("OP-34")
def test_an_allocation_of_which_something_came_is_not_changed_and_nothing_is_cancelled_twice() -> None:
    rules.check_untouched(0)
    with pytest.raises(errors.AllocationInUse):
        rules.check_untouched(1)
    rules.check_not_cancelled(False)
    with pytest.raises(errors.Cancelled):
        rules.check_not_cancelled(True)
