"""When TEOs may apply, who may judge them, and when it may be decided."""

import uuid
from datetime import date, timedelta
from fractions import Fraction

import pytest

from onex.chassis.problems import Refusal
from services.registry.admission import errors, rules

DAY = date(2026, 3, 2)
TEO, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def days(count: int) -> date:
    return DAY + timedelta(days=count)


@pytest.mark.rule("PP-04")
@pytest.mark.parametrize(
    ("opens", "closes", "right"), [(0, 0, True), (-5, 0, True), (3, 9, True), (1, 0, False), (-5, -1, False)]
)
def test_a_round_is_not_over_before_it_is_announced(opens: int, closes: int, right: bool) -> None:
    if right:
        rules.check_round_days(days(opens), days(closes), DAY)
    else:
        with pytest.raises(errors.RoundDaysWrong):
            rules.check_round_days(days(opens), days(closes), DAY)


@pytest.mark.rule("PP-04")
@pytest.mark.parametrize(
    ("state", "opens", "closes", "right"),
    [
        ("announced", 0, 5, True),
        ("announced", -5, 0, True),
        ("announced", 1, 5, False),
        ("announced", -5, -1, False),
        ("draft", -5, 5, False),
        ("withdrawn", -5, 5, False),
    ],
)
def test_applications_are_taken_from_the_first_day_to_the_last(
    state: str, opens: int, closes: int, right: bool
) -> None:
    if right:
        rules.check_takes_applications(state, days(opens), days(closes), DAY)
    else:
        with pytest.raises(errors.RoundNotOpen):
            rules.check_takes_applications(state, days(opens), days(closes), DAY)


@pytest.mark.rule("PP-08")
@pytest.mark.parametrize(("accepted", "cap", "right"), [(0, 1, True), (1, 2, True), (1, 1, False), (0, 0, False)])
def test_no_tier_takes_one_more_than_its_cap(accepted: int, cap: int, right: bool) -> None:
    if right:
        rules.check_cap(accepted, cap)
    else:
        with pytest.raises(errors.CapReached):
            rules.check_cap(accepted, cap)


@pytest.mark.rule("PP-08")
def test_there_are_three_tiers_and_one_without_places_is_closed() -> None:
    assert rules.TIERS == ("mature", "growing", "planned")
    rules.check_tier(1)
    with pytest.raises(errors.TierClosed):
        rules.check_tier(0)


@pytest.mark.rule("PP-26")
@pytest.mark.parametrize(
    ("works_at", "interests", "right"),
    [(None, set(), True), (OTHER, {OTHER}, True), (TEO, set(), False), (None, {TEO, OTHER}, False)],
)
def test_who_belongs_to_an_applicant_or_has_an_interest_has_no_say(
    works_at: uuid.UUID | None, interests: set[uuid.UUID], right: bool
) -> None:
    if right:
        rules.check_recusal(TEO, works_at, interests)
    else:
        with pytest.raises(errors.ExpertRecused):
            rules.check_recusal(TEO, works_at, interests)


@pytest.mark.rule("PP-26")
@pytest.mark.parametrize(("size", "right"), [(0, False), (1, False), (2, False), (3, True), (4, False), (5, True)])
def test_a_panel_is_of_three_or_more_and_odd(size: int, right: bool) -> None:
    if right:
        rules.check_panel_size(size)
    else:
        with pytest.raises(errors.PanelIncomplete):
            rules.check_panel_size(size)


@pytest.mark.rule("PP-26")
def test_the_panels_score_is_exact_and_needs_every_members() -> None:
    assert rules.mean_score([80, 85, 86]) == Fraction(251, 3)
    assert rules.mean_score([0, 0, 0]) == 0
    with pytest.raises(errors.PanelIncomplete):
        rules.mean_score([80, None, 86])


@pytest.mark.rule("PP-26")
def test_a_panel_is_drawn_from_the_pool_as_it_is() -> None:
    rules.check_in_pool(False)
    with pytest.raises(errors.ExpertRetired):
        rules.check_in_pool(True)


@pytest.mark.rule("PP-27")
def test_the_last_day_for_objections_is_included() -> None:
    last = rules.last_day_for_objections(DAY, 7)
    assert last == date(2026, 3, 9)
    rules.check_may_object(last, last)
    with pytest.raises(errors.ObjectionWindowClosed):
        rules.check_may_object(last, last + timedelta(days=1))


@pytest.mark.rule("PP-27")
@pytest.mark.parametrize(
    ("today", "states", "refusal"),
    [
        (1, set(), None),
        (1, {"dismissed", "upheld"}, None),
        (0, set(), errors.ObjectionWindowOpen),
        (-3, {"dismissed"}, errors.ObjectionWindowOpen),
        (1, {"open", "dismissed"}, errors.ObjectionUnanswered),
    ],
)
def test_nothing_is_decided_before_the_days_have_passed_and_every_objection_is_answered(
    today: int, states: set[str], refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_decidable(DAY, days(today), states)
    else:
        with pytest.raises(refusal):
            rules.check_decidable(DAY, days(today), states)


@pytest.mark.rule("PP-27")
def test_what_was_rightly_objected_to_is_not_accepted() -> None:
    rules.check_acceptable({"dismissed"})
    with pytest.raises(errors.ObjectionUpheld):
        rules.check_acceptable({"dismissed", "upheld"})


@pytest.mark.rule("PP-04", "PP-02")
@pytest.mark.parametrize(
    ("newest", "right"),
    [(None, True), ("draft", True), ("withdrawn", True), ("accepted", True)]
    + [(state, False) for state in ("submitted", "under_review", "noticed", "refused")],
)
def test_nobody_goes_round_an_application_that_stands(newest: str | None, right: bool) -> None:
    if right:
        rules.check_outside_a_round(newest)
    else:
        with pytest.raises(errors.ApplicationStands):
            rules.check_outside_a_round(newest)


WAYS = {
    "revise": ("draft",),
    "submit": ("draft",),
    "review": ("submitted", "under_review"),
    "score": ("under_review",),
    "notice": ("under_review",),
    "object to": ("noticed",),
    "accept": ("noticed",),
    "refuse": ("under_review", "noticed"),
    "withdraw": ("draft", "submitted", "under_review", "noticed"),
}


@pytest.mark.rule("PP-04", "PP-27")
@pytest.mark.parametrize("verb", sorted(WAYS))
def test_every_wrong_step_of_an_application_is_refused_by_its_state(verb: str) -> None:
    assert set(rules.APPLICATION.moves) == set(WAYS)
    for state in rules.APPLICATION.states:
        if state in WAYS[verb]:
            rules.APPLICATION.after(state, verb)
        else:
            with pytest.raises(Refusal) as refused:
                rules.APPLICATION.after(state, verb)
            assert refused.value.code == f"application_is_{state}"


@pytest.mark.rule("PP-33")
def test_a_filing_is_recorded_or_withdrawn_once() -> None:
    for verb in ("revise", "record", "withdraw"):
        rules.FILING.after("filed", verb)
        for state in ("recorded", "withdrawn"):
            with pytest.raises(Refusal) as refused:
                rules.FILING.after(state, verb)
            assert refused.value.code == f"filing_is_{state}"


@pytest.mark.rule("PP-04")
def test_a_round_in_which_a_teo_has_applied_is_carried_through() -> None:
    rules.check_round_free(0)
    with pytest.raises(errors.RoundInUse):
        rules.check_round_free(1)
