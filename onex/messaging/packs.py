"""Results are said by the thousand, so they travel together: up to a hundred events of one kind in a message.

A pack is a JSON array of CloudEvents (JSON Event Format for CloudEvents 1.0, section 4: JSON Batch Format). That is a matter of
the way alone: each event keeps its id, is claimed, retried and parked by itself, and travels alone when it is sent once more.
What a message costs the broker, each of its queues and each reader is paid once for all of them
(docs/decisions/0026-results-travel-together.md).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec
import orjson

from onex.contracts.catalogue import PACKED
from onex.messaging.heard import PREFIX
from onex.messaging.publisher import Outgoing

CONTENT_TYPE = "application/cloudevents-batch+json"
MOST_EVENTS = 100
MOST_BYTES = 96 * 1024
"""Of the events' own JSON, so that a pack is one frame, and a queue's worth of packs fits into memory."""
_PACKED_TYPES = frozenset(contract.type() for contract in PACKED)
_TYPE = f"{PREFIX}type"


class Packed:
    """An event out of a pack, as a message of its own; it has what the broker noted on the pack, and the pack's tag."""

    __slots__ = ("_pack", "body", "headers")

    def __init__(self, pack: Any, headers: dict[str, Any], body: bytes) -> None:
        self._pack, self.headers, self.body = pack, headers, body

    @property
    def delivery_tag(self) -> int:
        """The pack's."""
        return int(self._pack.delivery_tag)

    def may_have(self, header: bytes) -> bool:
        """As that of a delivery (frames.py)."""
        return bool(self._pack.may_have(header))


class _Written(msgspec.Struct):
    """An event as it stands in a pack."""

    specversion: str = ""
    id: str = ""
    type: str = ""
    source: str = ""
    subject: str = ""
    time: str = ""
    traceparent: str = ""
    data: msgspec.Raw = msgspec.Raw()


_read = msgspec.json.Decoder(list[_Written]).decode
_ATTRIBUTES = tuple(name for name in _Written.__struct_fields__ if name not in ("data", "traceparent"))


def together(messages: Sequence[Outgoing]) -> list[Outgoing]:
    """The messages in their order, neighbours of one kind in packs where their contract says that they travel so."""
    sent: list[Outgoing] = []
    for (_, _, type_), alike in groupby(messages, _kind):
        if type_ in _PACKED_TYPES:
            sent += [pack(some) for some in _cut(alike)]
        else:
            sent += alike
    return sent


def pack(messages: Sequence[Outgoing]) -> Outgoing:
    """One message for these, which are of one kind; one alone stays as it is."""
    first = messages[0]
    if len(messages) == 1:
        return first
    body = [
        {name.removeprefix(PREFIX): value for name, value in one.headers.items()}
        | {"datacontenttype": one.content_type, "data": orjson.Fragment(bytes(one.body))}
        for one in messages
    ]
    return Outgoing(first.exchange, first.routing_key, {}, orjson.dumps(body), content_type=CONTENT_TYPE)


def opened(message: Any) -> list[Any]:
    """The events of a pack, each as a message; any other message, and a pack that cannot be read, alone."""
    # By its first byte and not its content type, which is not kept where a message is parked: no event's own JSON is an array.
    if not message.body:
        message.body = b""  # py-amqp gives an empty body as text
    body = message.body
    if bytes(body[:1]) != b"[":
        return [message]
    try:
        written = _read(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [message]
    noted = message.headers or {}
    return [Packed(message, _headers(one) | noted, bytes(one.data)) for one in written] or [message]


def _kind(message: Outgoing) -> tuple[str, str, Any]:
    return message.exchange, message.routing_key, message.headers.get(_TYPE)


def _cut(messages: Iterable[Outgoing]) -> Iterator[list[Outgoing]]:
    """As many to a pack as it takes; one that is too large for any is alone."""
    some: list[Outgoing] = []
    size = 0
    for one in messages:
        if some and (len(some) == MOST_EVENTS or size + len(one.body) > MOST_BYTES):
            yield some
            some, size = [], 0
        some.append(one)
        size += len(one.body)
    if some:
        yield some


def _headers(one: _Written) -> dict[str, Any]:
    headers = {f"{PREFIX}{name}": getattr(one, name) for name in _ATTRIBUTES}
    return headers | {"traceparent": one.traceparent} if one.traceparent else headers
