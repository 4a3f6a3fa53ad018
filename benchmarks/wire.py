"""AMQP 0-9-1 over a blocking socket, as little of it as the floor needs: what a library does beside this is what it costs.

One connection with one channel, either reading a queue or publishing with confirms. No heartbeat, no reconnecting, no
header tables; exchanges and queues are declared elsewhere. It is for measuring against, not for working with.
"""

import select
import socket
from collections.abc import Sequence
from struct import Struct
from typing import Any
from urllib.parse import unquote, urlsplit

_HEAD = Struct(">BHI")  # type, channel, size of the payload
_METHOD = Struct(">HH")
_CONTENT = Struct(">HHQH")  # class, weight, size of the body, property flags
_TAG = Struct(">Q")
_END = b"\xce"
_CHANNEL = 1
_READ_BYTES = 1 << 20
_MOST_IN_A_FRAME = 100_000  # RabbitMQ's default is 131,072; every body here is far smaller
# content type, delivery mode and message id are there
_FLAGS = 0x8000 | 0x1000 | 0x0080
_JSON_PERSISTENT = b"\x10application/json\x02"


class Broken(Exception):
    """The broker closed the connection, refused a message or had no queue for one."""


class Wire:
    """A connection with its channel open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((str(parts.hostname), int(parts.port or 5672)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        self._published = 0
        self._confirmed = 0
        self._early: set[int] = set()  # confirmed before something that was published earlier
        self._arrived: list[tuple[int, str, bytes]] = []
        self._under_way: tuple[int, str, int, list[bytes]] | None = None
        self._open(unquote(parts.username or ""), unquote(parts.password or ""), unquote(parts.path[1:]))

    def _open(self, user: str, password: str, vhost: str) -> None:
        self._socket.sendall(b"AMQP\x00\x00\x09\x01")
        self._await(10, 10)
        answer = f"\0{user}\0{password}".encode()
        self._say(0, 10, 11, _long(b"") + _short("PLAIN") + _long(answer) + _short("en_US"))
        tune = self._await(10, 30)
        self._say(0, 10, 31, tune[:6] + b"\0\0")  # the broker's own limits, no heartbeat
        self._say(0, 10, 40, _short(vhost) + b"\0\0")
        self._await(10, 41)
        self._say(_CHANNEL, 20, 10, b"\0")
        self._await(20, 11)

    def confirm(self) -> None:
        """Have every message that is published from now on confirmed."""
        self._say(_CHANNEL, 85, 10, b"\0")
        self._await(85, 11)

    def consume(self, queue: str, prefetch: int) -> None:
        """Have the queue's messages sent here, at most `prefetch` of them unacknowledged."""
        self._say(_CHANNEL, 60, 10, Struct(">IHB").pack(0, prefetch, 0))
        self._await(60, 11)
        self._say(_CHANNEL, 60, 20, b"\0\0" + _short(queue) + _short("floor") + b"\0" + _long(b""))
        self._await(60, 21)

    def publish(self, messages: Sequence[bytes]) -> int:
        """Write what `message` made, all at once; returns the number to wait for with `wait_confirmed`."""
        self._socket.sendall(b"".join(messages))
        self._published += len(messages)
        return self._published

    def wait_confirmed(self, number: int) -> None:
        """Until the broker has everything up to this number on disk. Raises Broken when it has refused or lost any."""
        while self._confirmed < number:
            self._read_some()

    def read(self, limit: int, linger_s: float) -> list[tuple[int, str, bytes]]:
        """Up to `limit` messages as (delivery tag, message id, body): waits for the first, then `linger_s` for more."""
        while not self._arrived:
            self._read_some()
        self._socket.settimeout(linger_s)
        try:
            while len(self._arrived) < limit:
                self._read_some()
        except TimeoutError:
            pass
        finally:
            self._socket.settimeout(None)
        taken, self._arrived = self._arrived[:limit], self._arrived[limit:]
        return taken

    @property
    def waiting(self) -> bool:
        """Whether anything has arrived that was not read yet."""
        return bool(self._arrived) or bool(select.select([self._socket], [], [], 0)[0])

    def acknowledge(self, tag: int) -> None:
        """Everything up to this delivery tag is done."""
        self._say(_CHANNEL, 60, 80, _TAG.pack(tag) + b"\x01")

    def _say(self, channel: int, class_id: int, method_id: int, arguments: bytes) -> None:
        payload = _METHOD.pack(class_id, method_id) + arguments
        self._socket.sendall(_HEAD.pack(1, channel, len(payload)) + payload + _END)

    def _await(self, class_id: int, method_id: int) -> bytes:
        while True:
            while (frame := self._next()) is not None:
                kind, payload = frame
                if kind == 1 and _METHOD.unpack_from(payload) == (class_id, method_id):
                    return payload[4:]
                self._take(kind, payload)
            self._receive()

    def _receive(self) -> None:
        data = self._socket.recv(_READ_BYTES)
        if not data:
            raise Broken("the broker has gone")
        self._buffer += data

    def _read_some(self) -> None:
        self._receive()
        at, buffer = 0, bytes(self._buffer)
        end = len(buffer)
        while at + 8 <= end:
            kind, _, size = _HEAD.unpack_from(buffer, at)
            after = at + 8 + size
            if after > end:
                break
            self._take(kind, buffer[at + 7 : after - 1])
            at = after
        del self._buffer[:at]

    def _next(self) -> tuple[int, bytes] | None:
        if len(self._buffer) < 7:
            return None
        kind, _, size = _HEAD.unpack_from(self._buffer)
        if len(self._buffer) < size + 8:
            return None
        payload = bytes(self._buffer[7 : 7 + size])
        del self._buffer[: size + 8]
        return kind, payload

    def _take(self, kind: int, payload: bytes) -> None:
        if kind == 3:
            assert self._under_way is not None
            tag, message_id, left, parts = self._under_way
            parts.append(payload)
            left -= len(payload)
            self._under_way = (tag, message_id, left, parts)
            if left == 0:
                self._arrived.append((tag, message_id, b"".join(parts)))
        elif kind == 2:
            assert self._under_way is not None
            size = _CONTENT.unpack_from(payload)[2]
            self._under_way = (self._under_way[0], _message_id(payload), size, [])
        elif kind == 1:
            self._take_method(payload)

    def _take_method(self, payload: bytes) -> None:
        class_id, method_id = _METHOD.unpack_from(payload)
        if (class_id, method_id) == (60, 60):
            (tag,) = _TAG.unpack_from(payload, 5 + payload[4])
            self._under_way = (tag, "", 0, [])
        elif (class_id, method_id) == (60, 80):
            (tag,) = _TAG.unpack_from(payload, 4)
            self._note_confirmed(tag, bool(payload[12] & 1))
        else:  # a close, a nack, a returned message
            raise Broken(f"the broker says {class_id}.{method_id}: {payload[4:200]!r}")

    def _note_confirmed(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._confirmed = max(self._confirmed, tag)
        else:
            self._early.add(tag)
        while self._confirmed + 1 in self._early:
            self._early.discard(self._confirmed + 1)
            self._confirmed += 1
        if self._early and multiple:
            self._early = {one for one in self._early if one > self._confirmed}


def publish_method(exchange: str, routing_key: str) -> bytes:
    """The first frame of every message to this address: mandatory, so that none is lost in silence."""
    payload = _METHOD.pack(60, 40) + b"\0\0" + _short(exchange) + _short(routing_key) + b"\x01"
    return _HEAD.pack(1, _CHANNEL, len(payload)) + payload + _END


def message(method: bytes, message_id: str, body: bytes) -> bytes:
    """The frames of one persistent message. Raises ValueError for a body that is too large for one frame."""
    if len(body) > _MOST_IN_A_FRAME:
        raise ValueError("too large")
    content = _CONTENT.pack(60, 0, len(body), _FLAGS) + _JSON_PERSISTENT + _short(message_id)
    head = _HEAD.pack(2, _CHANNEL, len(content)) + content + _END
    return method + head + _HEAD.pack(3, _CHANNEL, len(body)) + body + _END


def _message_id(header: bytes) -> str:
    """The message id in a content header that `message` made."""
    at = _CONTENT.size + len(_JSON_PERSISTENT)
    return header[at + 1 : at + 1 + header[at]].decode()


def _short(text: str) -> bytes:
    raw = text.encode()
    return bytes((len(raw),)) + raw


def _long(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


def declare(channel: Any, exchange: str, queues: Sequence[str], routing_key: str, stream: str) -> None:
    """With a kombu channel: an exchange, the quorum queues that read one event of it, and the stream that keeps all."""
    channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    for queue in queues:
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(queue, exchange, routing_key)
    channel.queue_declare(stream, durable=True, auto_delete=False, arguments={"x-queue-type": "stream"})
    channel.queue_bind(stream, exchange, "#")
