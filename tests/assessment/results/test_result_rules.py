"""How component scores make a result, by tables; and what the cells of a results file may hold."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.chassis.bulk import CellRefused
from services.assessment.results import rules
from services.assessment.results.errors import RowRefused
from services.assessment.results.rules import Outcome, judge
from services.assessment.results.sheet import results_sheet, score_hundredths
from tests.assessment.world import COMPONENTS


@pytest.mark.rule("PP-19")
@pytest.mark.parametrize(
    ("scores", "weighted", "passed"),
    [
        ((6000, 6000), 6000, True),  # every line reached exactly
        ((10_000, 10_000), 10_000, True),
        ((0, 0), 0, False),
        ((5999, 6000), 5999, False),  # 59.996 is shown as 59.99 and is no pass
        ((6001, 6000), 6000, True),
        ((4999, 10_000), 7999, False),  # the first component's own line is missed by a hundredth
        ((5000, 10_000), 8000, True),
        ((10_000, 5999), 7599, False),  # the second's
        ((5000, 6666), 5999, False),  # each component passes, the whole does not
        ((5000, 6667), 6000, True),
    ],
)
def test_a_pass_reaches_every_line(scores: tuple[int, int], weighted: int, passed: bool) -> None:
    assert judge(scores, (40, 60), (5000, 6000), 6000) == Outcome(weighted, passed)


@pytest.mark.rule("PP-19")
@given(
    scores=st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
    line=st.integers(0, 10_000),
    lines=st.lists(st.integers(0, 10_000), min_size=3, max_size=3),
)
def test_the_decision_never_disagrees_with_the_score_that_is_shown(
    scores: list[int], line: int, lines: list[int]
) -> None:
    outcome = judge(scores, (20, 30, 50), lines, line)
    assert 0 <= outcome.score_hundredths <= 10_000
    exact_times_100 = 20 * scores[0] + 30 * scores[1] + 50 * scores[2]
    every_line = exact_times_100 >= 100 * line and all(s >= own for s, own in zip(scores, lines, strict=True))
    assert outcome.passed == every_line
    assert not outcome.passed or outcome.score_hundredths >= line


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize(("seconds", "begun"), [(-1, False), (0, True), (1, True)])
def test_scores_are_of_a_sitting_that_has_begun(seconds: int, begun: bool) -> None:
    starts_at = datetime(2026, 6, 6, 1, tzinfo=UTC)
    with nullcontext() if begun else pytest.raises(RowRefused, match="sitting_not_begun"):
        rules.check_begun(starts_at, starts_at + timedelta(seconds=seconds))


@pytest.mark.rule("PP-19")
def test_every_weight_needs_its_score() -> None:
    with pytest.raises(ValueError):
        judge((6000,), (40, 60), (5000, 6000), 6000)


@pytest.mark.parametrize(
    ("cell", "hundredths"), [("0", 0), ("100", 10_000), ("100.00", 10_000), ("59.9", 5990), ("0.29", 29)]
)
def test_a_score_is_read_exactly(cell: str, hundredths: int) -> None:
    assert score_hundredths(cell) == hundredths


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("100.01", "out_of_range"),
        ("-1", "not_a_number"),
        ("59.999", "too_many_decimals"),
        ("缺考", "not_a_number"),
        ("", "empty_cell"),
    ],
)
def test_a_score_that_is_none_is_refused(cell: str, code: str) -> None:
    with pytest.raises(CellRefused) as caught:
        score_hundredths(cell)
    assert caught.value.code == code


def test_two_columns_with_one_heading_make_no_sheet() -> None:
    with pytest.raises(ValueError):
        results_sheet([COMPONENTS[0], COMPONENTS[1] | {"name_zh": "报名号"}])


@pytest.mark.rule("PP-17", "PP-21", "OP-41", "OP-42")
@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (rules.unknown_registration(), "unknown_registration"),
        (rules.duplicate_row(7), "duplicate_row"),
        (rules.result_published(), "result_published"),
        (rules.result_annulled(), "result_annulled"),
        (rules.sitting_annulled(), "sitting_annulled"),
        (rules.registration_released(), "registration_released"),
        (rules.sitting_not_held(), "sitting_not_held"),
    ],
)
def test_a_row_of_results_that_comes_back_says_why_in_two_languages(refused: RowRefused, code: str) -> None:
    assert (refused.column, refused.code) == ("registration_number", code)
    assert refused.reason.endswith(".")
    assert refused.reason_zh.endswith("。")
