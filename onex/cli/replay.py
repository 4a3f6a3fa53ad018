"""`onex replay`: reads a service's stream again; prints it, or sends it to a consumer's queues."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import typer

from onex.cli.services import consumers
from onex.cli.surroundings import moment
from onex.contracts.event import Event
from onex.messaging.heard import ATTEMPT
from onex.messaging.publisher import Outgoing, Publisher
from onex.messaging.streams import Said, Start
from onex.messaging.topology import queue_of

BATCH = 500
IDLE_S = 10.0


def start_of(text: str) -> Start:
    """What `--from` means: `first`, an offset, or a time. Raises typer.BadParameter otherwise."""
    if text == "first":
        return text
    return int(text) if text.isdigit() else moment(text)


def queues_of(consumer: str, producer: str) -> dict[str, str]:
    """The queue of each type of event that `consumer` hears from `producer`. Raises typer.BadParameter for nothing."""
    heard: Iterable[type[Event]] = consumers().get(consumer, ())
    queues = {contract.type(): queue_of(consumer, contract) for contract in heard if contract.producer == producer}
    if not queues:
        raise typer.BadParameter(f"{consumer!r} hears nothing from {producer!r}")
    return queues


def event_name(said: Said) -> str:
    """The event's name, without service and version."""
    return said.event_type.split(".")[2] if said.event_type.count(".") >= 3 else said.event_type


class Again:
    """Sends events to a consumer's queues again; its inbox leaves alone what it has handled."""

    def __init__(self, url: str, queues: Mapping[str, str], *, dry_run: bool) -> None:
        self.counts: Counter[str] = Counter()
        self._queues = queues
        self._url, self._dry_run = url, dry_run
        self._publisher: Publisher | None = None
        self._sent_at = 0.0
        self._waiting: list[Outgoing] = []

    def add(self, said: Said) -> None:
        """Send it, if the consumer hears events of its type."""
        queue = self._queues.get(said.event_type)
        if queue is None:
            return
        self.counts[queue] += 1
        if not self._dry_run:
            headers = {name: value for name, value in said.headers.items() if not name.startswith("x-")}
            headers.pop(ATTEMPT, None)
            self._waiting.append(Outgoing("", queue, headers, said.body))
            if len(self._waiting) >= BATCH:
                self.flush()

    def flush(self) -> None:
        """Return once the broker has all of it."""
        if self._waiting:
            self._connected().publish(self._waiting)
            self._waiting, self._sent_at = [], time.monotonic()

    def close(self) -> None:
        self.flush()
        if self._publisher:
            self._publisher.close()

    def _connected(self) -> Publisher:
        # Between two batches the stream may bring long stretches of other events. The broker closes a connection that is
        # silent meanwhile (heartbeats), and most of those events never come by here, so that none could be sent.
        if self._publisher and time.monotonic() - self._sent_at > IDLE_S:
            self._publisher.close()
            self._publisher = None
        self._publisher = self._publisher or Publisher(self._url, "onex-replay")
        return self._publisher


def line_of(said: Said) -> str:
    """An event as one line of text: offset, time, name, body."""
    when = said.occurred_at.isoformat() if isinstance(said.occurred_at, datetime) else "-"
    return f"{said.offset} {when} {event_name(said)} {said.body.decode('utf-8', 'replace')}"
