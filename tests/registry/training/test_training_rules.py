"""The decisions of training: what passes, what is refused, and the edge between them."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from onex.chassis.problems import Refusal
from services.registry.training import errors, rules
from services.registry.training.states import ENROLMENT, EXPERT, PROGRAMME, REQUEST, TEACHER

DAY = date(2026, 3, 2)
ONE = timedelta(days=1)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def sources(enterprise: int, college: int, research: int = 0) -> list[str]:
    return ["enterprise"] * enterprise + ["college"] * college + ["research"] * research


@pytest.mark.rule("OP-14")
@pytest.mark.parametrize(
    ("enterprise", "others", "enough"),
    [
        (2, 3, True),
        (4, 6, True),
        (1, 1, True),
        (3, 5, False),
        (39, 61, False),
        (40, 60, True),
        (1, 2, False),
        (0, 1, False),
        (0, 0, False),
        (399_999, 600_001, False),
    ],
)
def test_two_of_five_experts_come_from_industry_exactly(enterprise: int, others: int, enough: bool) -> None:
    if enough:
        rules.check_industry_share(sources(enterprise, others))
    else:
        with pytest.raises(errors.TooFewFromIndustry) as refused:
            rules.check_industry_share(sources(enterprise, others))
        assert refused.value.facts == {"from_industry": enterprise, "experts": enterprise + others}


@pytest.mark.rule("PP-40")
def test_a_team_has_experts_of_enterprises_colleges_and_research() -> None:
    rules.check_mixed_team({"enterprise", "college", "research"})
    with pytest.raises(errors.TeamNotMixed) as refused:
        rules.check_mixed_team({"enterprise"})
    assert refused.value.facts == {"missing": ["college", "research"]}
    with pytest.raises(errors.TeamNotMixed):
        rules.check_mixed_team(set())


@pytest.mark.rule("OP-13")
@pytest.mark.parametrize(
    ("at_colleges", "elsewhere", "online", "passes"),
    [
        (1, 0, 0, True),
        (2, 1, 0, True),
        (1, 1, 0, False),
        (2, 2, 9, False),
        (3, 2, 9, True),
        (0, 1, 5, False),
        (0, 0, 5, True),
    ],
)
def test_more_than_half_of_what_is_offline_is_at_colleges(
    at_colleges: int, elsewhere: int, online: int, passes: bool
) -> None:
    sessions: list[tuple[str, str | None]] = [("offline", "college")] * at_colleges
    sessions += [("offline", "enterprise")] * elsewhere + [("online", None)] * online
    if passes:
        rules.check_mainly_at_colleges(sessions)
    else:
        with pytest.raises(errors.TooFewAtColleges) as refused:
            rules.check_mainly_at_colleges(sessions)
        assert refused.value.facts == {"at_colleges": at_colleges, "offline": at_colleges + elsewhere}


@pytest.mark.rule("OP-13")
@pytest.mark.parametrize(
    ("held_on", "mode", "venue_kind", "refusal"),
    [
        (DAY, "offline", "college", None),
        (DAY + 2 * ONE, "online", None, None),
        (DAY - ONE, "online", None, errors.SessionOutsideProgramme),
        (DAY + 3 * ONE, "online", None, errors.SessionOutsideProgramme),
        (DAY, "offline", None, errors.VenueWrong),
        (DAY, "online", "college", errors.VenueWrong),
    ],
)
def test_a_session_says_when_how_and_where(
    held_on: date, mode: str, venue_kind: str | None, refusal: type[Refusal] | None
) -> None:
    _passes_or(refusal, rules.check_session, held_on, DAY, DAY + 2 * ONE, mode, venue_kind)


@pytest.mark.rule("OP-13")
def test_a_venue_named_by_its_id_is_a_college_or_a_base() -> None:
    assert [rules.kind_of_venue(kind) for kind in ("college", "training_base")] == ["college", "training_base"]
    for kind in ("enterprise", "other", None):
        with pytest.raises(errors.VenueWrong):
            rules.kind_of_venue(kind)
    rules.check_venue_named(uuid.uuid4())
    with pytest.raises(errors.VenueWrong):
        rules.check_venue_named(None)
    rules.check_has_sessions(1)
    with pytest.raises(errors.NoSessions):
        rules.check_has_sessions(0)


@pytest.mark.rule("OP-15")
def test_nobody_teaches_who_was_not_reviewed() -> None:
    rules.check_reviewed(["approved", "approved"])
    for state in EXPERT.states:
        if state != "approved":
            with pytest.raises(errors.ExpertNotReviewed) as refused:
                rules.check_reviewed(["approved", state])
            assert refused.value.facts == {"not_approved": 1}
    known = uuid.uuid4()
    rules.check_teaches(known, {known})
    with pytest.raises(errors.ExpertNotOfProgramme):
        rules.check_teaches(uuid.uuid4(), {known})


@pytest.mark.rule("OP-15")
def test_a_review_is_made_by_another_than_the_entry() -> None:
    rules.check_reviewed_by_another("c", "a", "b")
    for who in ("a", "b"):
        with pytest.raises(errors.ReviewOfOwnEntry):
            rules.check_reviewed_by_another(who, "a", "b")


@pytest.mark.rule("OP-12")
def test_certifying_costs_nothing() -> None:
    rules.check_certification_fee(0)
    with pytest.raises(errors.CertificationFee):
        rules.check_certification_fee(1)


@pytest.mark.rule("OP-09")
@pytest.mark.parametrize(
    ("requested", "refused"),
    [([], False), ([DAY], False), ([DAY - ONE], False), ([DAY + ONE], True), ([DAY - ONE, DAY + ONE], True)],
)
def test_a_teo_that_owes_a_government_an_answer_announces_nothing_that_starts_before(
    requested: list[date], refused: bool
) -> None:
    _passes_or(errors.GovernmentFirst if refused else None, rules.check_government_first, DAY, requested)


@pytest.mark.rule("OP-09")
@pytest.mark.parametrize(
    ("pay", "most", "refusal"),
    [
        (50_000, 50_000, None),
        (50_001, 50_000, errors.PayAboveStandard),
        (0, None, None),
        (1, None, errors.NoPayStandard),
    ],
)
def test_pay_is_at_most_the_standard(pay: int, most: int | None, refusal: type[Refusal] | None) -> None:
    _passes_or(refusal, rules.check_pay, pay, most)


@pytest.mark.rule("OP-10")
def test_one_enrols_until_the_last_day_included() -> None:
    rules.check_enrolment_open(DAY, DAY)
    with pytest.raises(errors.EnrolmentOver):
        rules.check_enrolment_open(DAY + ONE, DAY)


@pytest.mark.rule("OP-10")
@pytest.mark.parametrize(
    ("days", "wrong"),
    [((DAY, DAY, DAY), False), ((DAY, DAY + ONE, DAY), True), ((DAY + ONE, DAY, DAY + ONE), True)],
)
def test_the_days_of_a_programme_follow_one_another(days: tuple[date, date, date], wrong: bool) -> None:
    _passes_or(errors.ProgrammeDaysWrong if wrong else None, rules.check_days, *days)


def test_the_last_place_is_taken_and_no_more() -> None:
    rules.check_place(29, 30)
    with pytest.raises(errors.ProgrammeFull):
        rules.check_place(30, 30)


@pytest.mark.rule("OP-11")
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"given": False}, errors.NoConsent),
        ({"by_teacher": False}, errors.ConsentOfAnother),
        ({"given_at": NOON}, None),
        ({"given_at": NOON + timedelta(seconds=1)}, errors.ConsentInFuture),
        ({"given_at": NOON - timedelta(hours=2)}, None),
        ({"given_at": NOON - timedelta(hours=2, seconds=1)}, errors.ConsentTooEarly),
        ({"announced_at": None}, errors.ConsentTooEarly),
    ],
)
def test_consent_is_the_teachers_own_and_follows_the_announcement(
    change: dict[str, Any], refusal: type[Refusal] | None
) -> None:
    said: dict[str, Any] = {
        "given": True,
        "by_teacher": True,
        "given_at": NOON - timedelta(hours=1),
        "announced_at": NOON - timedelta(hours=2),
        "now": NOON,
    }
    said |= change
    _passes_or(refusal, rules.check_consent, said.pop("given"), **said)


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize(("programme", "refused"), [(None, False), ("00", False), ("11", False), ("32", True)])
def test_a_province_trains_the_teachers_of_its_own_colleges(programme: str | None, refused: bool) -> None:
    _passes_or(errors.ProgrammeNotForCollege if refused else None, rules.check_for_college, programme, "11")


def test_days_and_lessons_have_their_bounds() -> None:
    rules.check_over(DAY, DAY)
    rules.check_held(DAY, DAY)
    rules.check_lessons(4, 4)
    rules.check_attended(1)
    for refusal, rule, arguments in (
        (errors.ProgrammeNotOver, rules.check_over, (DAY - ONE, DAY)),
        (errors.SessionNotHeld, rules.check_held, (DAY - ONE, DAY)),
        (errors.TooManyLessons, rules.check_lessons, (5, 4)),
        (errors.NotAttended, rules.check_attended, (0,)),
    ):
        with pytest.raises(refusal):
            rule(*arguments)  # type: ignore[operator]


@pytest.mark.rule("OP-18")
@pytest.mark.parametrize(
    ("lessons", "ratio", "workload"),
    [
        ("2", "1.2", "2.4"),
        ("0.1", "0.3333", "0.03333"),
        ("1.25", "1.0001", "1.250125"),
        ("24", "99.9999", "2399.9976"),
    ],
)
def test_lessons_count_by_the_colleges_ratio_exactly(lessons: str, ratio: str, workload: str) -> None:
    assert rules.workload(Decimal(lessons), Decimal(ratio)) == Decimal(workload)


@pytest.mark.rule("OP-18")
def test_without_a_ratio_lessons_count_for_nothing_yet() -> None:
    with pytest.raises(errors.RatioMissing):
        rules.workload(Decimal(2), None)


@pytest.mark.rule("OP-18")
def test_a_new_ratio_changes_nothing_that_was_counted() -> None:
    rules.check_ratio_start(DAY - 100 * ONE, DAY, first=True)
    rules.check_ratio_start(DAY, DAY, first=False)
    with pytest.raises(errors.RatioTooEarly):
        rules.check_ratio_start(DAY - ONE, DAY, first=False)
    rules.check_taught(DAY, DAY)
    with pytest.raises(errors.WorkloadInFuture):
        rules.check_taught(DAY + ONE, DAY)


@pytest.mark.parametrize(
    ("machine", "verb", "from_states"),
    [
        (PROGRAMME, "correct", {"draft"}),
        (PROGRAMME, "announce", {"draft"}),
        pytest.param(PROGRAMME, "enrol", {"announced"}, marks=pytest.mark.rule("OP-10")),
        (PROGRAMME, "finish", {"announced"}),
        (PROGRAMME, "cancel", {"draft", "announced"}),
        pytest.param(EXPERT, "approve", {"proposed"}, marks=pytest.mark.rule("OP-15")),
        (EXPERT, "reject", {"proposed"}),
        (EXPERT, "correct", {"proposed", "rejected"}),
        (REQUEST, "accept", {"open"}),
        (REQUEST, "decline", {"open"}),
        (REQUEST, "withdraw", {"open"}),
        pytest.param(ENROLMENT, "withdraw", {"enrolled"}, marks=pytest.mark.rule("OP-11")),
        (TEACHER, "leave", {"active"}),
    ],
)
def test_a_wrong_step_is_refused_with_the_state_it_met(machine: Any, verb: str, from_states: set[str]) -> None:
    for state in machine.states:
        if state in from_states:
            machine.after(state, verb)
        else:
            with pytest.raises(Refusal) as refused:
                machine.after(state, verb)
            assert refused.value.code == f"{machine.noun}_is_{state}"


def _passes_or(refusal: type[Refusal] | None, rule: Any, *arguments: Any, **named: Any) -> None:
    if refusal is None:
        rule(*arguments, **named)
    else:
        with pytest.raises(refusal):
            rule(*arguments, **named)


@pytest.mark.rule("OP-08", "OP-10", "OP-12")
@pytest.mark.parametrize(
    ("check", "given", "refusal"),
    [
        (rules.check_place, (1, 2), None),
        (rules.check_place, (2, 2), errors.ProgrammeFull),
        (rules.check_over, (DAY, DAY), None),
        (rules.check_over, (DAY - ONE, DAY), errors.ProgrammeNotOver),
        (rules.check_over, (DAY + ONE, DAY), None),
        (rules.check_held, (DAY, DAY), None),
        (rules.check_held, (DAY + ONE, DAY), None),
        (rules.check_held, (DAY - ONE, DAY), errors.SessionNotHeld),
        (rules.check_lessons, (4, 4), None),
        (rules.check_lessons, (3, 4), None),
        (rules.check_lessons, (5, 4), errors.TooManyLessons),
        (rules.check_attended, (1,), None),
        (rules.check_attended, (0,), errors.NotAttended),
    ],
)
def test_places_days_and_lessons_to_their_edges(
    check: Callable[..., None], given: tuple[Any, ...], refusal: type[Exception] | None
) -> None:
    if refusal is None:
        check(*given)
    else:
        with pytest.raises(refusal):
            check(*given)
