"""A service's database of a wanted size, and the work that is timed on it: what the parts of `growth.py` have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
from sqlalchemy import Select

from benchmarks import filling
from onex.chassis import clock, migrating, trace
from onex.chassis.database import Database, UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.chassis.web.paging import page
from onex.contracts.certificates import CertificateIssued
from onex.messaging import inbox
from onex.messaging.heard import Heard
from onex.messaging.topology import queue_of

BATCH = 500
"""What a consumer takes in one transaction."""
PAGE, PAGES_DEEP = 50, 3
LOOK_UP, PAGED, INSERTED, CLAIMED, PROVED = "look-up", "page", "insert", "inbox", "proof"
"""Kinds of work, each with a bar of its own."""
Read = Callable[[UnitOfWork], Any]
_INDEXES_IN = "SELECT pg_prewarm(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"


@dataclass(frozen=True)
class Work:
    """What is timed: `do` is called `calls` times in a stretch, and does `items` each time."""

    kind: str
    do: Callable[[], None]
    calls: int
    items: int = 1


class Large(ABC):
    """One service's tables, filled with so many rows each. Subclasses say which, how, and what is done with them."""

    service: ClassVar[str]
    tables: ClassVar[tuple[str, ...]]
    """Those that grow: no read of a request may go through one of them from end to end. The one that is looked up most
    comes first."""

    def __init__(self, url: str, environment: Mapping[str, str], rows: int) -> None:
        sqlalchemy_url = url.replace("://", "+psycopg://", 1)
        self.url = url
        self.vault = Vault.of(Settings.for_service(self.service, environment))
        self.database = Database(sqlalchemy_url, self.service, pool_size=1)
        migrating.upgrade(self.service, sqlalchemy_url)
        with psycopg.connect(url, autocommit=True) as connection:
            self.fill(connection, rows)
            filling.settle(connection, self.tables)

    @abstractmethod
    def fill(self, connection: filling.Connection, rows: int) -> None:
        """Put so many rows into each table that grows."""

    @abstractmethod
    def works(self) -> dict[str, Work]:
        """What is timed, by name."""

    @abstractmethod
    def reads(self) -> dict[str, Read]:
        """What requests read from these tables, by name, to have its plans looked at."""

    def explained(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """Statements with their plans, of reads that do not go through a session."""
        return {}

    def read_in(self) -> None:
        """Rows and indexes into the server's memory; where it has no room for all, the first tables' are what stays."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
            for table in reversed(self.tables):
                connection.execute("SELECT pg_prewarm(%s::regclass)", [table])
                connection.execute(_INDEXES_IN, [table])

    def tidy(self) -> None:
        """What the relay would have taken away."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("TRUNCATE outbox")

    def paging(self, query: Callable[[], Select[Any]], id_column: Any) -> Callable[[], None]:
        """Work that reads one page: the first of a query, the next two, and then of another query the first."""
        deep, cursor, asked = 0, None, query()

        def work() -> None:
            nonlocal deep, cursor, asked
            if deep == PAGES_DEEP or cursor is None:
                deep, cursor, asked = 0, None, query()
            with self.database.session() as session:
                seen = page(session, asked, id_column, cursor, PAGE)
            if not seen["items"]:
                raise RuntimeError("an empty page")
            deep, cursor = deep + 1, seen["next"]

        return work

    def reading(self, read: Read) -> Callable[[], None]:
        """Work that reads in a session of its own, as a request does."""

        def work() -> None:
            with self.database.session() as session:
                read(session)

        return work

    def claiming(self, contract: type[Any]) -> Callable[[], None]:
        """Work that claims a batch of events for the service's own consumer."""
        consumer = queue_of(self.service, contract)

        def work() -> None:
            ids = [new_id() for _ in range(BATCH)]
            with self.database.transaction() as session:
                if len(inbox.claim(session, consumer, ids)) != BATCH:
                    raise RuntimeError("events that were claimed before")

        return work


def pages(query: Select[Any], id_column: Any) -> Read:
    """Reads the first two pages of a list."""

    def read(session: UnitOfWork) -> None:
        following = page(session, query, id_column, None, None)["next"]
        if following:
            page(session, query, id_column, following, None)

    return read


def heard(event: CertificateIssued) -> Heard[CertificateIssued]:
    """The event as a door hears it."""
    return Heard(new_id(), event, clock.now(), trace.new_traceparent(), event.encode())
