"""Every failure is an RFC 9457 problem with a stable code, and none tells more than it should."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text
from werkzeug.test import Client, TestResponse

from onex.chassis.access import Role
from onex.chassis.problems import Refusal
from onex.chassis.web import Blueprint, Runtime, create_app
from services.creditbank.tables import AccessKey
from tests.harness.service import Service, json_of


def is_problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Hold that the answer is a problem of this status and code; return its members."""
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    members = json_of(answer)
    assert (members["status"], members["code"]) == (status, code)
    assert members["type"] == f"urn:onex:problem:{code}"
    assert members["title"]
    assert members["trace_id"]
    assert "11010519491231002X" not in answer.get_data(as_text=True)
    return dict(members)


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "not_found"),
        ("GET", "/things/not-a-uuid", {}, 404, "not_found"),
        ("DELETE", "/things/", {}, 405, "method_not_allowed"),
        ("POST", "/things/", {"json": {"name": "x" * 20_000}}, 413, "too_large"),
        ("POST", "/things/", {"data": "name=x", "content_type": "text/plain"}, 415, "media_type"),
        ("POST", "/things/", {"data": b"{oops", "content_type": "application/json"}, 400, "malformed"),
        ("POST", "/things/", {"data": b"\xff\xfe", "content_type": "application/json"}, 400, "malformed"),
        ("POST", "/things/", {"json": {}}, 422, "invalid"),
        ("POST", "/things/", {"json": {"name": 7}}, 422, "invalid"),
        ("POST", "/things/", {"json": ["name"]}, 422, "invalid"),
        ("POST", "/things/late-refusal", {}, 409, "full"),
        ("GET", "/things/broken", {}, 500, "internal"),
        ("GET", "/things/aborted", {}, 418, "http_418"),
        ("GET", "/things/guarded", {}, 401, "token_missing"),
        ("GET", "/things/guarded", {"headers": {"Authorization": "Basic abc"}}, 401, "token_missing"),
        ("GET", "/things/guarded", {"headers": {"Authorization": "Bearer abc"}}, 401, "token_invalid"),
    ],
)
def test_each_failure_has_its_status_and_its_code(
    web: Client, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    is_problem(web.open(f"/creditbank/v1{path}", method=method, **options), status, code)


def test_a_wrong_field_is_named(web: Client) -> None:
    members = is_problem(web.post("/creditbank/v1/things/", json={"name": 7}), 422, "invalid")
    assert members["errors"]["json"]["name"]


def test_a_refusal_carries_its_detail_its_clause_and_its_facts(web: Client) -> None:
    members = is_problem(web.post("/creditbank/v1/things/late-refusal"), 409, "full")
    assert (members["detail"], members["clause"], members["places"]) == ("No room at the site.", "OP-23", 30)
    assert members["instance"] == "/creditbank/v1/things/late-refusal"


def test_the_wrong_role_is_told_which_roles_may(web: Client, creditbank: Service) -> None:
    token = {"Authorization": f"Bearer {creditbank.token(Role.LEARNER)}"}
    members = is_problem(web.get("/creditbank/v1/things/guarded", headers=token), 403, "role_not_allowed")
    assert "province" in members["detail"]


def test_a_failure_shows_no_exception_and_no_place_in_the_code(web: Client) -> None:
    shown = web.get("/creditbank/v1/things/broken").get_data(as_text=True)
    assert not [word for word in ("ValueError", "Traceback", ".py", "身份证") if word in shown]


def test_when_the_database_is_away_the_answer_is_to_try_again(web_without_database: Client) -> None:
    answer = web_without_database.get("/creditbank/v1/things/database")
    is_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_what_needs_no_database_is_answered_without_one(web_without_database: Client) -> None:
    assert web_without_database.get(f"/creditbank/v1/things/{uuid.uuid4()}").status_code == 200


def made(creditbank: Service) -> int:
    with creditbank.database.session() as session:
        return int(session.scalar(text("SELECT count(*) FROM inbox WHERE consumer = 'thing'")) or 0)


def test_a_request_that_is_answered_is_committed_and_one_that_is_refused_is_not(
    web: Client, creditbank: Service
) -> None:
    assert web.post("/creditbank/v1/things/", json={"name": "a"}).status_code == 201
    web.post("/creditbank/v1/things/late-refusal")
    assert made(creditbank) == 1


def test_a_refused_request_may_be_sent_again_under_its_idempotency_key(web: Client, creditbank: Service) -> None:
    key = {"Idempotency-Key": "k-1", "Authorization": f"Bearer {creditbank.token(Role.OPERATOR)}"}
    assert web.post("/creditbank/v1/things/", json={}, headers=key).status_code == 422
    assert web.post("/creditbank/v1/things/", json={"name": "a"}, headers=key).status_code == 201
    assert web.post("/creditbank/v1/things/", json={"name": "a"}, headers=key).headers["Idempotent-Replayed"] == "true"
    assert made(creditbank) == 1


def test_an_idempotency_key_that_is_too_long_is_refused(web: Client, creditbank: Service) -> None:
    key = {"Idempotency-Key": "k" * 201, "Authorization": f"Bearer {creditbank.token(Role.OPERATOR)}"}
    is_problem(web.post("/creditbank/v1/things/", json={"name": "a"}, headers=key), 400, "malformed")


def test_strangers_do_not_share_idempotency_keys(web: Client, creditbank: Service) -> None:
    key = {"Idempotency-Key": "1"}
    for name in ("a", "b"):
        answer = web.post("/creditbank/v1/things/", json={"name": name}, headers=key)
        assert answer.status_code == 201
        assert answer.json == {"name": name}
        assert "Idempotent-Replayed" not in answer.headers
    assert made(creditbank) == 2


def test_an_app_with_a_door_nobody_decided_about_does_not_start(creditbank: Service) -> None:
    blp = Blueprint("open", "open")

    @blp.route("/open")
    def forgotten() -> dict[str, str]:
        return {}

    with pytest.raises(RuntimeError, match="says neither"):
        create_app("Open", Runtime.of(creditbank.settings, AccessKey), [blp])


def test_a_refusals_problem_has_the_members_of_rfc_9457() -> None:
    assert Refusal("why").problem() == {
        "type": "urn:onex:problem:refused",
        "title": "The rules do not allow this",
        "status": 409,
        "code": "refused",
        "detail": "why",
    }
