"""Read models: tables that only repeat what other services said, and so can be made again from their streams.

A service lists its own in `services/<name>/rebuild.py`, each with the actions that its event doors call. A rebuild hands
everything that was ever said to these actions once more. It claims nothing in the inbox and says nothing itself.

Two kinds of table:

- **versioned**, where a newer event replaces an older one. Every row is made older than anything that was said, everything
  is said again, and what no event knew keeps what it had. All in one transaction: readers see the old rows until it is
  committed. The worker may go on running; its own writing to these tables waits, an event at most for its statement
  timeout, and is then tried again later (retry.py). Rows stay rows, so that tables that refer to them are not touched.
- **said once**, where events only add rows. What is there stays, what is missing is added, batch by batch.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from onex.chassis.database import Database, UnitOfWork
from onex.contracts.event import Event, Undecodable
from onex.contracts.registry import AccessKeyPublished
from onex.messaging.access_keys import store_keys
from onex.messaging.heard import Heard, read
from onex.messaging.streams import Said

BATCH = 500
LOCK_WITHIN_S = 30
Keep = Callable[[UnitOfWork, list[Heard[Any]]], None]
Stream = Callable[[str], Iterable[Said]]
"""What a service ever said, given its name."""


@dataclass(frozen=True)
class Table:
    """A table of a read model. `version`: the column that newer events raise; None where rows are said once."""

    name: str
    version: str | None = None
    oldest: str = "-1"
    """In SQL: a version older than any event's."""


@dataclass(frozen=True)
class ReadModel:
    """Tables that are written together, and the action that keeps each event in them."""

    name: str
    tables: tuple[Table, ...]
    keeps: Mapping[type[Event], Keep]

    @property
    def versioned(self) -> list[Table]:
        return [table for table in self.tables if table.version]


ACCESS_KEYS = ReadModel("access-keys", (Table("access_key"),), {AccessKeyPublished: store_keys})
"""Every service keeps them."""


@dataclass
class Rebuilt:
    """What a rebuild did."""

    heard: Counter[str] = field(default_factory=Counter)
    """By event name."""
    undecodable: int = 0
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By table: how many rows there were before and are now."""
    unknown: dict[str, int] = field(default_factory=dict)
    """By versioned table: rows of which the streams know nothing (any more); they keep what they had."""


class SaidSomething(Exception):
    """A model's action says events: it is no read model. Nothing of the rebuild was committed."""


def rebuild(database: Database, model: ReadModel, stream: Stream) -> Rebuilt:
    """Make the model again from the streams; see the module's text. Safe to repeat, and while the worker runs."""
    rebuilt = Rebuilt()
    if model.versioned:
        with database.transaction() as session:
            _begin(session)
            for table in model.tables:  # in the order in which the doors write them
                session.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
            before = _count(session, model)
            for table in model.versioned:
                _make_old(session, table)
            # Each stream's end is found only now, under the lock (in two or three seconds, six for an empty one): found
            # before, an event handled between the two would be missing, and its row be set back to an older version.
            for keep, batch in _batches(model, stream, rebuilt):
                _keep(session, keep, batch)
            for table in model.versioned:
                rebuilt.unknown[table.name] = _restore_unknown(session, table)
            after = _count(session, model)
    else:
        with database.session() as session:
            before = _count(session, model)
        for keep, batch in _batches(model, stream, rebuilt):
            with database.transaction() as session:
                _keep(session, keep, batch)
        with database.session() as session:
            after = _count(session, model)
    rebuilt.rows = {name: (before[name], after[name]) for name in before}
    return rebuilt


def _begin(session: UnitOfWork) -> None:
    session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WITHIN_S}s'"))
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        session.execute(text(f"SET LOCAL {limit} = 0"))  # a long stream between two statements is meant


def _make_old(session: UnitOfWork, table: Table) -> None:
    session.execute(
        text(f"CREATE TEMP TABLE before_{table.name} ON COMMIT DROP AS SELECT id, {table.version} FROM {table.name}")
    )
    session.execute(text(f"UPDATE {table.name} SET {table.version} = {table.oldest}"))


def _restore_unknown(session: UnitOfWork, table: Table) -> int:
    """The version of rows that nothing replaced goes back to what it was; returns how many there are."""
    restored = session.execute(
        text(
            f"UPDATE {table.name} SET {table.version} = before.{table.version} FROM before_{table.name} AS before"
            f" WHERE before.id = {table.name}.id AND {table.name}.{table.version} = {table.oldest}"
            f" RETURNING {table.name}.id"
        )
    )
    return len(restored.all())


def _batches(model: ReadModel, stream: Stream, rebuilt: Rebuilt) -> Iterable[tuple[Keep, list[Heard[Any]]]]:
    """The model's events in batches of one kind, each producer's in the order in which it said them."""
    by_type = {contract.type(): contract for contract in model.keeps}
    for producer in sorted({contract.producer for contract in model.keeps}):
        contract: type[Event] | None = None
        batch: list[Heard[Any]] = []
        for said in stream(producer):
            if said.event_type not in by_type:
                continue
            if contract is not by_type[said.event_type] or len(batch) >= BATCH:
                if contract and batch:
                    yield model.keeps[contract], batch
                contract, batch = by_type[said.event_type], []
            try:
                batch.append(read(contract, said.headers, said.body))
            except Undecodable:
                rebuilt.undecodable += 1
            else:
                rebuilt.heard[contract.name] += 1
        if contract and batch:
            yield model.keeps[contract], batch


def _keep(session: UnitOfWork, keep: Keep, batch: list[Heard[Any]]) -> None:
    keep(session, list({one.event_id: one for one in batch}.values()))
    if session.info.get("outbox") or session.info.get("before_commit"):
        raise SaidSomething(f"{getattr(keep, '__name__', keep)} says events")


def _count(session: UnitOfWork, model: ReadModel) -> dict[str, int]:
    return {
        table.name: int(session.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one())
        for table in model.tables
    }
