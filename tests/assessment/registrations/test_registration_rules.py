"""Which rows of a roster are taken, by tables."""

import uuid
from datetime import date, timedelta

import pytest

from onex.chassis.ids import new_id
from services.assessment.registrations import rules
from services.assessment.registrations.errors import RowRefused

MINE, OTHER = new_id(), new_id()
COLLEGES = {"1001": MINE, "1002": OTHER}


@pytest.mark.rule("OP-17", "PP-15")
def test_a_social_person_needs_no_college() -> None:
    assert rules.college_of("social", "", COLLEGES, None) is None


@pytest.mark.rule("OP-17")
@pytest.mark.parametrize(
    ("kind", "code", "sender", "refusal"),
    [
        ("social", "1001", None, "social_with_college"),
        ("social", "", MINE, "college_not_yours"),
        ("student", "", None, "college_missing"),
        ("student", "", MINE, "college_missing"),
        ("student", "9999", None, "unknown_college"),
        ("student", "9999", MINE, "unknown_college"),
        ("student", "1002", MINE, "college_not_yours"),
    ],
)
def test_a_candidate_of_the_wrong_college_is_refused(
    kind: str, code: str, sender: uuid.UUID | None, refusal: str
) -> None:
    with pytest.raises(RowRefused) as caught:
        rules.college_of(kind, code, COLLEGES, sender)
    assert caught.value.code == refusal


@pytest.mark.rule("OP-17")
@pytest.mark.parametrize("sender", [None, MINE])
def test_a_student_comes_from_the_college_named(sender: uuid.UUID | None) -> None:
    assert rules.college_of("student", "1001", COLLEGES, sender) == MINE


@pytest.mark.rule("PP-15")
def test_the_chosen_site_must_have_a_sitting() -> None:
    rules.check_site("GD-1", {"GD-1"})
    with pytest.raises(RowRefused) as caught:
        rules.check_site("GD-2", {"GD-1"})
    assert caught.value.code == "unknown_site"


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize(("code", "level"), [("", None), ("004", "intermediate"), ("4", None), ("", "intermediate")])
def test_a_row_may_name_the_plans_certificate_and_level(code: str, level: str | None) -> None:
    rules.check_certificate(code, level, "004", "intermediate")


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize(
    ("code", "level", "refusal"),
    [
        ("005", None, "certificate_type_not_of_plan"),
        ("40", None, "certificate_type_not_of_plan"),
        ("004", "primary", "level_not_of_plan"),
    ],
)
def test_a_row_that_names_another_is_refused(code: str, level: str | None, refusal: str) -> None:
    with pytest.raises(RowRefused) as caught:
        rules.check_certificate(code, level, "004", "intermediate")
    assert caught.value.code == refusal


def test_the_first_column_that_differs_is_named() -> None:
    columns = ("site_code", "name")
    assert rules.first_difference((1, 2), (1, 2), columns) is None
    assert rules.first_difference((1, 2), (1, 3), columns) == "name"
    assert rules.first_difference((0, 2), (1, 3), columns) == "site_code"


@pytest.mark.rule("OP-07", "OP-42", "PP-15")
@pytest.mark.parametrize(
    ("refused", "column", "code"),
    [
        (rules.sitting_full(), "site_code", "sitting_full"),
        (rules.duplicate_row(7), "document_number", "duplicate_row"),
        (rules.already_registered("name"), "name", "already_registered"),
        (rules.registration_released(), "document_number", "registration_released"),
        (rules.quota_not_filed(), "college_code", "quota_not_filed"),
        (rules.quota_full(), "college_code", "quota_full"),
    ],
)
def test_a_row_that_comes_back_says_which_cell_and_why_in_two_languages(
    refused: RowRefused, column: str, code: str
) -> None:
    assert (refused.column, refused.code) == (column, code)
    assert refused.reason.endswith(".")
    assert refused.reason_zh.endswith("。")


@pytest.mark.rule("OP-28")
def test_the_lowest_fee_that_holds_on_the_day_is_the_one() -> None:
    day, one = date(2026, 6, 6), timedelta(days=1)
    fees = [(45_000, day, day), (40_000, day + one, day + one), (50_000, day - one, day + one)]
    assert [rules.agreed_fee(fees, day + days * one) for days in (-2, -1, 0, 1, 2)] == [
        None,
        50_000,
        45_000,
        40_000,
        None,
    ]
    assert rules.agreed_fee([], day) is None
