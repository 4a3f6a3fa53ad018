"""Publishing many messages with one socket write, and knowing that the broker has them all.

A write per message costs four times as much as one write for a whole batch, so the frames of a batch are sent together.
The broker confirms each message once it is on disk.
"""

import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import kombu

from onex.messaging import frames
from onex.messaging.steps import Step, reached


class NotConfirmed(Exception):
    """The broker refused, returned or did not confirm part of a batch in time: none of it may be taken as sent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be published."""

    exchange: str
    routing_key: str
    headers: dict[str, Any]
    body: bytes
    message_id: str | None = None
    content_type: str = "application/json"


class Publisher:
    """A connection and a channel in confirm mode; not shared between threads. After NotConfirmed make a new one."""

    def __init__(self, url: str, name: str) -> None:
        self._connection = kombu.Connection(
            url,
            heartbeat=30,
            connect_timeout=10,
            transport_options={"client_properties": {"connection_name": name}, "read_timeout": 30, "write_timeout": 30},
        )
        self._connection.connect()
        self._amqp: Any = self._connection.connection
        self._channel: Any = self._amqp.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._published = 0
        self._awaited: set[int] = set()
        self._faults: list[str] = []

    def publish(self, batch: Iterable[Outgoing], confirm_within_s: float = 30.0) -> int:
        """Return how many were published once the broker has confirmed every one; raise NotConfirmed otherwise."""
        channel_id, frame_max = self._channel.channel_id, self._amqp.frame_max
        written = [
            frames.publish(
                channel_id, frame_max, one.exchange, one.routing_key, one.body, one.headers, one.content_type,
                one.message_id,
            )
            for one in batch
        ]  # fmt: skip
        count = len(written)
        if not count:
            return 0
        self._awaited = set(range(self._published + 1, self._published + count + 1))
        self._published += count
        self._amqp.transport.write(b"".join(written))
        self._amqp.bytes_sent += 1  # by which py-amqp sees that no heartbeat is due
        reached(Step.SENT)
        deadline = time.monotonic() + confirm_within_s
        while self._awaited and not self._faults:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotConfirmed(f"{len(self._awaited)} of {count} not confirmed within {confirm_within_s} s")
            try:
                self._amqp.drain_events(timeout=left)
            except TimeoutError:
                continue
        if self._faults:
            raise NotConfirmed(f"{len(self._faults)} of {count} refused: {self._faults[0]}")
        return count

    def keep_alive(self) -> None:
        """Answer and send heartbeats while there is nothing to publish; raises when the connection is gone."""
        with contextlib.suppress(TimeoutError):
            self._amqp.drain_events(timeout=0.001)
        self._amqp.heartbeat_tick(rate=2)

    def close(self) -> None:
        """Give the connection up without a farewell that could block."""
        self._connection.collect()

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:
        if multiple:
            self._awaited = {tag for tag in self._awaited if tag > delivery_tag}
        else:
            self._awaited.discard(delivery_tag)

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:
        self._faults.append(f"message {delivery_tag} refused by the broker")

    def _on_return(self, error: Any, exchange: str, routing_key: str, _message: Any) -> None:
        self._faults.append(f"no queue for {routing_key} on {exchange or 'the default exchange'}")
