"""On what terms a student is registered, by table: who has left, chosen levels, fees and ceilings (OP-07, OP-28, PP-13)."""

from datetime import date, timedelta

import pytest

from services.assessment.registrations import rules
from services.assessment.registrations.errors import RowRefused

DAY, ONE = date(2026, 6, 6), timedelta(days=1)
FEE = (45_000, DAY - 10 * ONE, DAY + 10 * ONE)


@pytest.mark.rule("OP-41", "OP-42")
def test_who_has_left_registers_nobody_new() -> None:
    rules.check_teo_stays(False)
    rules.check_college_stays(False)
    with pytest.raises(RowRefused, match="teo_exited"):
        rules.check_teo_stays(True)
    with pytest.raises(RowRefused, match="college_exited"):
        rules.check_college_stays(True)


@pytest.mark.rule("OP-23", "OP-42")
@pytest.mark.parametrize(
    ("standing", "open_"), [("filed", True), ("suspended", False), ("closed", False), ("exited", False)]
)
def test_a_site_takes_people_while_it_stands_as_filed(standing: str, open_: bool) -> None:
    if open_:
        rules.check_site_open(standing)
    else:
        with pytest.raises(RowRefused, match="site_not_open"):
            rules.check_site_open(standing)


@pytest.mark.rule("PP-13")
@pytest.mark.parametrize(
    ("chosen", "level", "allowed"),
    [
        ((), "advanced", True),
        (("primary", "advanced"), "advanced", True),
        (("primary", "advanced"), "intermediate", False),
    ],
)
def test_a_college_assesses_at_the_levels_it_chose_and_without_a_choice_at_all(
    chosen: tuple[str, ...], level: str, allowed: bool
) -> None:
    if allowed:
        rules.check_level_chosen(chosen, level)
    else:
        with pytest.raises(RowRefused, match="level_not_chosen"):
            rules.check_level_chosen(chosen, level)


@pytest.mark.rule("OP-28", "OP-27")
@pytest.mark.parametrize(
    ("fees", "ceilings", "refusal"),
    [
        ([], [], "fee_not_agreed"),
        ([FEE], [], None),
        ([(45_000, DAY, DAY)], [], None),
        ([(45_000, DAY + ONE, DAY + ONE)], [], "fee_not_agreed"),
        ([(45_000, DAY - ONE, DAY - ONE)], [], "fee_not_agreed"),
        ([FEE], [(DAY, 1, 45_000)], None),
        ([FEE], [(DAY, 1, 44_999)], "fee_above_ceiling"),
        ([FEE], [(DAY + ONE, 1, 1)], None),
        ([FEE], [(DAY - ONE, 1, 1), (DAY, 2, 50_000)], None),
        ([FEE], [(DAY - ONE, 1, 50_000), (DAY, 2, 1)], "fee_above_ceiling"),
        ([FEE, (40_000, DAY, DAY)], [(DAY, 1, 40_000)], None),
    ],
)
def test_a_fee_is_agreed_for_the_day_and_at_or_under_its_ceiling(
    fees: list[tuple[int, date, date]], ceilings: list[tuple[date, int, int]], refusal: str | None
) -> None:
    if refusal is None:
        rules.check_fee(fees, ceilings, DAY)
    else:
        with pytest.raises(RowRefused, match=refusal):
            rules.check_fee(fees, ceilings, DAY)
