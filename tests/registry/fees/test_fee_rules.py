"""Ceilings in force, fees under them, and sums, all in whole fen."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.bulk import CellRefused
from onex.chassis.problems import OutOfScope
from services.registry.fees import errors, rules
from services.registry.fees.imports import fen, items

TODAY, DAY = date(2026, 3, 2), timedelta(days=1)
TEO_ID, COLLEGE_ID = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.mark.rule("OP-27", "OP-30")
@pytest.mark.parametrize(
    ("amount", "parts", "good"),
    [
        (42_000, [42_000], True),
        (42_000, [12_000, 30_000], True),
        (42_000, [12_000, 30_001], False),
        (42_000, [12_000, 29_999], False),
        (0, [], True),
        (1, [], False),
        (10**14, [10**12] * 100, True),
        (10**14 + 1, [10**12] * 100, False),
    ],
)
def test_an_amount_is_the_sum_of_its_items_to_the_fen(amount: int, parts: list[int], good: bool) -> None:
    listed = [{"name": "x", "amount_fen": part} for part in parts]
    if good:
        rules.check_sum(amount, listed)
    else:
        with pytest.raises(errors.ItemsDoNotSum) as refused:
            rules.check_sum(amount, listed)
        assert refused.value.facts == {"sum_fen": sum(parts)}


@pytest.mark.rule("OP-27")
@pytest.mark.parametrize(
    ("begins", "newest", "good"),
    [
        (TODAY, None, True),
        (TODAY - DAY, None, False),
        (TODAY, TODAY - 9 * DAY, False),
        (TODAY + DAY, TODAY - 9 * DAY, True),
        (TODAY + DAY, TODAY + DAY, False),
        (TODAY + 2 * DAY, TODAY + DAY, True),
    ],
)
def test_the_first_ceiling_may_begin_today_a_change_begins_on_a_future_day(
    begins: date, newest: date | None, good: bool
) -> None:
    if good:
        rules.check_ceiling_begins(begins, newest, TODAY)
    else:
        with pytest.raises(errors.CeilingBeginsTooEarly):
            rules.check_ceiling_begins(begins, newest, TODAY)


STEPS: list[tuple[date, int | None]] = [(TODAY, 100), (TODAY + 10 * DAY, 80), (TODAY + 20 * DAY, 120)]


@pytest.mark.rule("OP-27", "OP-28")
@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (0, 9, [100]),
        (9, 10, [100, 80]),
        (10, 19, [80]),
        (10, 20, [80, 120]),
        (20, 99, [120]),
        (0, 99, [100, 80, 120]),
        (-5, -1, []),
        (-5, 0, [100]),
    ],
)
def test_each_ceiling_holds_until_the_next_begins(first: int, last: int, found: list[int]) -> None:
    assert rules.in_force_between(STEPS, TODAY + first * DAY, TODAY + last * DAY) == found
    assert rules.in_force_between(STEPS[::-1], TODAY + first * DAY, TODAY + last * DAY) == found


@pytest.mark.rule("PP-38")
def test_of_two_steps_on_one_day_the_later_made_holds() -> None:
    assert rules.in_force_between([(TODAY, 100), (TODAY, None)], TODAY, TODAY) == [None]


@pytest.mark.rule("OP-28", "PP-38")
@pytest.mark.parametrize(
    ("amount", "ceilings", "good"),
    [
        (42_000, [42_000], True),
        (42_001, [42_000], False),
        (42_000, [50_000, 42_000], True),
        (42_000, [50_000, 41_999], False),
        (42_000, [50_000, None], True),
        (42_000, [None], True),
        (42_000, [], True),
        (0, [42_000, 0], True),
        (1, [42_000, 0], False),
    ],
)
def test_a_fee_is_at_or_under_the_lowest_ceiling(amount: int, ceilings: list[int | None], good: bool) -> None:
    if good:
        rules.check_under_ceilings(amount, ceilings)
    else:
        with pytest.raises(errors.FeeAboveCeiling) as refused:
            rules.check_under_ceilings(amount, ceilings)
        assert refused.value.facts == {"ceiling_fen": min(one for one in ceilings if one is not None)}


@pytest.mark.rule("OP-27", "OP-28")
def test_no_fee_is_agreed_for_a_day_without_a_ceiling() -> None:
    rules.check_ceiling_known([(TODAY, 100)], TODAY)
    for steps in ([], [(TODAY + DAY, 100)]):
        with pytest.raises(errors.NoCeilingInForce):
            rules.check_ceiling_known(steps, TODAY)


@pytest.mark.rule("PP-38")
@pytest.mark.parametrize(
    ("subject", "type_id", "level", "ceiling", "begins", "refusal"),
    [
        ("assessment", None, None, None, TODAY, None),
        ("assessment", TEO_ID, "primary", 40_000, TODAY + DAY, None),
        ("training", None, None, None, TODAY, None),
        ("training", None, None, 40_000, TODAY, errors.PolicyReachWrong),
        ("assessment", TEO_ID, None, 40_000, TODAY, errors.PolicyReachWrong),
        ("assessment", None, "primary", 40_000, TODAY, errors.PolicyReachWrong),
        ("assessment", None, None, None, TODAY - DAY, errors.PolicyBeginsTooEarly),
    ],
)
def test_a_policy_is_for_all_or_one_level_and_not_for_the_past(
    subject: str, type_id: Any, level: Any, ceiling: Any, begins: date, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        rules.check_policy(subject, type_id, level, ceiling, begins, TODAY)
    else:
        with pytest.raises(refusal):
            rules.check_policy(subject, type_id, level, ceiling, begins, TODAY)


@pytest.mark.rule("PP-38")
def test_a_policy_is_put_right_until_the_day_before_it_begins() -> None:
    rules.check_policy_waits(TODAY + DAY, TODAY)
    with pytest.raises(errors.PolicyHasBegun):
        rules.check_policy_waits(TODAY, TODAY)


@pytest.mark.rule("OP-28")
@pytest.mark.parametrize(
    ("by", "side"),
    [
        (Caller("c", Role.TEO, organization_id=TEO_ID), "teo"),
        (Caller("c", Role.COLLEGE, organization_id=COLLEGE_ID), "college"),
        (Caller("c", Role.PROVINCE, province_code="11"), "province"),
        (Caller("c", Role.TEO, organization_id=COLLEGE_ID), None),
        (Caller("c", Role.COLLEGE, organization_id=TEO_ID), None),
        (Caller("c", Role.PROVINCE, province_code="32"), None),
        (Caller("c", Role.COLLEGE, organization_id=TEO_ID, province_code="11"), None),
        (Caller("c", Role.TEO, organization_id=COLLEGE_ID, province_code="11"), None),
        (Caller("c", Role.OPERATOR), None),
        (Caller("c", Role.MINISTRY), None),
    ],
)
def test_nobody_speaks_for_another_side(by: Caller, side: str | None) -> None:
    if side:
        assert rules.side_of(by, TEO_ID, "11", COLLEGE_ID) == side
    else:
        with pytest.raises(OutOfScope):
            rules.side_of(by, TEO_ID, "11", COLLEGE_ID)


@pytest.mark.rule("OP-28")
@pytest.mark.parametrize(("first", "last", "good"), [(0, 0, True), (1, 9, True), (-1, 9, False), (2, 1, False)])
def test_fees_are_agreed_for_days_to_come(first: int, last: int, good: bool) -> None:
    if good:
        rules.check_period(TODAY + first * DAY, TODAY + last * DAY, TODAY)
    else:
        with pytest.raises(errors.FeePeriodWrong):
            rules.check_period(TODAY + first * DAY, TODAY + last * DAY, TODAY)


@pytest.mark.rule("OP-28")
@pytest.mark.parametrize(
    ("first", "last", "wanted", "ends"),
    [
        (-5, 5, 0, 0),
        (-5, 5, 4, 4),
        (2, 5, 0, 1),
        (-5, 5, 5, errors.FeeEndingDayWrong),
        (-5, 5, -1, errors.FeeEndingDayWrong),
        (-5, -1, 0, errors.FeeAgreementIsOver),
        (-5, 0, 0, errors.FeeEndingDayWrong),  # its last day: not over, and nothing left to end
        (0, 5, 3, 3),  # its first day: it has begun
        (1, 5, 3, 0),
    ],
)
def test_a_fee_agreement_ends_today_or_later_and_before_its_last_day(
    first: int, last: int, wanted: int, ends: Any
) -> None:
    days = (TODAY + first * DAY, TODAY + last * DAY, TODAY + wanted * DAY)
    if isinstance(ends, int):
        assert rules.last_day_when_ended(*days, TODAY) == TODAY + ends * DAY
    else:
        with pytest.raises(ends):
            rules.last_day_when_ended(*days, TODAY)


@pytest.mark.rule("OP-28")
def test_each_side_consents_once_and_on_no_day_two_fees_hold() -> None:
    rules.check_consent(None)
    with pytest.raises(errors.FeeConsentGiven):
        rules.check_consent(TODAY)
    rules.check_no_overlap(None)
    with pytest.raises(errors.FeeAgreementOverlaps) as refused:
        rules.check_no_overlap(TEO_ID)
    assert refused.value.facts == {"other": str(TEO_ID)}


@pytest.mark.rule("OP-30")
@pytest.mark.parametrize(
    ("amount", "candidates", "fee", "over"),
    [
        (42_000 * 30, 30, 42_000, False),
        (42_000 * 30 + 1, 30, 42_000, True),
        (0, 30, None, False),
        (1, 30, None, True),
        (1, 30, 0, True),
        (10**12 * 10**6, 10**6, 10**12, False),
    ],
)
def test_an_amount_is_over_the_agreed_fee_from_one_fen_more(
    amount: int, candidates: int, fee: int | None, over: bool
) -> None:
    assert rules.is_over(amount, candidates, fee) is over


@pytest.mark.rule("OP-30")
def test_only_what_candidates_paid_counts_as_fees() -> None:
    income = [{"source": source, "amount_fen": 10**power} for power, source in enumerate(rules.SOURCES)]
    assert rules.fees_of(income) == 1
    rules.check_held(TODAY, TODAY)
    with pytest.raises(errors.AccountTooEarly):
        rules.check_held(TODAY + DAY, TODAY)


@pytest.mark.rule("OP-27")
def test_a_table_of_ceilings_is_read_in_yuan_and_kept_in_fen() -> None:
    assert [fen(text) for text in ("420", "420.5", "503.01", "0.01")] == [42_000, 42_050, 50_301, 1]
    assert items("场地：120；耗材: 80.50;") == [
        {"name": "场地", "amount_fen": 12_000},
        {"name": "耗材", "amount_fen": 8_050},
    ]
    for check, wrong in (
        (fen, "0"), (fen, "420.005"), (fen, "-1"), (fen, ""), (fen, "1e3"), (fen, "9" * 10),
        (items, "场地120"), (items, ""), (items, "场地：1.2.3"), (items, "a:1;" * 101),
    ):  # fmt: skip
        with pytest.raises(CellRefused):
            check(wrong)  # type: ignore[operator]
