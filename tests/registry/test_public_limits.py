"""Doors that are open to everyone let one address through only so often (PP-30, PP-27); nobody else waits for it."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client as WsgiClient
from werkzeug.wrappers import Response

from onex.chassis.web import limits
from onex.chassis.web.limits import BURST
from onex.cli.services import web_of
from tests.attack.doors import flask_app_of
from tests.harness.service import Service, json_of
from tests.registry.world import API

LIMITED = [
    ("POST", f"{API}/opinions"),
    ("POST", f"{API}/opinions/lookup"),
    ("POST", "/registry/opinions"),
    ("POST", "/registry/opinions/answer"),
    ("POST", f"{API}/notices/{uuid.UUID(int=1)}/objections"),
    ("GET", f"{API}/objections/receipts/none"),
    ("POST", f"{API}/sessions"),
    ("POST", f"{API}/sessions/refresh"),
    ("POST", f"{API}/passwords"),
]
# Doors that are open to everyone and change something, and need no limit of ours, with the reason.
UNLIMITED = {
    f"{API}/oauth/token": "machines ask for tokens as often as they need them, and nginx limits who tries secrets out",
    f"{API}/oauth/revoke": "only who holds a token can end it",
}


@pytest.fixture(autouse=True)
def slow_to_refill(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, no token comes back while a test knocks."""
    monkeypatch.setattr(limits, "RATE_PER_S", 0.000_1)


@pytest.mark.rule("PP-30", "PP-27")
@pytest.mark.parametrize(("method", "path"), LIMITED)
def test_an_address_that_knocks_too_often_is_told_when_to_come_again(
    service: Callable[[str], Service], method: str, path: str
) -> None:
    registry = service("registry")

    def knock(address: str) -> Any:
        body = {} if "/v1/" not in path or method == "GET" else {"json": {}}
        return registry.call(method, path, environ_overrides={"REMOTE_ADDR": address}, **body)

    assert {knock("192.0.2.1").status_code for _ in range(BURST)}.isdisjoint({429, 500})
    refused = knock("192.0.2.1")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert json_of(refused)["code"] == "too_many_requests"
    assert int(refused.headers["Retry-After"]) >= 1
    assert knock("192.0.2.2").status_code not in (429, 500)


def test_every_writing_door_that_is_open_to_everyone_is_limited(service: Callable[[str], Service]) -> None:
    app = flask_app_of(service("registry"))
    open_doors = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and app.view_functions[rule.endpoint].onex_roles == frozenset()  # type: ignore[attr-defined]
    }
    limited = {path.replace(str(uuid.UUID(int=1)), "<uuid:application_id>") for method, path in LIMITED}
    assert open_doors - limited == set(UNLIMITED)


@pytest.mark.parametrize(("proxies", "waits"), [("192.0.2.0/24", True), ("127.0.0.0/8", False)])
def test_what_a_caller_says_of_his_address_counts_only_behind_a_proxy(
    service: Callable[[str], Service], proxies: str, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEX_TRUSTED_PROXIES", proxies)
    web = web_of("registry", service("registry").settings)
    client = WsgiClient(web.routes["/registry"], Response)

    def knock(said: str) -> int:
        nearby = {"REMOTE_ADDR": "127.0.0.1"}
        answer = client.post(f"{API}/opinions", json={}, headers={"X-Forwarded-For": said}, environ_overrides=nearby)
        return int(answer.status_code)

    for number in range(BURST):
        assert knock(f"203.0.113.{number}") == 422
    assert (knock("198.51.100.1") == 429) is waits
    if not waits:  # the last proxy's word counts, not what the caller put before it
        assert {knock("203.0.113.99") for _ in range(BURST)} == {422}
        assert knock("198.51.100.1, 203.0.113.99") == 429
