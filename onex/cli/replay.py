"""`onex replay`: reads a service's stream again, from its first event, an offset or a time."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import kombu

from onex.messaging.heard import PREFIX
from onex.messaging.publisher import Outgoing, Publisher
from onex.messaging.topology import stream_of

PREFETCH = 500
IDLE_S = 2.0


def offset_of(text: str) -> str | int | datetime:
    """What `--from` means: `first`, `next`, an offset, or a time as ISO 8601. Raises ValueError otherwise."""
    if text in ("first", "last", "next"):
        return text
    return int(text) if text.isdigit() else datetime.fromisoformat(text)


def read_stream(url: str, service: str, offset: str | int | datetime, idle_s: float = IDLE_S) -> Iterator[Any]:
    """Messages of the service's stream until none has come for `idle_s` seconds."""
    received: list[Any] = []
    with kombu.Connection(url, heartbeat=60, connect_timeout=10) as connection:
        channel: Any = connection.default_channel
        channel.basic_qos(0, PREFETCH, False)
        channel.basic_consume(stream_of(service), callback=received.append, arguments={"x-stream-offset": offset})
        last_at = time.monotonic()
        while time.monotonic() - last_at < idle_s:
            try:
                connection.drain_events(timeout=0.2)
            except TimeoutError:
                continue
            if received:
                last_at = time.monotonic()
            for message in received:
                yield message
                channel.basic_ack(message.delivery_tag)
            received.clear()


def name_of(message: Any) -> str:
    """The event's name in a message of a stream."""
    return str((message.headers or {}).get(f"{PREFIX}type", "")).split(".")[2:3][0]


class ToQueue:
    """Sends messages to one consumer's queue again; its inbox leaves alone what it has handled."""

    def __init__(self, url: str, queue: str) -> None:
        self._publisher, self._queue = Publisher(url, "onex-replay"), queue
        self._waiting: list[Outgoing] = []
        self.sent = 0

    def add(self, message: Any) -> None:
        headers = {key: value for key, value in (message.headers or {}).items() if not key.startswith("x-")}
        self._waiting.append(Outgoing("", self._queue, headers, bytes(message.body)))
        if len(self._waiting) >= PREFETCH:
            self.flush()

    def flush(self) -> None:
        self.sent += self._publisher.publish(self._waiting)
        self._waiting = []

    def close(self) -> None:
        self.flush()
        self._publisher.close()
