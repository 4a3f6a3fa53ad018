"""Signing in: with the right password, never with a wrong one, not too often; refresh tokens that are good once."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from argon2 import extract_parameters
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from services.registry.identity import hashing
from services.registry.identity.rules import LOCKED_FOR, SESSION_IDLE, SESSION_LIFETIME, TRIES
from tests.harness.service import json_of
from tests.registry.identity.desk import PASSWORD, Desk
from tests.registry.world import API

SECOND = timedelta(seconds=1)
WRONG = "not the right password"


def outcomes(desk: Desk) -> list[tuple[str, int]]:
    return [(one["outcome"], one["failures"]) for one in reversed(desk.world.get("/sign-ins")["items"])]


def fail(desk: Desk, times: int, username: str = "zhang.san") -> None:
    for _ in range(times):
        assert desk.sign_in(username, WRONG, expect=401)["code"] == "sign_in_failed"


def test_name_and_password_give_a_token_that_every_door_takes(desk: Desk) -> None:
    person = desk.operator()
    answer = desk.registry.call(
        "POST", f"{API}/sessions", json={"username": " Zhang.San", "password": PASSWORD}, expect=201
    )
    tokens = json_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert (tokens["token_type"], tokens["expires_in"], tokens["role"]) == ("Bearer", 900, "operator")
    assert desk.get("/me", tokens["access_token"])["subject"] == f"person:{person['id']}"
    body = desk.world.teo_body()
    made = desk.registry.call("POST", f"{API}/organizations", token=tokens["access_token"], json=body, expect=201)
    assert outcomes(desk) == [("signed_in", 0)]
    with desk.registry.database.session() as session:
        named = text("SELECT DISTINCT actor, role FROM change WHERE table_name IN ('sign_in', 'organization')")
        assert session.execute(named).all() == [(f"person:{person['id']}", "operator")]
    assert json_of(made)["name_en"] == body["name_en"]


def test_an_assigned_password_opens_nothing_but_the_door_that_changes_it(desk: Desk) -> None:
    made = desk.person("zhang.san", {"role": "operator"}, password=None)
    assert desk.sign_in(password=made["password"], expect=403)["code"] == "password_change_required"
    change = {"username": "zhang.san", "password": made["password"], "new_password": PASSWORD}
    desk.public("/passwords", change, expect=204)
    assert desk.sign_in()["role"] == "operator"
    assert desk.sign_in(password=made["password"], expect=401)["code"] == "sign_in_failed"


@pytest.mark.parametrize(
    ("new", "code"),
    [("short", "password_too_short"), ("password1234", "password_too_common"), (PASSWORD, "password_unchanged")],
)
def test_a_password_that_is_not_taken_changes_nothing(desk: Desk, new: str, code: str) -> None:
    desk.operator()
    tokens = desk.sign_in()
    change = {"username": "zhang.san", "password": PASSWORD, "new_password": new}
    assert desk.public("/passwords", change, expect=422)["code"] == code
    desk.refresh(tokens["refresh_token"])
    desk.sign_in()


def test_a_changed_password_ends_every_session(desk: Desk) -> None:
    desk.operator()
    one, other = desk.sign_in(), desk.sign_in()
    change = {"username": "zhang.san", "password": PASSWORD, "new_password": "another harbour, other lamps"}
    desk.public("/passwords", change, expect=204)
    for tokens in (one, other):
        assert desk.refresh(tokens["refresh_token"], expect=401)["code"] == "session_invalid"
    assert {seen["ended_why"] for seen in desk.world.get("/sessions")["items"]} == {"password_changed"}
    desk.sign_in(expect=401)
    desk.sign_in(password="another harbour, other lamps")


def test_an_operator_assigns_a_new_password_to_somebody_who_forgot_it(desk: Desk) -> None:
    person = desk.operator()
    tokens = desk.sign_in()
    assigned = desk.world.post(f"/people/{person['id']}/password")["password"]
    assert desk.refresh(tokens["refresh_token"], expect=401)["code"] == "session_invalid"
    assert desk.sign_in(expect=401)["code"] == "sign_in_failed"
    assert desk.sign_in(password=assigned, expect=403)["code"] == "password_change_required"


def test_a_password_is_the_same_however_a_keyboard_writes_it(desk: Desk) -> None:
    desk.person("zhang.san", {"role": "operator"}, password="ｆｏｕｒ café lamps")
    desk.sign_in(password="four cafe\u0301 lamps")
    desk.sign_in(password="Four café lamps", expect=401)


def test_the_name_is_locked_after_some_wrong_passwords_and_opens_with_time(desk: Desk) -> None:
    desk.operator()
    with time_machine.travel(clock.now(), tick=False) as now:
        fail(desk, TRIES)
        for password in (WRONG, PASSWORD):
            refused = desk.sign_in(password=password, expect=429)
            assert (refused["code"], refused["retry_after_s"]) == ("sign_in_locked", LOCKED_FOR[0].seconds + 1)
        now.shift(LOCKED_FOR[0])
        desk.sign_in()
        fail(desk, TRIES)  # the right password began the count anew
        now.shift(LOCKED_FOR[0])
        fail(desk, TRIES)
        now.shift(LOCKED_FOR[1] - SECOND)
        desk.sign_in(expect=429)
        now.shift(SECOND)
        desk.sign_in()
    assert outcomes(desk) == [
        ("locked", TRIES), ("signed_in", TRIES), ("locked", TRIES), ("locked", 2 * TRIES), ("signed_in", 2 * TRIES)
    ]  # fmt: skip


def test_the_right_password_at_the_last_try_signs_in(desk: Desk) -> None:
    desk.operator()
    fail(desk, TRIES - 1)
    desk.sign_in()
    fail(desk, TRIES - 1)
    desk.sign_in()


def test_an_operator_unlocks_a_name_and_it_is_on_record(desk: Desk) -> None:
    person = desk.operator()
    fail(desk, TRIES)
    desk.sign_in(expect=429)
    desk.world.post(f"/people/{person['id']}/unlocking", expect=200)
    desk.world.post(f"/people/{person['id']}/unlocking", expect=200)  # nothing to unlock: nothing on record
    desk.sign_in()
    assert outcomes(desk) == [("locked", TRIES), ("unlocked", TRIES), ("signed_in", 0)]


def test_a_stranger_learns_of_no_name_whether_somebody_has_it(desk: Desk) -> None:
    desk.operator()
    for username in ("zhang.san", "nobody", "x", "李四", "' OR 1=1 --"):
        answers = [
            desk.registry.call("POST", f"{API}/sessions", json={"username": username, "password": WRONG})
            for _ in range(TRIES + 1)
        ]
        codes = [(one.status_code, json_of(one)["code"], json_of(one)["title"]) for one in answers]
        assert codes[:TRIES] == [(401, "sign_in_failed", "User name or password is wrong")] * TRIES
        assert codes[TRIES][:2] == (429, "sign_in_locked")
    with desk.registry.database.session() as session:
        kept = str(session.execute(text("SELECT * FROM sign_in_guard")).all())
    assert "nobody" not in kept


def test_a_name_that_nobody_has_costs_a_hash_as_any_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.operator()
    compared: list[bool] = []
    real = hashing.is_right

    def counted(kept: str | None, secret: str) -> bool:
        compared.append(kept is not None)
        return real(kept, secret)

    monkeypatch.setattr(hashing, "is_right", counted)
    fail(desk, 1, "zhang.san")
    fail(desk, 1, "nobody")
    assert compared == [True, False]


def test_what_is_compared_for_nobody_is_a_hash_of_the_same_work(desk: Desk) -> None:
    compared: list[str] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

        def verify(self, kept: str, secret: str) -> bool:
            compared.append(kept)
            return hasher.verify(kept, secret)

    hasher, hashing._hasher = hashing._hasher, Watched()  # type: ignore[assignment]
    for kept in (hasher.hash("x"), None):
        assert not hashing.is_right(kept, WRONG)
    right, nobodys = (extract_parameters(one) for one in compared)
    assert right == nobodys


def test_many_attempts_at_once_are_no_more_than_the_tries(desk: Desk) -> None:
    desk.operator()

    def attempt(_: int) -> int:
        body = {"username": "zhang.san", "password": WRONG}
        return desk.registry.call("POST", f"{API}/sessions", json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(attempt, range(3 * TRIES)))
    assert statuses == [401] * TRIES + [429] * 2 * TRIES
    assert outcomes(desk) == [("locked", TRIES)]


def test_no_more_hashes_are_made_at_once_than_the_memory_is_meant_for(desk: Desk) -> None:
    running, most = [0], [0]
    count, together = threading.Lock(), threading.Barrier(hashing.AT_ONCE, timeout=60)  # each waits for the others
    real = hashing._hasher.verify

    class Watched:
        def verify(self, kept: str, secret: str) -> bool:
            with count:
                running[0] += 1
                most[0] = max(most[0], running[0])
            try:
                together.wait()
                return real(kept, secret)
            finally:
                with count:
                    running[0] -= 1

    kept = hashing.hashed("x")
    hasher, hashing._hasher = hashing._hasher, Watched()  # type: ignore[assignment]
    try:
        with ThreadPoolExecutor(hashing.AT_ONCE + hashing.MAY_WAIT) as pool:
            assert not any(pool.map(lambda n: hashing.is_right(kept, str(n)), range(8 * hashing.AT_ONCE)))
    finally:
        hashing._hasher = hasher
    assert most[0] == hashing.AT_ONCE


def test_a_refresh_token_is_good_once_and_gives_the_next(desk: Desk) -> None:
    desk.operator()
    first = desk.sign_in()
    second = desk.refresh(first["refresh_token"])
    third = desk.refresh(second["refresh_token"])
    assert len({one["refresh_token"] for one in (first, second, third)}) == 3
    assert {one["session_id"] for one in (second, third)} == {first["session_id"]}
    desk.get("/me", third["access_token"])


def test_a_spent_refresh_token_that_comes_again_ends_the_session(desk: Desk) -> None:
    desk.operator()
    first = desk.sign_in()
    other = desk.sign_in()
    second = desk.refresh(first["refresh_token"])
    assert desk.refresh(first["refresh_token"], expect=401)["code"] == "session_invalid"
    assert desk.refresh(second["refresh_token"], expect=401)["code"] == "session_invalid"
    desk.refresh(other["refresh_token"])  # another session has nothing to do with it
    ended = {one["id"]: one["ended_why"] for one in desk.world.get("/sessions")["items"]}
    assert ended == {first["session_id"]: "reused", other["session_id"]: None}
    assert outcomes(desk)[-1] == ("reused", 0)


def test_of_exchanges_of_one_token_at_once_exactly_one_wins(desk: Desk) -> None:
    desk.operator()
    token = desk.sign_in()["refresh_token"]

    def exchange(_: int) -> Any:
        return desk.registry.call("POST", f"{API}/sessions/refresh", json={"refresh_token": token})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(exchange, range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [401] * 7
    (won,) = (json_of(one) for one in answers if one.status_code == 200)
    desk.refresh(won["refresh_token"], expect=401)  # the others were a second time


def test_a_session_ends_when_nothing_was_done_for_an_hour_and_after_a_working_day(desk: Desk) -> None:
    desk.operator()
    with time_machine.travel(clock.now(), tick=False) as now:
        idle, busy = desk.sign_in(), desk.sign_in()
        began = clock.now()
        now.shift(SESSION_IDLE - SECOND)
        busy = desk.refresh(busy["refresh_token"])
        now.shift(SECOND)
        assert desk.refresh(idle["refresh_token"], expect=401)["code"] == "session_invalid"
        while clock.now() + SESSION_IDLE / 2 < began + SESSION_LIFETIME:
            now.shift(SESSION_IDLE / 2)
            busy = desk.refresh(busy["refresh_token"])
        now.move_to(began + SESSION_LIFETIME - SECOND)
        busy = desk.refresh(busy["refresh_token"])
        now.shift(SECOND)
        assert desk.refresh(busy["refresh_token"], expect=401)["code"] == "session_invalid"


def test_signing_out_ends_the_session_and_is_no_error_twice(desk: Desk) -> None:
    desk.operator()
    tokens = desk.sign_in()
    for token in (tokens["refresh_token"], tokens["refresh_token"], "unknown", tokens["access_token"]):
        form = {"token": token, "token_type_hint": "refresh_token"}
        assert json_of(desk.registry.call("POST", f"{API}/oauth/revoke", data=form, expect=200)) == {}
    assert desk.refresh(tokens["refresh_token"], expect=401)["code"] == "session_invalid"
    assert [one["ended_why"] for one in desk.world.get("/sessions")["items"]] == ["signed_out"]


def test_a_session_is_ended_from_outside_by_its_person_or_an_operator(desk: Desk) -> None:
    desk.person("zhang.san", {"role": "partner"})
    desk.person("li.si", {"role": "partner"})
    mine, other, theirs = desk.sign_in(), desk.sign_in(), desk.sign_in("li.si")
    path = API + "/sessions/{}/end"
    token = mine["access_token"]
    desk.registry.call("POST", path.format(theirs["session_id"]), token=token, expect=404)
    desk.registry.call("POST", path.format(other["session_id"]), token=token, expect=200)
    assert json_of(desk.registry.call("POST", path.format(other["session_id"]), token=token, expect=409))["code"] == (
        "session_is_over"
    )
    desk.refresh(other["refresh_token"], expect=401)
    desk.world.post(f"/sessions/{theirs['session_id']}/end", expect=200)
    desk.refresh(theirs["refresh_token"], expect=401)
    desk.refresh(mine["refresh_token"])


def test_refresh_tokens_are_kept_as_hashes_and_forgotten_when_they_are_long_over(desk: Desk) -> None:
    desk.operator()
    token = desk.sign_in()["refresh_token"]
    with desk.registry.database.session() as session:
        kept = session.scalars(text("SELECT token_hash FROM refresh_token")).all()
    assert [bytes(one) for one in kept] == [hashlib.sha256(token.encode()).digest()]
    assert desk.registry.fire("forget_spent_tokens") is False
    desk.refresh(token)
    with time_machine.travel(clock.now() + SESSION_LIFETIME + SESSION_IDLE + SECOND, tick=False):
        for _ in range(2):
            assert desk.registry.fire("forget_spent_tokens") is False
    with desk.registry.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM refresh_token")) == 0
        assert session.scalar(text("SELECT count(*) FROM person_session")) == 1


def test_names_that_were_tried_are_forgotten_after_a_calm_day(desk: Desk) -> None:
    fail(desk, 1, "once")
    fail(desk, TRIES, "locked")

    def kept() -> int:
        desk.registry.fire("forget_old_attempts")
        with desk.registry.database.session() as session:
            return int(session.scalar(text("SELECT count(*) FROM sign_in_guard")) or 0)

    assert kept() == 2
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert kept() == 1
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        assert kept() == 0


def test_a_token_is_told_of_to_its_bearer_and_to_operators(desk: Desk) -> None:
    person = desk.person("zhang.san", {"role": "ministry"})
    tokens = desk.sign_in()

    def ask(about: str, role: Role | None = Role.OPERATOR, **who: Any) -> Any:
        form = {"token": about}
        return json_of(desk.registry.call("POST", f"{API}/oauth/introspect", role=role, data=form, expect=200, **who))

    for token, kind in ((tokens["access_token"], "Bearer"), (tokens["refresh_token"], "refresh_token")):
        told = ask(token)
        assert (told["active"], told["sub"], told["role"]) == (True, f"person:{person['id']}", "ministry")
        assert told["token_type"] == kind
        assert ask(token, None, token=tokens["access_token"]) == told
        assert ask(token, Role.PARTNER) == {"active": False}
    desk.refresh(tokens["refresh_token"])
    expired = desk.registry.token(Role.TEO, lifetime_s=-99)
    for token in (tokens["refresh_token"], "x", tokens["access_token"] + "x", expired):
        assert ask(token) == {"active": False}


@pytest.mark.parametrize(
    "body",
    [
        {}, [], None, 1, "x", {"username": "a"}, {"password": "a"}, {"username": 1, "password": 2},
        {"username": ["a"], "password": {"a": 1}}, {"username": "a\x00", "password": "b"}, {"username": "a", "password": "b\x00"},
        {"username": "a" * 65, "password": "b"}, {"username": "a", "password": "b" * 1_000_000},
        {"username": "", "password": "b"},
        {"username": "a", "password": "b", "role_id": "c"}, {"username": "a", "password": "b", "role": "operator"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/sessions", "/passwords", "/sessions/refresh"])
def test_a_body_that_is_not_right_is_refused_before_anything_is_hashed(desk: Desk, path: str, body: Any) -> None:
    answer = desk.registry.call("POST", API + path, json=body)
    assert answer.status_code in (400, 422), answer.get_data()
    with desk.registry.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM sign_in_guard")) == 0


@pytest.mark.parametrize("token", ["x", "\u4e2d" * 50, "' OR 1=1 --", "..", "a" * 256])
def test_a_refresh_token_that_was_never_given_out_is_refused(desk: Desk, token: str) -> None:
    assert desk.refresh(token, expect=401)["code"] == "session_invalid"
