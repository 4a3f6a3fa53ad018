"""Machine clients: who sees them, how their secrets change without a pause, how they are shut out."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from tests.harness.service import json_of
from tests.registry.identity.desk import Desk
from tests.registry.world import API


def token_of(desk: Desk, client_id: str, secret: str) -> tuple[int, Any]:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    answer = desk.registry.call("POST", f"{API}/oauth/token", data=form)
    return answer.status_code, json_of(answer)


def partner(desk: Desk, client_id: str = "partner-1") -> Any:
    return desk.world.post("/clients", {"client_id": client_id, "role": "partner"})


def test_a_new_secret_is_good_at_once_and_the_old_one_until_the_moment_stated(desk: Desk) -> None:
    made = partner(desk)
    until = clock.now() + timedelta(hours=2)
    renewed = desk.world.post(f"/clients/{made['id']}/secrets", {"old_valid_until": until.isoformat()})
    old, new = made["client_secret"], renewed["client_secret"]
    assert old != new
    assert {token_of(desk, "partner-1", secret)[0] for secret in (old, new)} == {200}
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert token_of(desk, "partner-1", old)[0] == 200
    with time_machine.travel(until, tick=False):
        assert token_of(desk, "partner-1", old)[0] == 401
        assert token_of(desk, "partner-1", new)[0] == 200


def test_two_secrets_are_valid_at_once_and_never_three(desk: Desk) -> None:
    made = partner(desk)
    second = desk.world.post(f"/clients/{made['id']}/secrets", {})["client_secret"]
    third = desk.world.post(f"/clients/{made['id']}/secrets", {})["client_secret"]
    assert [token_of(desk, "partner-1", one)[0] for one in (made["client_secret"], second, third)] == [401, 200, 200]


def test_a_moment_that_has_passed_ends_the_old_secret_at_once(desk: Desk) -> None:
    made = partner(desk)
    renewed = desk.world.post(f"/clients/{made['id']}/secrets", {"old_valid_until": "2020-01-01T00:00:00Z"})
    assert renewed["previous_secret_valid_until"] is None
    assert token_of(desk, "partner-1", made["client_secret"])[0] == 401


def test_an_old_secret_may_not_stay_for_ever(desk: Desk) -> None:
    made = partner(desk)
    far = (clock.now() + timedelta(days=91)).isoformat()
    refused = desk.world.post(f"/clients/{made['id']}/secrets", {"old_valid_until": far}, expect=422)
    assert refused["code"] == "secret_kept_too_long"
    assert token_of(desk, "partner-1", made["client_secret"])[0] == 200


def test_a_client_renews_its_own_secret_and_no_others(desk: Desk) -> None:
    mine, others = partner(desk, "partner-1"), partner(desk, "partner-2")
    token = token_of(desk, "partner-1", mine["client_secret"])[1]["access_token"]
    path = API + "/clients/{}/secrets"
    answer = desk.registry.call("POST", path.format(mine["id"]), token=token, json={}, expect=201)
    assert answer.headers["Cache-Control"] == "no-store"
    desk.registry.call("POST", path.format(others["id"]), token=token, json={}, expect=404)
    assert token_of(desk, "partner-2", others["client_secret"])[0] == 200


def test_who_was_disabled_takes_no_other_client_over_with_a_token_that_still_lives(desk: Desk) -> None:
    teo = desk.world.post("/organizations", desk.world.teo_body())["id"]
    clients = [
        desk.world.post("/clients", {"client_id": name, "role": "teo", "organization_id": teo})
        for name in ("teo-1", "teo-2")
    ]
    person = desk.person("zhang.san", {"role": "teo", "organization_id": teo})
    callers = {
        f"/clients/{clients[0]['id']}": token_of(desk, "teo-1", clients[0]["client_secret"])[1]["access_token"],
        f"/people/{person['id']}": desk.sign_in()["access_token"],
    }
    for caller, token in callers.items():
        for of_whom in clients:
            path = f"{API}/clients/{of_whom['id']}/secrets"
            desk.registry.call("POST", path, token=token, json={}, expect=201)
            desk.world.post(f"{caller}/disabling", expect=200)
            refused = desk.registry.call("POST", path, token=token, json={}, expect=403)
            assert json_of(refused)["code"] == "role_not_allowed"
            desk.world.post(f"{caller}/enabling", expect=200)


def test_a_disabled_client_gets_no_token_until_it_is_enabled(desk: Desk) -> None:
    made = partner(desk)
    shown = desk.world.post(f"/clients/{made['id']}/disabling", expect=200)
    assert shown["disabled_by"] == "test-operator-"
    status, refusal = token_of(desk, "partner-1", made["client_secret"])
    assert (status, refusal["error"]) == (401, "invalid_client")
    assert desk.world.post(f"/clients/{made['id']}/disabling", expect=409)["code"] == "access_is_disabled"
    assert desk.world.post(f"/clients/{made['id']}/enabling", expect=200)["disabled_at"] is None
    assert desk.world.post(f"/clients/{made['id']}/enabling", expect=409)["code"] == "access_is_enabled"
    assert token_of(desk, "partner-1", made["client_secret"])[0] == 200


def test_the_day_a_client_was_last_given_a_token_is_kept_and_no_more(desk: Desk) -> None:
    made = partner(desk)
    assert desk.world.get(f"/clients/{made['id']}")["last_used_on"] is None
    token_of(desk, "partner-1", "wrong")
    assert desk.world.get(f"/clients/{made['id']}")["last_used_on"] is None
    token_of(desk, "partner-1", made["client_secret"])
    assert desk.world.get(f"/clients/{made['id']}")["last_used_on"] == str(clock.today())


@pytest.mark.rule("PP-01", "PP-37")
def test_a_regulator_sees_all_clients_and_everyone_else_those_of_the_same_organization(desk: Desk) -> None:
    teos = [desk.world.post("/organizations", desk.world.teo_body(number))["id"] for number in (1, 2)]
    for teo in teos:
        for name in ("a", "b"):
            body = {"client_id": f"teo-{teo[-4:]}-{name}", "role": "teo", "organization_id": teo}
            desk.world.post("/clients", body)
    for role in (Role.OPERATOR, Role.MINISTRY):
        assert len(desk.world.get("/clients", role)["items"]) == 5
    seen = desk.world.get("/clients", Role.TEO, organization_id=uuid.UUID(teos[0]))["items"]
    assert {one["organization_id"] for one in seen} == {teos[0]}
    assert len(seen) == 2
    assert desk.world.get("/clients", Role.PARTNER)["items"] == []
    other = desk.world.get(f"/clients?organization_id={teos[1]}")["items"][0]["id"]
    desk.world.get(f"/clients/{other}", Role.TEO, expect=404, organization_id=uuid.UUID(teos[0]))
    for role in (Role.TEO, Role.COLLEGE, Role.MINISTRY):
        foreign = {"organization_id": uuid.UUID(teos[0])}
        assert desk.world.post(f"/clients/{other}/secrets", {}, role, 404, **foreign)["code"] == "not_found"
    assert "secret" not in str(seen).replace("secret_made_at", "").replace("previous_secret_valid_until", "")


@pytest.mark.parametrize("secret", ["x" * 1_000_000, "é" * 2000, "\x00"])
def test_no_secret_is_too_strange_to_be_wrong(desk: Desk, secret: str) -> None:
    form = {"grant_type": "client_credentials", "client_id": "operator"}
    data = b"&".join(f"{name}={value}".encode() for name, value in form.items())
    data += b"&client_secret=" + secret.encode()
    kind = "application/x-www-form-urlencoded"
    answer = desk.registry.call("POST", f"{API}/oauth/token", data=data, content_type=kind)
    assert (answer.status_code, json_of(answer)["error"]) == (401, "invalid_client")
