"""The checks of cells that sheets share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

from onex.chassis.bulk import CellRefused
from onex.chassis.bulk.checks import choice, day, decimal_score, identity_number, integer, name, text
from onex.demo.rosters import DIVISIONS


def code_of(check: object, value: str) -> str:
    with pytest.raises(CellRefused) as caught:
        check(value)  # type: ignore[operator]
    return caught.value.code


def numbered(digits: str) -> str:
    return digits + ric.calc_check_digit(digits + "0")


GOOD = numbered("44010619990101007")
LOST = [f"4401061999010{day}0000" for day in range(1, 10)]  # what a spreadsheet leaves of 18 digits


@given(
    st.sampled_from([*DIVISIONS, "990101", "110199", "810000"]),
    st.integers(1890, 2110),
    st.integers(0, 13),
    st.integers(0, 32),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_an_identity_number_is_judged_as_stdnum_judges_it(
    division: str, year: int, month: int, day: int, order: int, last: str
) -> None:
    digits = f"{division}{year:04}{month:02}{day:02}{order:03}"
    for number in (digits + last, numbered(digits)):
        try:
            identity_number(number)
            ours = "good"
        except CellRefused as refusal:
            ours = refusal.code
        try:
            ric.validate(number)
            theirs = {"good"} if 1900 <= year < 2100 else {"birth_date_impossible"}
        except InvalidChecksum:
            theirs = {"wrong_check_digit", "number_cell_lost_digits"}
        # A date, or a county that ours leaves alone while the province is one. KeyError is stdnum's answer to a
        # county that is not in a city it does have.
        except (InvalidComponent, KeyError):
            theirs = {"birth_date_impossible", "unknown_division", "good"}
        assert ours in theirs


@given(st.text("0123456789X", min_size=0, max_size=20))
def test_whatever_stdnum_refuses_for_its_form_is_refused(number: str) -> None:
    try:
        ric.validate(number)
    except (InvalidLength, InvalidFormat, InvalidChecksum):
        with pytest.raises(CellRefused):
            identity_number(number)
    except (InvalidComponent, KeyError):
        pass


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "empty_cell"),
        (GOOD[:-1], "wrong_length"),
        ("440106990101007", "wrong_length"),
        (GOOD + "1", "wrong_length"),
        (GOOD[:5] + "O" + GOOD[6:], "wrong_characters"),
        (GOOD[:-1] + "Y", "wrong_characters"),
        ("²" * 18, "wrong_check_digit"),
        (GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"), "wrong_check_digit"),
        (numbered("44010619990230007"), "birth_date_impossible"),
        (numbered("44010620010229007"), "birth_date_impossible"),
        (numbered("44010618991231007"), "birth_date_impossible"),
        (numbered("99010619990101007"), "unknown_division"),
        (next(one for one in LOST if ric.calc_check_digit(one) != "0"), "number_cell_lost_digits"),
    ],
)
def test_a_wrong_identity_number_is_refused_with_its_reason(value: str, code: str) -> None:
    assert code_of(identity_number, value) == code


@pytest.mark.parametrize(
    "value",
    [GOOD, GOOD[:6] + " " + GOOD[6:14] + "-" + GOOD[14:], "".join(chr(ord(digit) + 0xFEE0) for digit in GOOD)],
)
def test_a_right_identity_number_is_taken_in_every_writing(value: str) -> None:
    assert identity_number(value) == GOOD


def test_a_small_x_a_leap_day_and_a_residence_permit_are_taken() -> None:
    order = next(order for order in range(1000) if numbered(f"44010620000229{order:03}").endswith("X"))
    number = numbered(f"44010620000229{order:03}")
    assert identity_number(number.lower()) == number
    for place in ("810000", "820000", "830000"):
        assert identity_number(numbered(f"{place}19990101007"))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("张三", "张三"),
        ("张　三", "张三"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 ． 买买提", "阿卜杜拉·买买提"),
        ("𠮷野", "𠮷野"),
        ("Mary-Jane  O'Brien", "Mary-Jane O'Brien"),
        ("Nguyễn Văn A.", "Nguyễn Văn A."),
    ],
)
def test_a_name_is_kept_with_its_dots_and_spaces_put_right(value: str, kept: str) -> None:
    assert name(value) == kept


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "empty_name"),
        ("　", "empty_name"),
        ("张三1", "illegal_character"),
        ("张三<", "illegal_character"),
        ("#N/A", "illegal_character"),
        ("··", "illegal_character"),
        ("张\ue000", "illegal_character"),
        ("张" * 65, "too_long"),
    ],
)
def test_what_is_no_name_is_refused(value: str, code: str) -> None:
    assert code_of(name, value) == code


def test_a_choice_is_known_in_every_spelling_and_nothing_else() -> None:
    level = choice({"primary": ("初级", "primary"), "advanced": ("高级", "advanced")})
    assert [level(value) for value in ("初级", "Primary", "ＡＤＶＡＮＣＥＤ")] == ["primary", "primary", "advanced"]
    assert code_of(level, "中级") == "not_a_choice"
    assert code_of(level, "") == "empty_cell"


def test_a_score_is_exact_and_within_its_bounds() -> None:
    score = decimal_score(0, 100, places=1)
    for value in ("0", "59.9", "100", "85.50"):
        assert score(value) == Decimal(value)
    for value in ("100.1", "101"):
        assert code_of(score, value) == "out_of_range"
    for value in ("-1", "1e2", "NaN", "缺考", "８５", "1,5", ".5", "5."):
        assert code_of(score, value) == "not_a_number"
    assert code_of(score, "59.95") == "too_many_decimals"
    assert code_of(score, "") == "empty_cell"


def test_an_integer_is_whole_and_within_its_bounds() -> None:
    count = integer(-1, 10)
    assert [count(value) for value in ("-1", "007", "10")] == [-1, 7, 10]
    assert code_of(count, "11") == code_of(count, "-2") == "out_of_range"
    assert code_of(count, "1.0") == code_of(count, "٣") == "not_an_integer"
    assert code_of(count, "") == "empty_cell"


def test_a_text_is_bounded() -> None:
    assert text(3)("abc") == "abc"
    assert code_of(text(3), "abcd") == "too_long"
    assert code_of(text(3), "") == "empty_cell"


@pytest.mark.parametrize(
    "cell", ["2026-06-06", "2026/6/6", "2026年6月6日", "2026.06.06", "20260606", "2026-06-06 00:00:00"]
)
def test_a_day_is_read_as_people_and_spreadsheets_write_it(cell: str) -> None:
    assert day(cell) == date(2026, 6, 6)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "06/06/2026", "2026-6/6", "2026-06-06 09:00", "46083", "２０２６-06-06", "yesterday"]
)
def test_what_is_no_day_is_refused(cell: str) -> None:
    assert code_of(day, cell) == "not_a_day"
