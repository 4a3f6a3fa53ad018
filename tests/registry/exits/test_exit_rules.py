"""Grounds, bodies and terms of an exit case, by table (OP-41, OP-42)."""

from datetime import date, timedelta

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope, Refusal
from services.registry.exits import errors, rules

TODAY = date(2026, 3, 10)


@pytest.mark.rule("OP-41", "OP-42")
@pytest.mark.parametrize(
    ("kind", "ground", "refusal"),
    [
        *(("teo", letter, None) for letter in "abcdef"),
        ("teo", "g", errors.GroundUnknownForTeo),
        *(("college", letter, None) for letter in "abcde"),
        ("college", "f", errors.GroundUnknownForCollege),
        ("province", "a", errors.NobodyExits),
    ],
)
def test_a_teo_exits_on_six_grounds_and_a_college_on_five(
    kind: str, ground: str, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_ground(kind, ground)
    else:
        with pytest.raises(refusal):
            rules.check_ground(kind, ground)


@pytest.mark.rule("OP-41", "OP-42")
@pytest.mark.parametrize("kind", ["teo", "college"])
@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("opened", "investigate", "investigation"),
        ("investigation", "verify", "verified"),
        ("verified", "decide", "exited"),
        ("opened", "dismiss", "dismissed"),
        ("investigation", "dismiss", "dismissed"),
        ("verified", "dismiss", "dismissed"),
        ("opened", "verify", "exit_case_is_opened"),
        ("opened", "decide", "exit_case_is_opened"),
        ("investigation", "decide", "exit_case_is_investigation"),
        ("investigation", "investigate", "exit_case_is_investigation"),
        ("verified", "verify", "exit_case_is_verified"),
        ("exited", "dismiss", "exit_case_is_exited"),
        ("exited", "decide", "exit_case_is_exited"),
        ("dismissed", "investigate", "exit_case_is_dismissed"),
    ],
)
def test_no_step_is_left_out_and_a_refused_one_names_the_state(kind: str, state: str, verb: str, after: str) -> None:
    if after in rules.STATES:
        assert rules.MACHINES[kind].after(state, verb) == after
    else:
        with pytest.raises(Refusal) as refused:
            rules.MACHINES[kind].after(state, verb)
        assert (refused.value.code, refused.value.clause) == (after, {"teo": "OP-41", "college": "OP-42"}[kind])


@pytest.mark.rule("OP-41", "OP-42")
@pytest.mark.parametrize(
    ("role", "own", "kind", "of", "refusal"),
    [
        (Role.MINISTRY, None, "teo", None, None),
        (Role.OPERATOR, None, "teo", None, errors.NotTheMinistry),
        (Role.PROVINCE, "32", "teo", None, errors.NotTheMinistry),
        (Role.PROVINCE, "32", "college", "32", None),
        (Role.PROVINCE, "33", "college", "32", errors.NotTheProvince),
        (Role.PROVINCE, None, "college", None, errors.NotTheProvince),
        (Role.MINISTRY, None, "college", "32", errors.NotTheProvince),
        (Role.OPERATOR, None, "college", "32", errors.NotTheProvince),
        (Role.COLLEGE, "32", "college", "32", errors.NotTheProvince),  # of the province, and not the province
    ],
)
def test_the_ministry_decides_on_teos_and_a_province_on_its_colleges(
    role: Role, own: str | None, kind: str, of: str | None, refusal: type[Refusal] | None
) -> None:
    by = Caller("one", role, province_code=own)
    if refusal is None:
        rules.check_may_decide(by, kind, of)
    else:
        with pytest.raises(refusal) as refused:
            rules.check_may_decide(by, kind, of)
        assert (refused.value.code, refused.value.status) == ("not_the_deciding_body", 403)
        assert refused.value.clause == {"teo": "OP-41", "college": "OP-42"}[kind]


@pytest.mark.rule("OP-41", "OP-42", "OP-01")
@pytest.mark.parametrize(
    ("role", "own", "kind", "of", "allowed"),
    [
        (Role.MINISTRY, None, "teo", None, True),
        (Role.OPERATOR, None, "college", "32", True),
        (Role.PROVINCE, "32", "college", "32", True),
        (Role.PROVINCE, "33", "college", "32", False),
        (Role.PROVINCE, "32", "teo", None, False),
        (Role.TEO, None, "college", "32", False),
        (Role.COLLEGE, "32", "college", "32", False),
        (Role.PROVINCE, "32", "teo", "32", False),
        (Role.PROVINCE, None, "college", None, False),
    ],
)
def test_who_investigates(role: Role, own: str | None, kind: str, of: str | None, allowed: bool) -> None:
    by = Caller("one", role, province_code=own)
    if allowed:
        rules.check_may_pursue(by, kind, of)
    else:
        with pytest.raises(OutOfScope):
            rules.check_may_pursue(by, kind, of)


@pytest.mark.rule("OP-41", "OP-42")
def test_the_organization_has_its_term_and_its_last_day_counts() -> None:
    assert rules.statement_due(None, TODAY) == TODAY + timedelta(days=15)
    assert rules.statement_due(TODAY + timedelta(days=3), TODAY) == TODAY + timedelta(days=3)
    with pytest.raises(errors.StatementDayTooSoon):
        rules.statement_due(TODAY + timedelta(days=2), TODAY)
    rules.check_statement_in_time(TODAY, TODAY)
    with pytest.raises(errors.StatementTermOver):
        rules.check_statement_in_time(TODAY - timedelta(days=1), TODAY)


@pytest.mark.rule("OP-41", "OP-42")
@pytest.mark.parametrize(
    ("stated", "due_on", "heard"),
    [
        (True, TODAY, True),
        (False, TODAY, False),
        (False, TODAY - timedelta(days=1), True),
        (False, TODAY + timedelta(days=1), False),
    ],
)
@pytest.mark.parametrize("kind", ["teo", "college"])
def test_nothing_is_verified_before_the_organization_spoke_or_let_its_term_pass(
    kind: str, stated: bool, due_on: date, heard: bool
) -> None:
    if heard:
        rules.check_heard(kind, stated, due_on, TODAY)
    else:
        with pytest.raises(errors.TeoNotHeard) as refused:
            rules.check_heard(kind, stated, due_on, TODAY)
        assert refused.value.clause == {"teo": "OP-41", "college": "OP-42"}[kind]


@pytest.mark.rule("OP-41", "OP-42", "OP-43")
@pytest.mark.parametrize(
    ("kind", "ground", "evidence", "by_itself", "missed", "refusal"),
    [
        ("teo", "a", 1, False, [], None),
        ("teo", "a", 0, False, [], errors.NothingFound),
        ("teo", "d", 0, True, [], None),
        ("teo", "b", 5, True, [], errors.NothingMissed),
        ("teo", "b", 0, False, ["order"], None),
        ("teo", "e", 5, False, [], errors.NothingMissed),
        ("teo", "e", 0, False, ["order"], None),
        ("college", "a", 0, True, [], None),
        ("college", "b", 1, False, [], None),
        ("college", "e", 0, False, ["order"], errors.NothingFound),
    ],
)
def test_what_a_verified_ground_rests_on(
    kind: str, ground: str, evidence: int, by_itself: bool, missed: list[str], refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_found(kind, ground, evidence, by_itself, missed)
    else:
        with pytest.raises(refusal):
            rules.check_found(kind, ground, evidence, by_itself, missed)
