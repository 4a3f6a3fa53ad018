"""The floor: what the same work costs written by hand, for speed alone.

The same topology as the product's: results are committed to an outbox and relayed to a quorum queue; the issuer commits
certificates and its own outbox, and says each to an exchange with two consumers' quorum queues, credit and notices, and the
stream. fsync is on, messages are persistent and confirmed, every consumer claims events in an inbox.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import kombu
import psycopg
from sqlalchemy import create_engine

from benchmarks import wire
from benchmarks.floor_copy import UUID_NEXT, columns, copy, raw
from benchmarks.floor_processes import EXCHANGES
from benchmarks.peers import work
from benchmarks.peers.peer import Peer
from benchmarks.tasks import BUS
from onex.chassis.ids import new_id
from onex.messaging.packs import MOST_EVENTS

NAME = "floor"
_OUTBOX = "CREATE TABLE outbox (id uuid PRIMARY KEY, body bytea NOT NULL)"
_INBOX = "CREATE TABLE inbox (event_id uuid PRIMARY KEY, handled_at timestamptz NOT NULL DEFAULT now())"


class Floor(Peer):
    name = NAME
    path = "floor"
    pack = 1
    """So many results travel in a message."""
    _source: psycopg.Connection[Any]

    def prepare(self) -> None:
        """Tables, queues, and the relay of what is given to the first part."""
        for part, url in self.database_urls.items():
            engine = create_engine(url.replace("://", "+psycopg://", 1))
            work.create_tables(engine, part)
            engine.dispose()
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_INBOX)
                if part == "issuer":
                    connection.execute(_OUTBOX)
        self.source = "issued" if self.task is BUS else "results"
        url = self.ground.make_database(f"{self.path}_{self.source}")
        self.database_urls[self.source] = url
        self._source = psycopg.connect(url)
        self._source.execute(_OUTBOX)
        self._source.commit()
        with kombu.Connection(self.amqp_url) as connection:
            if self.task is BUS:
                wire.declare(connection.default_channel, *_exchange("issued", ["rows"]))
            else:
                wire.declare(connection.default_channel, *_exchange("results", ["issuer"]))
                wire.declare(connection.default_channel, *_exchange("issued", ["credit", "notices"]))
        self.run("relay", (sys.executable, "-m", "benchmarks.floor_processes", "relay"))

    def settings(self) -> dict[str, Any]:
        return super().settings() | {"relay_of": self.source, "pack": self.pack}

    def command(self, part: str) -> Sequence[str]:
        return (sys.executable, "-m", "benchmarks.floor_processes", part)

    def queue(self, part: str) -> str:
        return part

    def begin(self, bodies: Sequence[bytes]) -> Callable[[], None]:
        """As for the product: the rows are in the outbox, the clock starts right before their COMMIT."""
        with self._source.cursor() as cursor:
            copy(cursor, "outbox", "id, body", [columns(2) + UUID_NEXT + new_id().bytes + raw(body) for body in bodies])
            cursor.execute("NOTIFY outbox")
        return self._source.commit

    def stop(self) -> None:
        super().stop()
        if hasattr(self, "_source"):  # not where the start broke off
            self._source.close()


class PackingFloor(Floor):
    """The same, with results in packs as the product's are (docs/decisions/0026-results-travel-together.md)."""

    name = "floor, packing"
    path = "floor_packing"
    pack = MOST_EVENTS


def _exchange(name: str, queues: list[str]) -> tuple[str, list[str], str, str]:
    exchange, routing_key = EXCHANGES[name]
    return exchange, queues, routing_key, f"{name}.stream"
