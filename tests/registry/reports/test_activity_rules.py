"""What is filed before it begins, answered before it begins, and answered at all, to the edges (OP-04, OP-05, OP-44)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.reports import activity_rules as rules
from services.registry.reports import errors

NOW, MOMENT = datetime(2026, 3, 2, 1, tzinfo=UTC), timedelta(microseconds=1)
DAY, ONE = date(2026, 3, 2), timedelta(days=1)


def judged(check: Callable[..., Any], given: tuple[Any, ...], refusal: type[Exception] | None) -> None:
    if refusal is None:
        check(*given)
    else:
        with pytest.raises(refusal):
            check(*given)


@pytest.mark.rule("OP-04")
@pytest.mark.parametrize(
    ("starts_at", "ends_at", "late", "breach"),
    [
        (NOW + MOMENT, NOW + MOMENT, False, False),
        (NOW + MOMENT, NOW + MOMENT, True, False),
        (NOW, NOW, True, True),
        (NOW - MOMENT, NOW, True, True),
        (NOW, NOW, False, errors.ActivityBegun),
        (NOW - MOMENT, NOW, False, errors.ActivityBegun),
        (NOW + MOMENT, NOW, False, errors.ActivityBackwards),
    ],
)
def test_an_activity_is_filed_before_it_begins_or_is_a_breach(
    starts_at: datetime, ends_at: datetime, late: bool, breach: Any
) -> None:
    if isinstance(breach, bool):
        assert rules.is_breach(starts_at, ends_at, NOW, late=late) is breach
    else:
        with pytest.raises(breach):
            rules.is_breach(starts_at, ends_at, NOW, late=late)


@pytest.mark.rule("OP-04")
@pytest.mark.parametrize(
    ("check", "given", "refusal"),
    [
        (rules.check_not_begun, (NOW + MOMENT, NOW), None),
        (rules.check_not_begun, (NOW, NOW), errors.ActivityBegun),
        (rules.check_not_begun, (NOW - MOMENT, NOW), errors.ActivityBegun),
        (rules.check_unfiled, (NOW, NOW, NOW), None),
        (rules.check_unfiled, (NOW - MOMENT, NOW, NOW), None),
        (rules.check_unfiled, (NOW + MOMENT, NOW + MOMENT, NOW), errors.ActivityNotBegun),
        (rules.check_unfiled, (NOW, NOW - MOMENT, NOW), errors.ActivityBackwards),
    ],
)
def test_a_filing_is_changed_until_its_activity_begins_and_a_breach_noted_from_then_on(
    check: Callable[..., Any], given: tuple[Any, ...], refusal: type[Exception] | None
) -> None:
    judged(check, given, refusal)


@pytest.mark.rule("OP-05")
@pytest.mark.parametrize(
    ("check", "given", "refusal"),
    [
        (rules.check_occasion, (DAY, DAY, DAY), None),
        (rules.check_occasion, (DAY, DAY + ONE, DAY - ONE), None),
        (rules.check_occasion, (DAY, DAY - ONE, DAY - ONE), errors.InvitationBackwards),
        (rules.check_occasion, (DAY, DAY + ONE, DAY + ONE), errors.InvitationBegun),
        (rules.check_answer, ("accept", "", DAY, DAY), None),
        (rules.check_answer, ("accept", "", DAY, DAY - ONE), None),
        (rules.check_answer, ("accept", "", DAY, DAY + ONE), errors.InvitationBegun),
        (rules.check_answer, ("decline", "Another duty.", DAY, DAY), None),
        (rules.check_answer, ("decline", "", DAY, DAY), errors.ReasonMissing),
        (rules.check_not_over, (DAY, DAY), None),
        (rules.check_not_over, (DAY, DAY - ONE), None),
        (rules.check_not_over, (DAY, DAY + ONE), errors.InvitationBegun),
        (rules.check_attendance, (DAY, DAY), None),
        (rules.check_attendance, (DAY, DAY + ONE), None),
        (rules.check_attendance, (DAY, DAY - ONE), errors.InvitationNotBegun),
    ],
)
def test_an_invitation_is_answered_by_its_day_and_attendance_noted_from_it(
    check: Callable[..., Any], given: tuple[Any, ...], refusal: type[Exception] | None
) -> None:
    judged(check, given, refusal)


@pytest.mark.rule("OP-44")
@pytest.mark.parametrize(
    ("verb", "answer", "refusal"),
    [
        ("review", "", None),
        ("adopt", "From next year on.", None),
        ("adopt", "", errors.AnswerMissing),
        ("decline", "It is done already.", None),
        ("decline", "", errors.AnswerMissing),
    ],
)
def test_a_suggestion_that_is_decided_on_is_answered(verb: str, answer: str, refusal: type[Exception] | None) -> None:
    judged(rules.check_decision, (verb, answer), refusal)


@pytest.mark.rule("OP-04", "OP-05")
def test_what_is_filed_and_what_one_is_invited_to() -> None:
    assert set(rules.ACTIVITY_KINDS) == {"promotion", "training", "assessment", "large_meeting"}
    assert set(rules.OCCASIONS) == {"seminar", "training"}
