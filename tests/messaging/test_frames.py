"""Our frames are py-amqp's: what we write is the same to the byte, what it would read we read, however it is cut up."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from amqp import spec
from amqp.basic_message import Message
from amqp.exceptions import UnexpectedFrame
from amqp.method_framing import frame_handler, frame_writer
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from onex.messaging import frames
from onex.messaging.deliveries import Deliveries

CHANNEL, FRAME_MAX = 3, 4096
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SIMPLE = st.one_of(TEXT, st.integers(-(2**40), 2**40), st.booleans(), st.none(), st.lists(TEXT, max_size=3))
HEADERS = st.dictionaries(TEXT.filter(lambda name: len(name.encode()) < 200), SIMPLE, max_size=8)
BODIES = st.one_of(st.binary(max_size=200), st.integers(0, 3 * FRAME_MAX).map(lambda size: b"x" * size))


class PyAmqp:
    """A connection as far as py-amqp's framing needs one; what is written to it collects in `written`."""

    frame_max = FRAME_MAX

    def __init__(self) -> None:
        self.bytes_sent = self.bytes_recv = 0
        self.written = bytearray()
        self.heard: list[Any] = []
        self.write_frame = frame_writer(self, self)
        self.on_inbound_frame = frame_handler(self, lambda *method: self.heard.append(method))

    def write(self, data: Any) -> None:
        self.written += data


def message(body: bytes, headers: dict[str, Any], message_id: str | None) -> Message:
    return Message(
        body, application_headers=headers or None, content_type="application/json", content_encoding="utf-8", delivery_mode=2,
        message_id=message_id,
    )  # fmt: skip


def delivered(tag: int, body: bytes, headers: dict[str, Any]) -> bytes:
    """A delivery as the broker would send it, written by py-amqp."""
    connection = PyAmqp()
    arguments = dumps("sLbss", ("consumer", tag, tag % 2 == 0, "certificates.events", "certificate_issued"))
    connection.write_frame(1, CHANNEL, spec.Basic.Deliver, arguments, message(body, headers, "id"))
    return bytes(connection.written)


@given(BODIES, HEADERS, st.one_of(st.none(), TEXT.filter(bool)))
def test_what_is_published_is_what_py_amqp_publishes(
    body: bytes, headers: dict[str, Any], message_id: str | None
) -> None:
    connection = PyAmqp()
    arguments = dumps("Bssbb", (0, "certificates.events", "certificate_issued", True, False))
    connection.write_frame(1, CHANNEL, spec.Basic.Publish, arguments, message(body, headers, message_id))
    ours = frames.publish(
        CHANNEL, FRAME_MAX, "certificates.events", "certificate_issued", body, headers, "application/json", message_id
    )
    assert ours == bytes(connection.written)


class Wire:
    """A connection whose transport gives these pieces, one a read."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.transport = self
        self._pieces = iter(pieces)
        self._read_buffer = b""
        self._amqp = PyAmqp()
        self.bytes_recv = 0
        self.on_inbound_frame = self._amqp.on_inbound_frame
        self.heard = self._amqp.heard

    @contextmanager
    def having_timeout(self, _timeout_s: float) -> Iterator["Wire"]:
        yield self

    def recv(self, _size: int) -> bytes:
        return next(self._pieces)


def read_all(data: bytes, cuts: list[int]) -> tuple[list[frames.Delivery], Wire]:
    edges = [0, *sorted({cut % len(data) for cut in cuts} - {0}), len(data)]
    pieces = [data[begins:ends] for begins, ends in itertools.pairwise(edges)]
    wire = Wire(pieces)
    deliveries = Deliveries(wire, CHANNEL)
    return [one for _ in pieces for one in deliveries.read(1.0)], wire


@given(st.lists(st.tuples(BODIES, HEADERS), min_size=1, max_size=5), st.lists(st.integers(0, 100_000), max_size=10))
def test_what_is_delivered_is_read_as_py_amqp_reads_it(
    messages: list[tuple[bytes, dict[str, Any]]], cuts: list[int]
) -> None:
    data = b"".join(delivered(tag, *one) for tag, one in enumerate(messages, 1))
    ours, _ = read_all(data, cuts)
    theirs = PyAmqp()
    at = 0
    while frame := frames.next_frame(data, at):
        theirs.on_inbound_frame((frame[0], frame[1], data[frame[2] : frame[3]]))
        at = frame[3] + 1
    expected = [one[3] for one in theirs.heard]
    assert [one.delivery_tag for one in ours] == list(range(1, len(messages) + 1))
    assert [one.body for one in ours] == [one.body or b"" for one in expected]
    assert [one.headers for one in ours] == [one.headers or {} for one in expected]


@given(st.lists(st.integers(0, 100_000), max_size=10))
def test_whatever_is_no_delivery_is_py_amqps(cuts: list[int]) -> None:
    other = PyAmqp()
    other.write_frame(8, 0, None, None, None)  # a heartbeat
    other.write_frame(1, CHANNEL, spec.Basic.Cancel, dumps("sb", ("consumer", True)), None)
    other.write_frame(
        1, CHANNEL, spec.Basic.Return, dumps("Bsss", (312, "NO_ROUTE", "e", "k")), message(b"back", {}, "x")
    )
    other.write_frame(
        1, CHANNEL + 1, spec.Basic.Deliver, dumps("sLbss", ("c", 9, False, "e", "k")), message(b"1", {}, "x")
    )
    ours, wire = read_all(delivered(1, b"a", {}) + bytes(other.written) + delivered(2, b"b", {}), cuts)
    assert [(one.delivery_tag, one.body) for one in ours] == [(1, b"a"), (2, b"b")]
    assert [(channel, method) for channel, method, _, _ in wire.heard] == [
        (CHANNEL, spec.Basic.Cancel), (CHANNEL, spec.Basic.Return), (CHANNEL + 1, spec.Basic.Deliver),
    ]  # fmt: skip


def test_headers_that_are_no_text_and_text_that_is_no_utf8_are_read_as_py_amqp_reads_them() -> None:
    headers = {"deaths": [{"queue": "q", "count": 2}], "raw": b"\xff\xfe", "delivery": 1, "text": "文"}
    (ours,), _ = read_all(delivered(1, b"", headers), [])
    assert ours.headers == headers


def test_a_message_without_headers_has_none() -> None:
    bare = dumps("BBsLbss", (*spec.Basic.Deliver, "c", 1, False, "e", "k"))
    content = (60).to_bytes(2, "big") + bytes(2) + bytes(8) + bytes(2)
    data = b"".join(
        bytes([kind]) + CHANNEL.to_bytes(2, "big") + len(payload).to_bytes(4, "big") + payload + frames.END
        for kind, payload in ((1, bare), (2, content))
    )
    (one,), _ = read_all(data, [])
    assert (one.headers, one.body) == ({}, b"")


def test_a_frame_that_does_not_end_where_it_says_is_an_error() -> None:
    data = delivered(1, b"body", {})
    with pytest.raises(UnexpectedFrame):
        read_all(data[:-1] + b"\x00", [])


def test_a_closed_connection_is_an_error_and_no_silence() -> None:
    with pytest.raises(ConnectionResetError):
        Deliveries(Wire([b""]), CHANNEL).read(1.0)


def test_what_py_amqp_had_read_already_comes_first() -> None:
    data = delivered(1, b"first", {}) + delivered(2, b"second", {})
    wire = Wire([data[50:]])
    wire._read_buffer = data[:50]
    deliveries = Deliveries(wire, CHANNEL)
    assert deliveries.read(1.0) == []
    assert [one.body for one in deliveries.read(1.0)] == [b"first", b"second"]
