"""The token endpoint: every way to send a secret, every way to send it wrongly, and what strangers learn from it."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from onex.chassis.access import Role
from onex.chassis.web.bodies import MAX_PARSED_BYTES
from tests.harness.service import Service, json_of

PATH = "/registry/v1/oauth/token"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def registry(service: Callable[[str], Service]) -> Service:
    from services.registry.identity.actions import ensure_signing_key

    used = service("registry")
    with used.database.transaction() as session:
        ensure_signing_key(session, used.vault)
    return used


@pytest.fixture
def secret(registry: Service) -> str:
    body = {"client_id": "auditor", "role": "ministry"}
    made = registry.call("POST", "/registry/v1/clients", role=Role.OPERATOR, json=body, expect=201)
    return str(json_of(made)["client_secret"])


def basic(text: bytes) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(text).decode()}


def ask(registry: Service, headers: dict[str, str] | None = None, **form: str) -> TestResponse:
    return registry.call("POST", PATH, data=GRANT | form, headers=headers or {})


def test_a_secret_may_be_sent_by_http_basic_or_in_the_form(registry: Service, secret: str) -> None:
    assert ask(registry, client_id="auditor", client_secret=secret).status_code == 200
    assert ask(registry, basic(f"auditor:{secret}".encode())).status_code == 200


def test_a_token_is_given_under_whatever_name_the_proxy_knows_us_by(registry: Service, secret: str) -> None:
    for host in ("onex.example.cn", "web:8000", "localhost", "[::1]"):
        answer = ask(registry, {"Host": host}, client_id="auditor", client_secret=secret)
        assert answer.status_code == 200, host


def test_an_idempotency_key_gives_nobody_anothers_token(registry: Service, secret: str) -> None:
    key = {"Idempotency-Key": "1"}
    assert ask(registry, key | basic(f"auditor:{secret}".encode())).status_code == 200
    for stranger in ({}, basic(b"auditor:wrong"), basic(b"nobody:wrong")):
        assert ask(registry, key | stranger).status_code == 401


def test_that_a_client_is_not_known_is_not_told(registry: Service, secret: str) -> None:
    wrong = ask(registry, client_id="auditor", client_secret="wrong")
    unknown = ask(registry, client_id="nobody", client_secret="wrong")
    assert (wrong.status_code, wrong.get_data()) == (unknown.status_code, unknown.get_data())
    assert json_of(wrong)["error"] == "invalid_client"
    wrong, unknown = (ask(registry, basic(text)) for text in (b"auditor:wrong", b"nobody:wrong"))
    assert (wrong.status_code, wrong.get_data()) == (unknown.status_code, unknown.get_data())


@pytest.mark.parametrize(
    "headers",
    [
        basic(b"\xff\xfe:\xff"), basic(b"a\x00:b\x00"), basic(b""), basic(b":"), basic(b"auditor"), basic(b"%00:%ff"),
        {"Authorization": "Basic \xe9"}, {"Authorization": "Basic"}, {"Authorization": "Basic ="}, {"Authorization": ""},
        {"Authorization": "Bearer x"}, {"Authorization": "\xff"},
    ],
)  # fmt: skip
def test_credentials_that_cannot_be_read_are_wrong_ones(registry: Service, headers: dict[str, str]) -> None:
    answer = ask(registry, headers)
    assert answer.status_code == 401
    assert json_of(answer)["error"] == "invalid_client"


def test_a_form_that_is_too_large_is_not_read(registry: Service) -> None:
    for headers in ({}, {"Idempotency-Key": "1"}):
        answer = registry.call("POST", PATH, data=GRANT | {"client_id": "a" * MAX_PARSED_BYTES}, headers=headers)
        assert (answer.status_code, json_of(answer)["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "form",
    [
        {}, {"grant_type": ""}, {"grant_type": "password"}, {"grant_type": "client_credentials\x00"},
        {"grant_type": ["client_credentials", "password"], "client_id": ["a", "b"]},
        {"grant_type": "client_credentials", "client_id": "\x00", "client_secret": "\x00"},
        {"grant_type": "client_credentials", "client_id": "a" * 100_000, "client_secret": "a" * 100_000},
        {"grant_type": "client_credentials", "client_id": "auditor", "client_secret": "wrong", "scope": "\x00"},
    ],
)  # fmt: skip
def test_a_form_that_is_not_right_gets_an_error_of_oauths(registry: Service, form: dict[str, Any]) -> None:
    answer = registry.call("POST", PATH, data=form)
    assert answer.status_code in (400, 401)
    assert json_of(answer)["error"] in ("invalid_client", "unsupported_grant_type", "invalid_request")
