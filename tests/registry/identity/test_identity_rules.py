"""How often a name may be tried, which passwords are taken, when keys and secrets change: decisions on plain values."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from onex.chassis.access import Role
from services.registry.identity import rules
from services.registry.identity.errors import (
    OrganizationOfAnotherKind,
    PasswordTooCommon,
    PasswordTooShort,
    ScopeMissing,
    ScopeNotOfRole,
    SecretKeptTooLong,
    SignInLocked,
)
from services.registry.identity.passwords import check_password
from services.registry.identity.rules import LOCKED_FOR, TRIES, Tries

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def tried(times: int, now: datetime = NOW, before: Tries | None = None) -> Tries:
    for _ in range(times):
        before = rules.tried(before, now)
    assert before is not None
    return before


def test_the_last_of_the_tries_locks_the_name() -> None:
    assert tried(TRIES - 1).locked_until is None
    locked = tried(TRIES)
    assert locked.locked_until == NOW + LOCKED_FOR[0]
    with pytest.raises(SignInLocked) as refused:
        rules.tried(locked, NOW + LOCKED_FOR[0] - SECOND)
    assert refused.value.facts["retry_after_s"] == 2
    assert rules.tried(locked, NOW + LOCKED_FOR[0]).failures == 1


def test_each_lock_is_longer_than_the_one_before_up_to_the_longest() -> None:
    now, state, lengths = NOW, None, []
    for _ in range(len(LOCKED_FOR) + 2):
        state = tried(TRIES, now, state)
        assert state.locked_until is not None
        lengths.append(state.locked_until - now)
        now = state.locked_until
    assert tuple(lengths[: len(LOCKED_FOR)]) == LOCKED_FOR
    assert lengths[len(LOCKED_FOR) :] == [LOCKED_FOR[-1]] * 2
    assert state is not None
    assert state.total == TRIES * (len(LOCKED_FOR) + 2)


def test_tries_of_another_quarter_of_an_hour_do_not_count_together() -> None:
    state = tried(TRIES - 1)
    assert rules.tried(state, NOW + rules.TRIED_WITHIN - SECOND).locked_until is not None
    assert rules.tried(state, NOW + rules.TRIED_WITHIN).failures == 1


def test_after_a_calm_day_all_is_forgotten() -> None:
    state = tried(TRIES)
    assert state.locks == 1
    assert rules.tried(state, NOW + rules.CALM_AFTER) == Tries(1, 1, NOW + rules.CALM_AFTER, NOW + rules.CALM_AFTER)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery", "长城长江黄河泰山华山衡山恒山嵩", "aB3$aB3$xyzw", " twelve chars", "xxxyz0123lmnop",
        "ⅧⅧⅧabcdefxyz",
    ],
)  # fmt: skip
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    check_password(password, "zhang.san")


@pytest.mark.parametrize("password", ["", "short", "elevenchars", "x1 y2 z3 w4"])
def test_a_password_of_fewer_than_twelve_characters_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooShort, match=f"has {len(password)}"):
        check_password(password, "zhang.san")


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password123!", "PASSWORDPASSWORD", "123456789012", "098765432109", "aaaaaaaaaaaa", "ababababababab",
        "qwertyuiopas", "QWERTYUIOP!!", "abcdefghijkl", "zyxwvutsrqpo", "woaini1314520", "iloveyou2026", "1q2w3e4r5t6y",
        "2026admin2026", "abc123abc123abc123", "zhang.san123", "Zhang.San!!!!", "correcthorsebatterystaple",
        "ｐａｓｓｗｏｒｄ１２３４",
    ],
)  # fmt: skip
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password, "zhang.san")


def test_a_name_within_a_long_password_does_no_harm() -> None:
    check_password("zhang.san sings at dawn", "zhang.san")


def test_the_old_secret_stays_a_day_if_nothing_is_said_and_ninety_days_at_most() -> None:
    longest = NOW + rules.OLD_SECRET_AT_MOST
    assert rules.old_secret_ends(None, NOW) == NOW + timedelta(days=1)
    assert rules.old_secret_ends(longest, NOW) == longest
    with pytest.raises(SecretKeptTooLong):
        rules.old_secret_ends(longest + SECOND, NOW)


def test_the_next_key_is_announced_a_week_before_its_predecessor_stops_signing() -> None:
    due = NOW + timedelta(days=83)
    assert not rules.next_key_is_due(NOW, due - SECOND)
    assert rules.next_key_is_due(NOW, due)
    assert rules.next_key_signs_from(NOW, due) == NOW + timedelta(days=90)
    assert rules.next_key_signs_from(NOW, NOW + timedelta(days=100)) == NOW + timedelta(days=100)


def test_a_key_signs_neither_before_its_time_nor_before_everyone_had_time_to_hear_it() -> None:
    hour = timedelta(hours=1)
    assert not rules.key_may_sign(NOW, None, NOW + timedelta(days=30))
    assert not rules.key_may_sign(NOW, NOW - hour, NOW - SECOND)
    assert rules.key_may_sign(NOW, NOW - hour, NOW)
    assert not rules.key_may_sign(NOW, NOW, NOW + hour - SECOND)
    assert rules.key_may_sign(NOW, NOW, NOW + hour)


@pytest.mark.rule("PP-01", "PP-37")
@pytest.mark.parametrize(
    ("role", "needs"),
    [
        (Role.MINISTRY, ""),
        (Role.OPERATOR, ""),
        (Role.PROVINCE, "organization_id province_code"),
        (Role.TEO, "organization_id"),
        (Role.COLLEGE, "organization_id province_code"),
        (Role.PARTNER, ""),
        (Role.LEARNER, "learner_id"),
    ],
)
def test_a_role_has_exactly_the_scope_it_acts_in(role: Role, needs: str) -> None:
    every = {"organization_id": uuid.uuid4(), "province_code": "11", "learner_id": uuid.uuid4()}
    wanted = needs.split()
    nothing = dict.fromkeys(every)
    rules.check_scope(role, **nothing | {name: every[name] for name in wanted})
    for name, value in every.items():
        given = (
            {one: every[one] for one in wanted if one != name}
            if name in wanted
            else ({one: every[one] for one in wanted} | {name: value})
        )
        with pytest.raises(ScopeMissing if name in wanted else ScopeNotOfRole):
            rules.check_scope(role, **nothing | given)


@pytest.mark.rule("PP-37")
@pytest.mark.parametrize("role", [Role.PROVINCE, Role.TEO, Role.COLLEGE])
@pytest.mark.parametrize("kind", ["province", "teo", "college", "enterprise"])
def test_a_role_acts_for_an_organization_of_its_kind(role: Role, kind: str) -> None:
    if kind == role.value:
        rules.check_kind(role, kind)
    else:
        with pytest.raises(OrganizationOfAnotherKind):
            rules.check_kind(role, kind)


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("TRIES", 5),
        ("TRIED_WITHIN", timedelta(minutes=15)),
        ("CALM_AFTER", timedelta(days=1)),
        ("LOCKED_FOR", tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))),
        ("TOKEN_LIFETIME", timedelta(minutes=15)),
        ("SESSION_LIFETIME", timedelta(hours=12)),
        ("SESSION_IDLE", timedelta(hours=1)),
        ("OLD_SECRET_STAYS", timedelta(days=1)),
        ("OLD_SECRET_AT_MOST", timedelta(days=90)),
        ("KEY_SIGNS_FOR", timedelta(days=90)),
        ("KEY_ANNOUNCED_BEFORE", timedelta(days=7)),
        ("KEY_KNOWN_FOR", timedelta(hours=1)),
        ("KEY_RETIRES_AFTER", timedelta(minutes=25, seconds=30)),
    ],
)
def test_the_terms_are_these(name: str, term: object) -> None:
    assert getattr(rules, name) == term
