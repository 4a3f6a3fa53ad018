"""What operators see of a process: traces, metrics, health, logs."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from onex.chassis import logs, trace
from onex.chassis.health import HealthDoors
from tests.harness.service import json_of

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_traceparent_that_comes_in_is_followed(web: Client) -> None:
    answer = web.get("/creditbank/v1/things/trace", headers={"traceparent": PARENT})
    assert json_of(answer)["trace_id"] == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    "bad", ["", "garbage", "00-xyz-1-01", PARENT.upper(), PARENT + "-more", "00-" + "0" * 32 + "-" + "1" * 16 + "-01"]
)
def test_a_traceparent_that_cannot_be_read_is_replaced_by_a_new_one(web: Client, bad: str) -> None:
    """W3C Trace Context section 2.2.2: a trace id of zeros only is not valid."""
    found = json_of(web.get("/creditbank/v1/things/trace", headers={"traceparent": bad}))["trace_id"]
    assert trace.trace_id(f"00-{found}-{'1' * 16}-01") == found
    assert found not in ("0af7651916cd43dd8448eb211c80319c", "0" * 32)


def test_two_requests_have_two_traces_and_nothing_stays_behind(web: Client) -> None:
    first, second = (json_of(web.get("/creditbank/v1/things/trace"))["trace_id"] for _ in range(2))
    assert first != second
    assert trace.current_trace_id() is None


def test_a_trace_within_a_trace_ends_where_it_began() -> None:
    with trace.follow(PARENT):
        with trace.follow(None) as inner:
            assert inner != PARENT
        assert trace.current() == PARENT


@pytest.fixture
def process(web: Client) -> Client:
    return Client(HealthDoors({"database": lambda: True, "keys": lambda: True}, web.application), Response)


def test_requests_are_counted_by_route_and_never_by_id(process: Client) -> None:
    process.get("/creditbank/v1/things/0190a3c0-0000-7000-8000-000000000001")
    metrics = process.get("/metrics").get_data(as_text=True)
    assert 'route="/creditbank/v1/things/<uuid:thing_id>",service="creditbank",status="200"' in metrics
    assert "0190a3c0" not in metrics
    assert "onex_database_pool_size{" in metrics


def test_a_process_that_lives_says_so_and_readiness_names_each_check() -> None:
    def broken() -> bool:
        raise OSError("no route to host")

    doors = Client(HealthDoors({"database": broken, "broker": lambda: False, "keys": lambda: True}), Response)
    assert doors.get("/health/live").status_code == 200
    ready = doors.get("/health/ready")
    assert ready.status_code == 503
    assert json_of(ready) == {"status": "not ready", "database": False, "broker": False, "keys": True}
    assert doors.get("/elsewhere").status_code == 404


def test_a_process_whose_checks_all_hold_is_ready(process: Client) -> None:
    assert process.get("/health/ready").status_code == 200


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What this process logs, while it is configured as a service's process is."""
    out, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stdout", out)
    logs.configure("creditbank", "web")
    yield out
    root.handlers[:], root.level = handlers, level


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_log_line_says_who_when_what_and_in_which_trace(written: io.StringIO) -> None:
    with trace.follow(PARENT):
        logs.get("test").info("thing_made", count=3)
    (line,) = lines(written)
    assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert (line["event"], line["count"], line["level"]) == ("thing_made", 3, "info")
    assert (line["service"], line["process"]) == ("creditbank", "web")
    assert line["time"]


def test_a_line_from_another_thread_and_one_from_a_library_say_who_too(written: io.StringIO) -> None:
    thread = threading.Thread(target=lambda: logs.get("test").info("from_a_thread"))
    thread.start()
    thread.join()
    logging.getLogger("some.library").warning("from a library")
    assert [(line["event"], line["service"]) for line in lines(written)] == [
        ("from_a_thread", "creditbank"),
        ("from a library", "creditbank"),
    ]


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x", "320311770706001"])
def test_no_line_holds_a_whole_identity_number(written: io.StringIO, number: str) -> None:
    try:
        raise ValueError(f"no {number}")
    except ValueError:
        logs.get("test").exception("failed", deep={"list": [f"a {number}。"]}, plain=number)
    logging.getLogger("some.library").error("身份证%s错误", number)
    text = written.getvalue()
    assert number not in text
    assert number[:6] + "*" in text
    assert len(lines(written)) == 2


@pytest.mark.parametrize("kept", ["20261101120000", "1234567890123456789", "abc11010519491231002X", "320311"])
def test_other_numbers_stay_readable(kept: str) -> None:
    assert logs.redact(kept) == kept
