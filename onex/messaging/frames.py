"""The AMQP 0-9-1 frames of the two methods that every event passes through: Basic.Publish out, Basic.Deliver in.

py-amqp keeps the connection: handshake, channels, heartbeats, confirms, errors. For these two methods it makes several
objects a message; written down directly they take a fifth of its time. What is not plain here (headers that are not all
text) is still left to py-amqp, and the tests hold both equal, byte for byte.
"""

from collections.abc import Mapping
from functools import lru_cache
from struct import Struct
from typing import Any

from amqp import spec
from amqp.exceptions import UnexpectedFrame
from amqp.serialization import dumps, loads

METHOD, HEADER, BODY = 1, 2, 3
END = b"\xce"
OVERHEAD = 8  # what a frame has beside its payload

_HEAD = Struct(">BHI")  # type, channel, size of the payload
_CONTENT = Struct(">HHQ")  # class, weight, size of the body
_LONG = Struct(">I")
_TAG = Struct(">Q")
_DELIVER = b"\x00\x3c\x00\x3c"
_BASIC = 60
_CONTENT_TYPE, _CONTENT_ENCODING, _HEADERS, _DELIVERY_MODE, _MESSAGE_ID = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080
_PERSISTENT = b"\x02"
_TEXT = ord("S")


class Delivery:
    """A message as the broker delivered it."""

    __slots__ = ("_headers", "_properties", "body", "delivery_tag")

    def __init__(self, delivery_tag: int, properties: bytes, body: bytes) -> None:
        self.delivery_tag, self._properties, self.body = delivery_tag, properties, body
        self._headers: dict[str, Any] | None = None

    def may_have(self, header: bytes) -> bool:
        """Whether a header's name is anywhere in the message's properties: a look that reads none of them."""
        return header in self._properties

    @property
    def headers(self) -> dict[str, Any]:
        """The application headers."""
        if self._headers is None:
            self._headers = read_headers(self._properties)
        return self._headers


def publish(
    channel_id: int, frame_max: int, exchange: str, routing_key: str, body: bytes, headers: Mapping[str, Any],
    content_type: str, message_id: str | None,
) -> bytes:  # fmt: skip
    """The frames of one mandatory, persistent message in UTF-8."""
    flags = _CONTENT_TYPE | _CONTENT_ENCODING | _DELIVERY_MODE
    properties = _short(content_type) + b"\x05utf-8"
    if headers:  # an empty table would cost the broker as much as a full one
        flags |= _HEADERS
        properties += _table(headers)
    properties += _PERSISTENT
    if message_id is not None:
        flags |= _MESSAGE_ID
        properties += _short(message_id)
    content = _CONTENT.pack(_BASIC, 0, len(body)) + flags.to_bytes(2, "big") + properties
    method = _method(channel_id, exchange, routing_key)
    frames = method + _HEAD.pack(HEADER, channel_id, len(content)) + content + END
    most = frame_max - OVERHEAD
    if len(body) <= most:
        return frames + (_HEAD.pack(BODY, channel_id, len(body)) + body + END if body else b"")
    parts = (body[at : at + most] for at in range(0, len(body), most))
    return frames + b"".join(_HEAD.pack(BODY, channel_id, len(part)) + part + END for part in parts)


@lru_cache(maxsize=1000)
def _method(channel_id: int, exchange: str, routing_key: str) -> bytes:
    payload = dumps("BBBssbb", (*spec.Basic.Publish, 0, exchange, routing_key, True, False))
    return _HEAD.pack(METHOD, channel_id, len(payload)) + payload + END


def _table(headers: Mapping[str, Any]) -> bytes:
    parts: list[bytes] = []
    for name, value in headers.items():
        if type(value) is not str:
            return bytes(dumps("F", (dict(headers),)))
        text = value.encode("utf-8", "surrogatepass")
        parts += (_text_named(name), _LONG.pack(len(text)), text)
    table = b"".join(parts)
    return _LONG.pack(len(table)) + table


@lru_cache(maxsize=1000)
def _text_named(name: str) -> bytes:
    return _short(name) + b"S"


def _short(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    return len(raw).to_bytes(1, "big") + raw


def next_frame(data: bytes, at: int) -> tuple[int, int, int, int] | None:
    """Type, channel, beginning and end of the payload of the frame at this place; None when it is not all there.

    The next frame begins right after its end octet. Raises UnexpectedFrame when that is not where it should be.
    """
    if at + OVERHEAD > len(data):
        return None
    kind, channel_id, size = _HEAD.unpack_from(data, at)
    begins = at + _HEAD.size
    ends = begins + size
    if ends >= len(data):
        return None
    if data[ends] != END[0]:
        raise UnexpectedFrame("a frame does not end where it says")
    return kind, channel_id, begins, ends


def delivery_tag(method: bytes) -> int | None:
    """The delivery tag of a Basic.Deliver; None for the payload of any other method frame."""
    if method[:4] != _DELIVER:
        return None
    return int(_TAG.unpack_from(method, 5 + method[4])[0])


def body_size(header: bytes) -> int:
    """The size of the body that a content header announces."""
    return int(_CONTENT.unpack_from(header)[2])


def properties(header: bytes) -> bytes:
    """The property flags and list of a content header."""
    return header[_CONTENT.size :]


def read_headers(properties: bytes) -> dict[str, Any]:
    """The application headers among a message's properties; empty where there are none."""
    flags = int.from_bytes(properties[:2], "big")
    if not flags & _HEADERS:
        return {}
    at = 2
    for before in (_CONTENT_TYPE, _CONTENT_ENCODING):
        if flags & before:
            at += 1 + properties[at]
    (length,) = _LONG.unpack_from(properties, at)
    place, limit = at + 4, at + 4 + length
    headers: dict[str, Any] = {}
    try:
        while place < limit:
            named = place + 1 + properties[place]
            if properties[named] != _TEXT:
                break
            begins = named + 5
            ends = begins + _LONG.unpack_from(properties, named + 1)[0]
            headers[properties[place + 1 : named].decode()] = properties[begins:ends].decode()
            place = ends
        else:
            return headers
    except UnicodeDecodeError:
        pass
    values, _ = loads("F", properties, at)
    table: dict[str, Any] = values[0]
    return table
