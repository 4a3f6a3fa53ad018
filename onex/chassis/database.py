"""One service's database: an engine, a session per unit of work, and COPY for batches."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

import psycopg
import sqlalchemy
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import MetaData, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from onex.chassis import metrics

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# libpq's parameters by which a server that vanished without a word (its machine died, a network parted) is given up within
# a minute, whether something is asked of it or not. The system's defaults wait for a quarter of an hour.
NOT_FOR_EVER: dict[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def new_base() -> Any:  # a class; mypy takes no variable of type `type[...]` as a base class
    """A declarative base with a metadata of its own: one a service, so that no service sees another's tables."""

    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMING)

    return Base


class UnitOfWork(Session):
    """A session whose pending work of other kinds (events to say) is written just before its commit."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, expire_on_commit=False, **options)

    def before_commit(self, work: Callable[["UnitOfWork"], None]) -> None:
        """Run `work` once, in the same transaction, right before it commits."""
        if not self.in_transaction():
            self.begin()  # else a rollback before the first statement would have nothing to undo, and forget nothing
        pending = self.info.setdefault("before_commit", [])
        if work not in pending:
            pending.append(work)


@event.listens_for(UnitOfWork, "before_commit")
def _finish(session: UnitOfWork) -> None:
    if session.in_nested_transaction():
        return  # releasing a savepoint is not the commit
    for work in session.info.pop("before_commit", []):
        work(session)


@event.listens_for(UnitOfWork, "after_soft_rollback")
def _forget(session: UnitOfWork, rolled_back: SessionTransaction) -> None:
    if savepoint_undone(rolled_back) is None:  # undoing a savepoint leaves what was to be said before it
        session.info.clear()


def savepoint_undone(rolled_back: SessionTransaction) -> SessionTransaction | None:
    """The savepoint that a soft rollback went back to, None when it was the whole transaction.

    A flush is a transaction inside the session's own: where it fails, what encloses it is undone.
    """
    one = rolled_back
    while not one.nested and one.parent is not None:
        one = one.parent
    return one if one.nested else None


class Database:
    """The engine of one service in one process."""

    def __init__(self, url: str, service: str, *, pool_size: int = 10, statement_timeout_ms: int = 60_000) -> None:
        self.url, self.service = url, service
        self.engine = sqlalchemy.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=30,
            pool_pre_ping=True,
            hide_parameters=True,  # else an error's text, and so a log, would show the values
            connect_args={
                "connect_timeout": 10,
                "application_name": f"onex-{service}",
                "options": f"-c statement_timeout={statement_timeout_ms} -c idle_in_transaction_session_timeout=60000",
                **NOT_FOR_EVER,
            },
        )
        metrics.pool_size.labels(service).set(pool_size)
        metrics.pool_in_use.labels(service).set_function(lambda: self.engine.pool.checkedout())  # type: ignore[attr-defined]

    @property
    def dsn(self) -> str:
        """The address as libpq reads it."""
        return self.url.replace("postgresql+psycopg://", "postgresql://", 1)

    def session(self) -> UnitOfWork:
        return UnitOfWork(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        """A session committed at the end of the block and rolled back by any error."""
        with self.session() as session, session.begin():
            yield session


def uuid_array(ids: Iterable[uuid.UUID]) -> str:
    """The ids as PostgreSQL writes an array of them, for `CAST(:ids AS uuid[])`; a fifth of the time of passing a list."""
    return "{" + ",".join([one.hex for one in ids]) + "}"


_number = attrgetter("int")


def in_order(ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """The ids without repetition, in ascending order; two transactions that lock rows in it never deadlock.

    Compared as numbers: comparing ids themselves takes ten times as long.
    """
    return sorted(set(ids), key=_number)


def copy_in(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, as_bytes: Collection[str] = (),
) -> None:  # fmt: skip
    """Write rows with COPY in the session's transaction; any constraint they break undoes the whole transaction.

    In PostgreSQL's binary format, which takes a third of the time of text on this side: a value must be of its column's
    type, as nothing is converted (a `str` is no uuid; for jsonb any JSON value, or psycopg's `Jsonb`). In the columns
    that are named in `as_bytes` the values are bytes already, which goes quickest: a text's UTF-8, a uuid's sixteen.
    """
    outer = session.connection()
    connection = outer.connection.driver_connection
    assert connection is not None
    listed = ", ".join(columns)
    statement = f"COPY {table} ({listed}) FROM STDIN (FORMAT BINARY)"
    try:
        types = _types_of(connection, f"SELECT {listed} FROM {table} LIMIT 0")
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            # In this format bytes, text and uuids look the same; PostgreSQL sees to it that text is UTF-8 and a uuid 16 bytes.
            copy.set_types(
                [_BYTEA if column in as_bytes else type_ for column, type_ in zip(columns, types, strict=True)]
            )
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:  # callers know errors as SQLAlchemy raises them, whichever way the rows went in
        lost = bool(connection.closed)
        if lost:
            outer.invalidate()
        raise DBAPIError.instance(statement, None, error, psycopg.Error, connection_invalidated=lost) from error


# Of a column's type psycopg finds the dumper that was registered last, for bytea that of DB-API's Binary: in Python, and ten
# times as slow as that of bytes, which stands before it.
psycopg.adapters.register_dumper(bytes, BytesBinaryDumper)
_BYTEA = psycopg.adapters.types["bytea"].oid
_known_types: dict[tuple[str, str], list[int]] = {}


def _types_of(connection: psycopg.Connection[Any], query: str) -> list[int]:
    """The types (OIDs) of a query's columns; asked once a database, as no migration changes a column's type."""
    key = (connection.info.dbname, query)
    if key not in _known_types:
        _known_types[key] = [column.type_code for column in connection.execute(query).description or ()]
    return _known_types[key]
