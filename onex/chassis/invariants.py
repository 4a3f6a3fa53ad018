"""What a service offers to the audit in its `audit.py`: books to compare with other services', and what must hold inside it.

Everything here only reads, and reads through cursors on the server: memory does not grow with the tables.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg

FETCH_ROWS = 5_000
Connection = psycopg.Connection[tuple[Any, ...]]
_names = itertools.count()


class Kind(StrEnum):
    """What may be wrong with a record."""

    MISSING = "missing"  # it should be here and is not
    ORPHANED = "orphaned"  # it is here and came from nowhere
    DOUBLED = "doubled"  # it is here more often than it may be
    ALTERED = "altered"  # it says something else than it did, or than what it came from
    STUCK = "stuck"  # it waits, and longer than it should
    PARKED = "parked"  # it was set aside, and an operator must decide


@dataclass(frozen=True, slots=True)
class Fault:
    """One record with which something is wrong, and what. `detail` never shows personal data."""

    kind: Kind
    record: str
    detail: str


@dataclass(frozen=True)
class Book:
    """A service's list of what it holds of something, to be compared with another service's list of the same.

    The query gives `id` first, in ascending order; then `since` when the record should be known elsewhere (or NULL); then,
    by name, what the other list must say of it too. The two queries of a comparison name the same columns. A column
    `version` says that the record changes, and that the other list may be behind for a while.
    """

    name: str
    query: str


@dataclass(frozen=True)
class Invariant:
    """Something that always holds inside one service's database; `faults` yields the records for which it does not."""

    name: str
    holds: str
    """The promise, as a sentence."""
    faults: Callable[[Connection], Iterator[Fault]]
    costly: bool = False
    """Whether it takes much longer than reading: it is left out when asked."""


def stream(connection: Connection, query: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, through a cursor on the server."""
    with connection.cursor(name=f"audit_{next(_names)}") as cursor:
        cursor.itersize = FETCH_ROWS
        cursor.execute(query.encode(), parameters or None)
        yield from cursor


def none_found(query: str) -> Callable[[Connection], Iterator[Fault]]:
    """An invariant's `faults` where SQL alone decides: every row found (kind, record, detail) is a fault."""

    def faults(connection: Connection) -> Iterator[Fault]:
        return (Fault(Kind(kind), str(record), detail) for kind, record, detail in stream(connection, query))

    return faults
