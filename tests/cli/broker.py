"""The test's hands on the real broker: say events as a service's relay does, and hear what lies in a queue."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import kombu

from onex.chassis import clock, trace
from onex.chassis.ids import new_id
from onex.contracts.event import Event
from onex.messaging import heard, packs
from onex.messaging.publisher import Outgoing, Publisher
from onex.messaging.topology import exchange_of
from tests.harness.service import Service


class Broker:
    """At the administrator's address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def say(self, *events: Event, packed: int = 1) -> list[uuid.UUID]:
        """Publish events on their producers' exchanges, so many to a message; returns their ids."""
        ids = [new_id() for _ in events]
        messages = []
        for event, event_id in zip(events, ids, strict=True):
            contract = type(event)
            subject = str(getattr(event, contract.subject))
            headers = heard.headers_of(
                event_id, contract.type(), f"/{contract.producer}", subject, clock.now(), trace.new_traceparent()
            )
            messages.append(Outgoing(exchange_of(contract.producer), contract.routing_key(), headers, event.encode()))
        self.publish([packs.pack(messages[at : at + packed]) for at in range(0, len(messages), packed)])
        return ids

    @contextmanager
    def saying(self, event: Callable[[], Event], for_s: float = 20.0) -> Iterator[threading.Thread]:
        """Says five events a second within the block; the thread that says them ends by itself after `for_s`."""
        enough, begun = threading.Event(), threading.Event()
        ends = time.monotonic() + for_s

        def talk() -> None:
            while time.monotonic() < ends and not enough.wait(0.2):
                self.say(event())
                begun.set()

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            assert begun.wait(for_s)
            yield thread
        finally:
            enough.set()
            thread.join()

    def publish(self, messages: list[Outgoing]) -> None:
        publisher = Publisher(self.url, "test")
        publisher.publish(messages)
        publisher.close()

    def waiting(self, queue: str) -> int:
        with kombu.Connection(self.url) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)

    def take(self, queue: str) -> list[Any]:
        """Take everything out of a queue."""
        taken = []
        with kombu.Connection(self.url) as connection:
            channel: Any = connection.default_channel
            channel.auto_decode = False
            while message := channel.basic_get(queue, no_ack=True):
                taken += packs.opened(message)
        return taken

    def deliver(self, service: Service, contract: type[Event], queue: str) -> int:
        """Take everything out of a service's queue and give it to its door; returns how many there were."""
        messages = self.take(queue)
        if messages:
            service.hear(*(heard.read(contract, dict(one.headers), bytes(one.body)) for one in messages))
        return len(messages)
