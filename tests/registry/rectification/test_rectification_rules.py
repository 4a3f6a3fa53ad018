"""Who is ordered by whom to put something right (OP-43)."""

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from services.registry.rectification import errors, rules


@pytest.mark.rule("OP-43")
@pytest.mark.parametrize("kind", ["teo", "college", "province", "enterprise"])
def test_teos_and_colleges_are_ordered_and_nobody_else(kind: str) -> None:
    if kind in ("teo", "college"):
        rules.check_supervised(kind)
    else:
        with pytest.raises(errors.NotSupervised):
            rules.check_supervised(kind)


@pytest.mark.rule("OP-43", "OP-01")
@pytest.mark.parametrize(
    ("by", "of", "may"),
    [
        (Caller("p", Role.PROVINCE, province_code="11"), "11", True),
        (Caller("p", Role.PROVINCE, province_code="11"), "32", False),
        (Caller("p", Role.PROVINCE, province_code="11"), None, False),
        (Caller("p", Role.PROVINCE), None, False),
        (Caller("m", Role.MINISTRY), None, True),
        (Caller("o", Role.OPERATOR), "32", True),
    ],
)
def test_a_province_orders_in_its_own_territory_and_looks_after_its_own_orders(
    by: Caller, of: str | None, may: bool
) -> None:
    for check in (rules.check_may_order, rules.check_orderer):
        if may:
            check(by, of)
        else:
            with pytest.raises(OutOfScope):
                check(by, of)


@pytest.mark.rule("OP-43")
def test_a_report_is_awaited_of_what_was_ordered_or_sent_back_and_all_that_is_not_settled_is_open() -> None:
    assert set(rules.AWAITED) == {"ordered", "sent_back"}
    assert set(rules.STATES) - set(rules.OPEN) == {"accepted", "withdrawn"}


@pytest.mark.rule("OP-41", "OP-42", "OP-43")
@pytest.mark.parametrize(
    ("about", "of_teo", "of_college"),
    [
        ("fees", "b", "c"),
        ("assessment", "e", "b"),
        ("training", "e", "b"),
        ("funds", "e", "c"),
        ("standards", "e", "e"),
        ("publicity", "e", "e"),
        ("reports", "e", "a"),
        ("coercion", "e", "d"),
        ("other", "e", "e"),
    ],
)
def test_whatever_an_order_is_about_speaks_for_a_ground(about: str, of_teo: str, of_college: str) -> None:
    assert about in rules.ABOUT
    assert (rules.ground_of("teo", about), rules.ground_of("college", about)) == (of_teo, of_college)
