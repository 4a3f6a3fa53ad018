"""Public inquiry by number and name: right, wrong and absent; and everything a stranger may send instead."""

import io
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text

from onex.chassis import metrics
from onex.contracts.certificates import CertificateIssued
from services.certificates.inquiry import connections, rules
from services.certificates.inquiry.connections import AllBusy, Connections
from services.certificates.inquiry.door import InquiryDoor
from services.certificates.inquiry.lookup import _FIND, Lookup
from services.certificates.issuing import numbers
from services.certificates.issuing.names import name_index
from tests.certificates.given import Pilot
from tests.harness.service import Service, json_of

PATH = "/certificates/v1/inquiries"


def ask(service: Service, number: str, name: str) -> Any:
    return service.call("POST", PATH, json={"number": number, "name": name}, expect=200)


@pytest.mark.rule("OP-32", "PP-44", "PP-07")
def test_number_and_name_together_show_the_certificate(pilot: Pilot, number: str) -> None:
    address = pilot.certificates.settings.public_url
    assert json_of(ask(pilot.certificates, number, "欧阳娜娜")) == {
        "found": True,
        "certificate": {
            "number": number,
            "masked_name": "欧**娜",
            "certificate_type": {
                "code": "004",
                "name_zh": "Web前端开发",
                "name_en": "Web Front-end Development",
            },
            "level": "intermediate",
            "teo": {"name_zh": "某某教育科技有限公司", "name_en": "Moumou Education Technology Co., Ltd."},
            "issued_on": "2026-03-02",
            "state": "valid",
            "credential_url": f"{address}/certificates/v1/credentials/{number}",
            "inquiry_url": f"{address}/certificates/inquiry/{number}",
        },
    }


@pytest.mark.rule("OP-32", "PP-44")
def test_a_wrong_name_and_an_absent_number_get_the_very_same_answer(pilot: Pilot, number: str) -> None:
    absent = numbers.draw(2026, "004", 2)
    asked = [(number, "欧阳娜"), (absent, "欧阳娜娜"), (absent, "李四"), ("no number at all", "欧阳娜娜"), ("\0", "\0")]
    answers = [ask(pilot.certificates, *one) for one in asked]
    assert json_of(answers[0])["found"] is False
    assert len({answer.get_data() for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.rule("PP-44")
def test_a_name_belongs_to_a_number_only_when_both_are_there() -> None:
    mine, other = bytes(range(32)), bytes(range(1, 33))
    assert rules.belongs_to(mine, mine)
    assert not rules.belongs_to(mine, other)
    assert not rules.belongs_to(None, mine)
    assert not rules.belongs_to(None, bytes(32))  # not even the index that stands for nobody


def test_every_spelling_of_number_and_name_is_understood(pilot: Pilot, number: str) -> None:
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in number)
    for spelled in (numbers.grouped(number), number.lower(), f" {number} ", full_width):
        assert json_of(ask(pilot.certificates, spelled, " 欧阳　娜娜 "))["found"], spelled


def test_a_dot_in_a_name_may_be_any_dot(pilot: Pilot) -> None:
    pilot.certificates.hear(pilot.result("阿依古丽·买买提"))
    (said,) = pilot.certificates.said(CertificateIssued)
    assert json_of(ask(pilot.certificates, said.number, "阿依古丽•买买提"))["found"]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"data": b"{oops"}, 400, "malformed"),
        ({"data": b"\xff"}, 400, "malformed"),
        ({"data": b""}, 400, "malformed"),
        ({"data": b"[]"}, 400, "malformed"),
        ({"data": b'{"number": "\\ud800", "name": "x"}'}, 400, "malformed"),
        ({"data": b"[" * 4000}, 400, "malformed"),
        ({"data": b"{}"}, 422, "invalid"),
        ({"data": b'{"number": 1, "name": null}'}, 422, "invalid"),
        ({"data": b'{"number": "1", "name": " "}'}, 422, "invalid"),
        ({"json": {"number": "1" * 65, "name": "x"}}, 422, "invalid"),
        ({"json": {"number": "1", "name": "x" * 201}}, 422, "invalid"),
        ({"data": b" " * 4097}, 413, "too_large"),
        ({"data": b"{}", "content_type": "text/plain"}, 415, "media_type"),
        ({"data": b"{}", "content_type": None}, 415, "media_type"),
        ({"method": "GET"}, 405, "method_not_allowed"),
        ({"method": "DELETE"}, 405, "method_not_allowed"),
        ({"path": f"{PATH}/more"}, 404, "not_found"),
    ],
)
def test_anything_else_is_refused_with_a_code(pilot: Pilot, sent: Mapping[str, Any], status: int, code: str) -> None:
    options = {"method": "POST", "path": PATH} | dict(sent)
    if "data" in options and "content_type" not in options:
        options["content_type"] = "application/json"
    answer = pilot.certificates.call(options.pop("method"), options.pop("path"), expect=status, **options)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = json_of(answer)
    assert (problem["status"], problem["code"]) == (status, code)
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(("length", "status"), [("4097", 413), ("9" * 5000, 413), ("-1", 400), ("x", 400)])
def test_a_body_is_not_read_beyond_what_is_allowed(pilot: Pilot, length: str, status: int) -> None:
    pilot.certificates.call("POST", PATH, json={}, expect=422)  # the app is made
    door = pilot.certificates._web.routes[PATH]
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": length,
        "wsgi.input": io.BytesIO(),
    }  # fmt: skip
    list(door(environ, lambda line, _headers: answered.append(line)))
    assert answered[0].startswith(str(status))


def test_a_lost_connection_is_replaced_and_the_inquiry_answered(pilot: Pilot, number: str) -> None:
    ask(pilot.certificates, number, "欧阳娜娜")
    with pilot.certificates.database.transaction() as session:
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%-inquiry'"
        assert session.scalars(text(kill)).all()
    assert json_of(ask(pilot.certificates, number, "欧阳娜娜"))["found"]


def test_without_a_database_the_answer_is_to_try_again_soon(pilot: Pilot) -> None:
    service = pilot.certificates
    nowhere = Connections("postgresql://127.0.0.1:1/none", "certificates", size=1)
    door = InquiryDoor(Lookup(service.vault, nowhere), "certificates", "https://onex.example")
    answered: list[str] = []
    body = orjson.dumps({"number": "1", "name": "x"})
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    problem = orjson.loads(b"".join(door(environ, lambda line, _headers: answered.append(line))))
    assert (answered[0], problem["code"]) == ("503 Service Unavailable", "unavailable")


@pytest.fixture
def single(pilot: Pilot) -> Connections:
    """Connections of which there may be one."""
    return Connections(pilot.certificates.database.dsn, "certificates", size=1, wait_s=0.01)


def test_no_more_connections_are_used_than_there_may_be(single: Connections) -> None:
    assert single.fetch_one("SELECT 1") == (1,)
    single._turns.get()  # as one who has it in use
    with pytest.raises(AllBusy):
        single.fetch_one("SELECT 1")
    single._turns.put(None)
    assert single.fetch_one("SELECT 1") == (1,)
    assert single._turns.qsize() == len(single._idle) == 1


def test_a_read_gives_back_what_the_database_holds(single: Connections) -> None:
    row = ("张三", b"\0\xff", date(2026, 3, 2), None)
    statement = "SELECT $1::text, $2::bytea, date '2026-03-02', NULL WHERE $1 <> $3"
    for _ in range(2):  # prepared, and prepared before
        assert single.fetch_one(statement, "张三".encode(), b"\0\xff", b"") == row
    assert single.fetch_one(statement, b"", b"", b"") is None


def test_a_refused_read_is_an_error_and_the_next_one_is_answered(single: Connections) -> None:
    for statement, values, error in (
        ("DELETE FROM certificate", (), psycopg.errors.ReadOnlySqlTransaction),
        ("SELECT 1 / 0", (), psycopg.errors.DivisionByZero),
        ("SELECT nothing", (), psycopg.errors.UndefinedColumn),
        ("SELECT $1::text", (b"cut\0short",), psycopg.errors.CharacterNotInRepertoire),
    ):
        with pytest.raises(error):
            single.fetch_one(statement, *values)
        assert single.fetch_one("SELECT 2") == (2,)


def test_a_read_that_takes_too_long_is_given_up(single: Connections, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STATEMENT_TIMEOUT_MS", 20)
    with pytest.raises(psycopg.errors.QueryCanceled):
        single.fetch_one("SELECT pg_sleep(60)")
    assert single.fetch_one("SELECT 2") == (2,)


@pytest.mark.rule("OP-32", "PP-44")
def test_a_wrong_name_is_no_more_work_for_the_database_than_an_absent_number(pilot: Pilot, number: str) -> None:
    def work(number: str, name: str) -> list[tuple[str, float, float]]:
        """Each node of the plan: how often it ran and how many rows it gave."""
        values = {"number": number, "index": name_index(pilot.certificates.vault, name)}
        asked = _FIND.replace("$1", ":number").replace("$2", ":index")
        with pilot.certificates.database.session() as session:
            session.execute(text("SET LOCAL enable_bitmapscan = off"))  # what it would plan only for want of statistics
            found = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}"), values)
        nodes, done = [found[0]["Plan"]], []
        while nodes:
            node = nodes.pop()
            done.append((node["Node Type"], node["Actual Loops"], node["Actual Rows"]))
            nodes += node.get("Plans", [])
        return done

    absent = numbers.draw(2026, "004", 2)
    assert work(number, "欧阳娜") == work(absent, "欧阳娜娜") != work(number, "欧阳娜娜")


def test_inquiries_are_counted_as_other_requests_are(pilot: Pilot) -> None:
    def counted(status: int) -> float:
        return float(metrics.http_requests.labels("certificates", "POST", PATH, status)._value.get())

    before = counted(200), counted(400)
    ask(pilot.certificates, numbers.draw(2026, "004", 2), str(uuid.uuid4()))
    pilot.certificates.call("POST", PATH, data=b"{", content_type="application/json", expect=400)
    assert (counted(200), counted(400)) == (before[0] + 1, before[1] + 1)


def test_the_interface_describes_inquiry(pilot: Pilot) -> None:
    spec = json_of(pilot.certificates.call("GET", "/certificates/v1/openapi.json", expect=200))
    assert "post" in spec["paths"][PATH]
