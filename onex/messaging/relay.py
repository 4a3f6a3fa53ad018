"""Step 4 of an event's life: what was committed to the outbox is sent, and deleted once the broker has it.

One relay a service and lane is active, by advisory lock on the connection it reads with: when that connection dies, so does
the right to send. It reads unsent rows, never "id greater than the last", because the order of ids is not the order of
commits. Dying between the confirm and the delete sends twice; the inbox absorbs it.
"""

import functools
import time
from collections.abc import Sequence
from typing import Any, Protocol

import eventlet
import psycopg
from nameko.extensions import DependencyProvider
from psycopg.rows import namedtuple_row

from onex.chassis import clock, logs, metrics
from onex.chassis.database import NOT_FOR_EVER, Database
from onex.messaging import packs
from onex.messaging.heard import headers_of
from onex.messaging.publisher import Outgoing, Publisher
from onex.messaging.steps import Step, reached
from onex.messaging.topology import PLATFORM

log = logs.get(__name__)
BATCH = 1000
POLL_S = 5.0
STAND_BY_S = 1.0
GAUGES_EVERY_S = 5.0
CONFIRM_WITHIN_S = 30.0
PATIENCE_S = 40.0  # a frozen broker holds a batch no longer than this
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0


class Store(Protocol):
    """Where unsent events lie."""

    def unsent(self, limit: int) -> Sequence[Any]: ...
    def delete(self, ids: Sequence[Any]) -> None: ...


class Sender(Protocol):
    """What brings them to the broker, and returns only when it has them."""

    def publish(self, batch: Sequence[Outgoing], confirm_within_s: float) -> int: ...


def relay_once(store: Store, sender: Sender, limit: int = BATCH) -> int:
    """Send one batch: read, publish, wait for every confirm, and only then delete. Returns how many were sent."""
    rows = store.unsent(limit)
    if not rows:
        return 0
    reached(Step.READ)
    sender.publish(packs.together([as_outgoing(row) for row in rows]), CONFIRM_WITHIN_S)
    reached(Step.CONFIRMED)
    store.delete([row.id for row in rows])
    reached(Step.DELETED)
    return len(rows)


def as_outgoing(row: Any) -> Outgoing:
    """The message of an outbox row."""
    headers = headers_of(row.id, row.type, _source_of(row.type), row.subject, row.occurred_at, row.traceparent)
    return Outgoing(row.exchange, row.routing_key, headers, row.body, message_id=row.id)


@functools.cache
def _source_of(event_type: str) -> str:
    """`/certificates` for `onex.certificates.certificate_issued.v1`."""
    return f"/{event_type.split('.')[1]}"


class OutboxStore:
    """The outbox of one lane, on a connection of its own that also holds the lock and hears NOTIFY."""

    def __init__(self, dsn: str, lane: str, name: str) -> None:
        self._lane = lane
        self._connection: psycopg.Connection[Any] = psycopg.connect(
            dsn, autocommit=True, row_factory=namedtuple_row, application_name=name, connect_timeout=10, **NOT_FOR_EVER
        )

    def try_lock(self) -> bool:
        """Whether this relay is the active one of its lane now."""
        query = "SELECT pg_try_advisory_lock(hashtext(%s)) AS mine"
        return bool(self._connection.execute(query, (f"onex.relay.{self._lane}",)).fetchone().mine)  # type: ignore[union-attr]

    def listen(self) -> None:
        self._connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(f"outbox_{self._lane}")))

    def unsent(self, limit: int) -> Sequence[Any]:
        """The first rows; ids as text, which is what the messages and `delete` need of them."""
        query = (
            "SELECT CAST(id AS text) AS id, type, exchange, routing_key, subject, traceparent, occurred_at, body"
            " FROM outbox WHERE lane = %s ORDER BY outbox.id LIMIT %s"
        )
        return self._connection.execute(query, (self._lane, limit), binary=True).fetchall()

    def delete(self, ids: Sequence[str]) -> None:
        array = "{" + ",".join(ids) + "}"
        self._connection.execute("DELETE FROM outbox WHERE lane = %s AND id = ANY(%s::uuid[])", (self._lane, array))

    def wait(self, timeout_s: float) -> None:
        """Until somebody commits to the outbox, or the time is up."""
        for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
            pass

    def depth_and_age(self) -> tuple[int, float]:
        """Unsent events (counted up to 100,000) and the age of the oldest in seconds."""
        query = (
            "SELECT count(*) AS depth, min(occurred_at) AS oldest FROM"
            " (SELECT occurred_at FROM outbox WHERE lane = %s ORDER BY id LIMIT 100000) AS waiting"
        )
        row = self._connection.execute(query, (self._lane,)).fetchone()
        assert row is not None
        return row.depth, (clock.now() - row.oldest).total_seconds() if row.oldest else 0.0

    def close(self) -> None:
        self._connection.close()


class Relay(DependencyProvider):
    """The relay as a part of the service's worker; `lane` says whose vhost it sends to."""

    def __init__(self, lane: str = PLATFORM) -> None:
        self.lane = lane
        self._stopping = False

    def setup(self) -> None:
        self._database: Database = self.container.config["database"]
        self._url: str = self.container.config["lane_urls"][self.lane]
        self._name = f"onex-{self._database.service}-relay-{self.lane}"

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier=self._name)

    def stop(self) -> None:
        self._stopping = True

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping:
            store: OutboxStore | None = None
            publisher: Publisher | None = None
            try:
                store = OutboxStore(self._database.dsn, self.lane, self._name)
                while not store.try_lock():
                    if self._stopping:
                        return
                    eventlet.sleep(STAND_BY_S)
                store.listen()
                with eventlet.Timeout(PATIENCE_S):
                    publisher = Publisher(self._url, self._name)
                log.info("relay_active", lane=self.lane)
                pause_s = FIRST_PAUSE_S
                self._relay(store, publisher)
            except (Exception, eventlet.Timeout) as error:  # whatever broke, the rows are still there: start afresh
                log.warning("relay_interrupted", lane=self.lane, error=type(error).__name__, detail=str(error)[:300])
                eventlet.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            finally:
                if publisher:
                    publisher.close()
                if store:
                    store.close()

    def _relay(self, store: OutboxStore, publisher: Publisher) -> None:
        labels = (self._database.service, self.lane)
        gauges_at = 0.0
        while not self._stopping:
            with eventlet.Timeout(PATIENCE_S):
                sent = relay_once(store, publisher)
            metrics.events_published.labels(*labels).inc(sent)
            if time.monotonic() >= gauges_at:
                depth, age_s = store.depth_and_age()
                metrics.outbox_depth.labels(*labels).set(depth)
                metrics.outbox_age.labels(*labels).set(age_s)
                gauges_at = time.monotonic() + GAUGES_EVERY_S
            if sent < BATCH:
                with eventlet.Timeout(PATIENCE_S):
                    publisher.keep_alive()
                store.wait(POLL_S)
