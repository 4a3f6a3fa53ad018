"""Events of one kind travel together, and are the same events when the pack is opened."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.contracts.assessment import ResultPublished
from onex.contracts.catalogue import OPEN_TO_PARTNERS, PACKED
from onex.contracts.event import Undecodable
from onex.messaging import packs
from onex.messaging.heard import headers_of, read
from onex.messaging.publisher import Outgoing

KIND, OTHER = ResultPublished.type(), "onex.registry.organization_admitted.v1"
AT = datetime(2026, 11, 1, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
BODIES = st.dictionaries(TEXT, st.one_of(TEXT, st.integers(-(2**53), 2**53), st.lists(TEXT)), max_size=4).map(
    orjson.dumps
)


def event(number: int, kind: str = KIND, body: bytes = b"{}", subject: str = "s", trace: str = "00-1-2-01") -> Outgoing:
    headers = headers_of(uuid.UUID(int=number), kind, "/assessment", subject, AT, trace)
    return Outgoing("assessment.events", kind.split(".")[2], headers, body, message_id=str(uuid.UUID(int=number)))


def arrived(one: Outgoing, noted: dict[str, Any] | None = None) -> Any:
    """As a consumer is given it; `noted` is what the broker wrote on it."""
    return SimpleNamespace(
        body=one.body,
        headers=one.headers | (noted or {}),
        delivery_tag=7,
        may_have=lambda name: name in b"x-delivery-count",
    )


def numbers(messages: list[Outgoing]) -> list[list[int]]:
    """The events of each message."""
    return [[uuid.UUID(one.headers["cloudEvents_id"]).int for one in packs.opened(arrived(each))] for each in messages]


@given(st.lists(st.tuples(BODIES, TEXT, TEXT), min_size=1, max_size=8))
def test_what_is_taken_out_of_a_pack_is_what_was_put_in(given_events: list[tuple[bytes, str, str]]) -> None:
    events = [event(number, KIND, *one) for number, one in enumerate(given_events)]
    (sent,) = packs.together(events)
    opened = packs.opened(arrived(sent))
    assert [one.body for one in opened] == [one.body for one in events]
    for one, was in zip(opened, events, strict=True):
        assert {"traceparent": ""} | one.headers == {"traceparent": ""} | was.headers


def test_a_pack_is_a_json_array_of_cloudevents() -> None:
    (sent,) = packs.together([event(1, body=b'{"passed":true}'), event(2)])
    assert (sent.content_type, sent.headers) == ("application/cloudevents-batch+json", {})
    assert (sent.exchange, sent.routing_key) == ("assessment.events", "result_published")
    assert orjson.loads(sent.body)[0] == {
        "specversion": "1.0", "id": str(uuid.UUID(int=1)), "type": KIND, "source": "/assessment", "subject": "s",
        "time": AT.isoformat(), "traceparent": "00-1-2-01", "datacontenttype": "application/json", "data": {"passed": True},
    }  # fmt: skip


def test_an_event_alone_travels_in_binary_mode() -> None:
    alone = event(1)
    assert packs.together([alone]) == [alone]


def test_neighbours_of_one_kind_travel_together_and_all_keep_their_order() -> None:
    mixed = [event(1), event(2), event(3, OTHER), event(4, OTHER), event(5), event(6)]
    assert numbers(packs.together(mixed)) == [[1, 2], [3], [4], [5, 6]]


def test_another_exchange_is_another_pack() -> None:
    assert numbers(packs.together([event(1), replace(event(2), exchange="x"), event(3)])) == [[1], [2], [3]]


def test_what_partners_hear_never_travels_in_packs() -> None:
    assert not set(PACKED) & set(OPEN_TO_PARTNERS)


@pytest.mark.parametrize("count", [99, 100, 101, 200, 1000])
def test_a_pack_holds_a_hundred_and_no_more(count: int) -> None:
    sent = packs.together([event(number) for number in range(count)])
    assert len(sent) == -(-count // 100)
    assert [one for each in numbers(sent) for one in each] == list(range(count))
    assert max(map(len, numbers(sent))) == min(count, 100)


def test_a_pack_of_large_events_holds_fewer_and_one_that_is_too_large_travels_alone() -> None:
    half, huge = orjson.dumps("x" * (packs.MOST_BYTES // 2 - 2)), orjson.dumps("x" * packs.MOST_BYTES)
    sent = packs.together(
        [event(1, body=half), event(2, body=half), event(3, body=half), event(4, body=huge), event(5), event(6)]
    )
    assert numbers(sent) == [[1, 2], [3], [4], [5, 6]]


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[", b"[]", b"[1]", b"[{}", b'[{"id":1}]', b"[\xff]", b"\xff", b'{"a":[]}', b"[null]", b" [{}]"],
)
def test_what_is_no_pack_is_a_message_like_any_other(body: bytes) -> None:
    message = arrived(Outgoing("e", "k", {}, body))
    assert packs.opened(message) == [message]


def test_a_message_without_a_body_has_no_bytes_as_its_body() -> None:
    message = arrived(event(1))
    message.body = ""  # as py-amqp gives it
    assert packs.opened(message) == [message]
    assert message.body == b""
    with pytest.raises(Undecodable):
        read(ResultPublished, message.headers, message.body)


@pytest.mark.parametrize("missing", ["id", "type", "time", "data"])
def test_an_event_that_lacks_something_is_undecodable_and_its_neighbour_is_not(missing: str) -> None:
    body = orjson.loads(packs.pack([event(1), event(2, OTHER)]).body)
    del body[0][missing]
    bad, good = packs.opened(arrived(Outgoing("e", "k", {}, orjson.dumps(body))))
    with pytest.raises(Undecodable):
        read(ResultPublished, bad.headers, bad.body)
    assert good.headers["cloudEvents_type"] == OTHER


def test_what_the_broker_notes_on_a_pack_holds_for_each_of_its_events() -> None:
    message = arrived(packs.pack([event(1), event(2)]), {"x-delivery-count": 3})
    for one in packs.opened(message):
        assert (one.headers["x-delivery-count"], one.delivery_tag) == (3, 7)
        assert one.may_have(b"-count")
