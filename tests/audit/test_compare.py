"""The merge of two sorted lists, alone."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.audit.compare import Difference, differences
from onex.chassis.invariants import Kind

COLUMNS = ("id", "since", "level", "number")
VERSIONED = ("id", "since", "version", "name")
THEN = datetime(2026, 3, 2, tzinfo=UTC)


def row(one: str, level: Any = "primary", number: Any = "1") -> tuple[Any, ...]:
    return (one, THEN, level, number)


def kinds(left: list[Any], right: list[Any], columns: tuple[str, ...] = COLUMNS) -> list[tuple[str, str]]:
    return [(one.kind.value, one.id) for one in differences(left, right, columns)]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([], [], []),
        (["a", "b"], ["a", "b"], []),
        (["a", "b"], [], [("missing", "a"), ("missing", "b")]),
        ([], ["a"], [("orphaned", "a")]),
        (["a", "c"], ["a", "b", "c"], [("orphaned", "b")]),
        (["a", "b", "c"], ["a", "c"], [("missing", "b")]),
        (["a", "b"], ["a", "a", "b"], [("doubled", "a")]),
        (["b"], ["a", "a", "b", "b", "b"], [("orphaned", "a")] * 2 + [("doubled", "b")] * 2),
    ],
)
def test_what_is_missing_orphaned_or_doubled_is_told_apart(left: Any, right: Any, expected: Any) -> None:
    assert kinds([row(one) for one in left], [row(one) for one in right]) == expected


def test_a_record_that_says_something_else_is_altered_and_the_difference_is_named() -> None:
    (one,) = differences([row("a", "primary", "1")], [row("a", "advanced", "2")], COLUMNS)
    assert one == Difference(Kind.ALTERED, "a", THEN, "not the same level, number")


def test_when_a_record_came_to_be_may_differ() -> None:
    assert kinds([("a", THEN, 1, 1)], [("a", None, 1, 1)]) == []


def test_a_copy_that_knows_an_older_version_lacks_the_newer_one_and_is_not_altered() -> None:
    assert kinds([("a", THEN, 2, "new")], [("a", THEN, 1, "old")], VERSIONED) == [("missing", "a")]
    assert kinds([("a", THEN, 2, "new")], [("a", THEN, 2, "old")], VERSIONED) == [("altered", "a")]
    assert kinds([("a", THEN, 1, "old")], [("a", THEN, 2, "new")], VERSIONED) == [("altered", "a")]


@given(st.sets(st.integers(0, 30)), st.lists(st.integers(0, 30)))
def test_differences_are_exactly_what_must_be_added_and_taken_away(left: set[int], right: list[int]) -> None:
    found = Counter(
        one.id if one.kind is Kind.MISSING else -one.id - 1
        for one in differences([(i, None) for i in sorted(left)], [(i, None) for i in sorted(right)], ("id", "since"))
    )
    expected: Counter[int] = Counter(dict.fromkeys(left - set(right), 1))
    for one, count in Counter(right).items():
        if extra := count - (one in left):
            expected[-one - 1] = extra
    assert found == expected
