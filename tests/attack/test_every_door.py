"""Whatever is sent to whichever door: never a 5xx, and every refusal a problem document with a stable code."""

import io
import json
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from werkzeug.test import TestResponse

from onex.chassis.access import Role
from onex.chassis.web.bodies import MAX_PARSED_BYTES
from tests.attack.doors import NOBODY, SERVICES, Door, body_with, doors_of
from tests.harness.service import Service

TOKEN_DOOR = "/registry/v1/oauth/token"
PAGES = ("/certificates/inquiry", "/certificates/presentation", "/registry/policies", "/registry/opinions")
CUTS_ITS_JSON_ITSELF = "/certificates/v1/elsewhere/certificates"
CODE = re.compile(r"[a-z][a-z0-9_]*\Z")
DEEP = b"[" * 100_000 + b"]" * 100_000
NOT_JSON = {
    "nothing": b"",
    "half an object": b'{"name": "a',
    "not UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "nested deep": DEEP,
    "an object nested deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "not a number": b'{"capacity": NaN, "year": Infinity}',
    "a number of many digits": b'{"capacity": ' + b"9" * 5_000 + b"}",
    "half a surrogate pair": b'{"name": "\\ud800", "client_id": "\\udfff"}',
    "random bytes": bytes(range(256)),
}
OTHER_JSON: list[Any] = [None, 1, -1.5, "text", True, [], [1], [[]], {}, {"": ""}, {"unknown": 1}, {"id": None}]
TEXTS = ["\x00", "a\x00b", "'; DROP TABLE job; --", "{{7*7}}", "<script>", "%s%n", "\u202e", "a\n", "x" * 100_000, ""]
NUMBERS = [0, -1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1.5, 1e308, "1", True, None, [], {}]
QUERIES = [
    "size=0", "size=-1", "size=1000000000", "size=99999999999999999999999", "size=a", "size=", "size=1&size=2",
    "cursor=", "cursor=a", "cursor=%00", "cursor=%FF", "cursor=" + "A" * 22, "cursor=" + "A" * 5000, "cursor=é",
    "year=99999999999", "year=-1", "state=%00", "teo_id=%00", "plan_id=1", "kind=%00", "code=%00", "unknown=%00",
    "certificate_type_id=%F0%9F", "excel=%00",
]  # fmt: skip


def is_well_answered(door: Door, answer: TestResponse, what: str) -> None:
    """Not broken; and if refused, then as RFC 9457 has it (the token endpoint: RFC 6749 section 5.2)."""
    told = f"{door.method} {door.rule}, {what}: {answer.status_code} {answer.get_data(as_text=True)[:300]}"
    assert answer.status_code < 500, told
    if answer.status_code < 400:
        return
    if door.rule.startswith(PAGES) and answer.mimetype == "text/html":
        return
    body = orjson.loads(answer.get_data())
    if door.rule == TOKEN_DOOR and answer.mimetype == "application/json":
        assert CODE.match(body["error"]), told
        return
    assert answer.mimetype == "application/problem+json", told
    assert CODE.match(body["code"]), told
    assert body["status"] == answer.status_code, told
    assert body["type"].endswith(body["code"]), told
    assert not re.search("Traceback|psycopg", str(body)), told


Send = Callable[..., TestResponse]


@pytest.fixture(params=SERVICES)
def attacked(request: pytest.FixtureRequest, service: Callable[[str], Service]) -> Service:
    return service(request.param)


def sender(service: Service, door: Door) -> Send:
    """Sends to the door as one who may enter."""
    role = min(door.roles) if door.roles else None
    token = service.token(role, NOBODY, "32", NOBODY) if role else None

    def send(what: str, path: str | None = None, **options: Any) -> TestResponse:
        answer = service.call(door.method, path or door.path(), token=token, **options)
        is_well_answered(door, answer, what)
        return answer

    return send


def test_every_service_has_doors_and_every_kind_of_door_is_among_them(service: Callable[[str], Service]) -> None:
    doors = [door for name in SERVICES for door in doors_of(service(name))]
    assert {door.rule.split("/")[1] for door in doors} == set(SERVICES)
    assert any(door.reads_json for door in doors)
    assert {door.method for door in doors} >= {"GET", "POST"}


def test_a_guarded_door_opens_to_no_token_but_a_good_one_of_its_roles(attacked: Service) -> None:
    expired = attacked.token(Role.OPERATOR, lifetime_s=-3600)
    good = attacked.token(Role.OPERATOR)
    head, _, signature = good.rpartition(".")
    garbage = ["x", "a.b.c", "é", "\t", head + ".", f"{head}.{signature[::-1]}", "." * 10_000, "A" * 50_000]
    for door in doors_of(attacked):
        if not door.roles:
            continue
        send = sender(attacked, door)
        nobody = attacked.call(door.method, door.path())
        is_well_answered(door, nobody, "no token")
        assert nobody.status_code == 401, door
        assert orjson.loads(nobody.get_data())["code"] == "token_missing"
        assert "WWW-Authenticate" in nobody.headers
        late = attacked.call(door.method, door.path(), token=expired)
        assert (late.status_code, orjson.loads(late.get_data())["code"]) == (401, "token_expired"), door
        for token in garbage:
            answer = attacked.call(door.method, door.path(), headers={"Authorization": f"Bearer {token}"})
            is_well_answered(door, answer, f"token {token[:20]!r}")
            assert answer.status_code == 401, (door, token[:20])
        for scheme in ("Basic YTpi", "bearer", "Bearer", "Negotiate x", good, "Basic \xff"):
            answer = attacked.call(door.method, door.path(), headers={"Authorization": scheme})
            assert answer.status_code == 401, (door, scheme)
        for role in set(Role) - door.roles:
            answer = attacked.call(door.method, door.path(), role=role, organization_id=NOBODY, json={})
            is_well_answered(door, answer, f"role {role}")
            assert answer.status_code == 403, (door, role)
        send("a role that may enter")


def test_an_unknown_or_malformed_id_is_not_found(attacked: Service) -> None:
    for door in doors_of(attacked):
        if "<" not in door.rule:
            continue
        send = sender(attacked, door)
        for value in (NOBODY, uuid.uuid4(), "1", "%00", "%FF", "..", "%2e%2e%2f", "null", "'", "A" * 5000, "é"):
            answer = send(f"id {value}", door.path(value))
            if "uuid:" in door.rule and isinstance(value, str) and value != "..":
                assert answer.status_code in (404, 405), (door, value)  # 405: another door has this address


def test_what_is_not_json_is_malformed(attacked: Service) -> None:
    for door in doors_of(attacked):
        if not door.reads_json:
            continue
        send = sender(attacked, door)
        for what, data in NOT_JSON.items():
            answer = send(what, data=data, content_type="application/json")
            assert answer.status_code in (400, 403, 404, 409, 422), (door, what)
            if what.startswith("half") or "UTF" in what or "deep" in what:
                assert answer.status_code == 400, (door, what)
        for content_type in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "x", "a/b; \xff"):
            answer = send(content_type, data=b'{"a": 1}', content_type=content_type)
            assert answer.status_code == 415, (door, content_type)


def test_json_that_is_too_large_is_not_read(attacked: Service) -> None:
    """But by one door, which makes no objects of it and takes a million rows."""
    body = b" " * (MAX_PARSED_BYTES + 1)
    for door in doors_of(attacked):
        if not door.reads_json:
            continue
        for headers in ({}, {"Idempotency-Key": "large"}):
            answer = sender(attacked, door)("too large", data=body, content_type="application/json", headers=headers)
            assert answer.status_code == (400 if door.rule == CUTS_ITS_JSON_ITSELF else 413), (door, headers)


def test_json_of_another_shape_is_refused_and_never_breaks_anything(attacked: Service) -> None:
    for door in doors_of(attacked):
        if door.method == "GET":
            continue
        send = sender(attacked, door)
        for body in OTHER_JSON:
            send(f"body {body!r}", json=body)
        if door.body is None:
            continue
        for text in TEXTS:
            body = body_with(door.body, text=text)
            answer = send(f"text {text[:20]!r}", json=body)
            assert text not in _leaves(body) or "\x00" not in text or answer.status_code == 422, (door, text)
        for number in NUMBERS:
            send(
                f"number {str(number)[:20]}",
                data=_json(body_with(door.body, number=number)),
                content_type="application/json",
            )
        value: Any
        body = body_with(door.body)
        (one,) = body if isinstance(body, list) else [body]
        for name in one:
            for value in (None, [], {}, 1, "", "9999-99-99", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
                changed = one | {name: value}
                send(f"{name} = {value!r}", json=[changed] if isinstance(body, list) else changed)


def test_an_upload_is_one_file_in_a_form(service: Callable[[str], Service]) -> None:
    doors = [(name, door) for name in SERVICES for door in doors_of(service(name)) if door.takes_file]
    assert doors
    for name, door in doors:
        send = sender(service(name), door)

        def file(file_name: str = "a.csv", data: bytes = b"a,b\r\n") -> tuple[io.BytesIO, str]:
            return io.BytesIO(data), file_name

        assert send("NUL in the name", data={"file": file("a\x00b.csv")}).status_code == 422
        assert send("two files", data={"file": [file(), file("b.csv")]}).status_code == 422
        assert send("another field", data={"upload": file()}).status_code == 422
        assert send("a text for a file", data={"file": "text"}).status_code in (415, 422)
        assert send("no file", data={}).status_code == 422
        assert send("a bare file", data=b"a,b\r\n", content_type="text/csv").status_code == 415
        assert send("JSON", json={"file": "text"}).status_code == (422 if door.reads_json else 415)
        assert send("too many parts", data={f"f{n}": file() for n in range(1_500)}).status_code == 413
        for odd in ("../../etc/passwd", "C:\\con", "é钥.csv", "x" * 50_000, "", "\u202e.csv"):
            said = send(f"name {odd[:10]}", data={"file": file(odd)}).status_code
            assert said in (202, 404, 422)  # 404: no such plan; 202: its rows are refused later


def test_a_list_bears_any_query(attacked: Service) -> None:
    for door in doors_of(attacked):
        if door.method != "GET":
            continue
        send = sender(attacked, door)
        for query in QUERIES:
            send(query, f"{door.path()}?{query}")


def test_odd_headers_change_nothing(attacked: Service) -> None:
    for door in doors_of(attacked):
        send = sender(attacked, door)
        for name, value in (
            ("Idempotency-Key", "k" * 10_000),
            ("Idempotency-Key", "\xe9\xff"),
            ("traceparent", "\xff" * 100),
            ("Content-Length", "-1"),
            ("Accept", "application/x-nothing"),
            ("Content-Encoding", "gzip"),
            ("X-HTTP-Method-Override", "DELETE"),
            ("Host", "evil.example"),
        ):
            send(f"{name}: {value[:20]!r}", headers={name: value})


def test_another_method_is_not_allowed_and_the_answer_says_which_are(attacked: Service) -> None:
    doors = list(doors_of(attacked))
    for door in doors:
        here = {one.method for one in doors if one.rule == door.rule}
        for method in {"PUT", "PATCH", "DELETE", "TRACE", "BREW"} - here:
            answer = attacked.call(method, door.path())
            is_well_answered(door, answer, method)
            assert answer.status_code == 405, (door, method)
            assert door.method in answer.headers["Allow"], (door, method)


def test_a_door_without_a_body_does_not_mind_one(attacked: Service) -> None:
    for door in doors_of(attacked):
        send = sender(attacked, door)
        send("random bytes", data=bytes(range(256)) * 10)
        send("a form", data={"a": "\x00" * 10, "b": "x" * 10_000})
        send("a broken form", data=b"--x\r\nfoo", content_type="multipart/form-data; boundary=\xff")
        send("a form with no boundary", data=b"--x\r\nfoo", content_type="multipart/form-data")


def _leaves(body: Any) -> Iterator[Any]:
    if isinstance(body, dict | list):
        for one in body.values() if isinstance(body, dict) else body:
            yield from _leaves(one)
    else:
        yield body


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()  # unlike orjson, it writes numbers of any size
