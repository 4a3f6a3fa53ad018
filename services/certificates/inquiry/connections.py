"""A few database connections for reads by prepared statements: one round trip each, and no transaction.

SQLAlchemy's pool would add a ping before and a rollback after each, and a psycopg cursor costs as much as all the rest of
an inquiry. So the statement is executed by libpq itself, in one call that waits without holding Python's lock.
"""

import queue
from collections import deque
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer

from onex.chassis.database import NOT_FOR_EVER

STATEMENT_TIMEOUT_MS = 5_000
_BINARY = pq.Format.BINARY


class AllBusy(Exception):
    """Every connection was in use for as long as a caller may wait."""


class Connections:
    """At most `size` connections of this process, shared by its threads; opened when needed, a lost one is replaced."""

    def __init__(self, dsn: str, service: str, *, size: int, wait_s: float = 5.0) -> None:
        self._dsn, self._wait_s = dsn, wait_s
        self._name = f"onex-{service}-inquiry"
        self._turns: queue.SimpleQueue[None] = queue.SimpleQueue()  # a semaphore at a tenth of the price
        for _ in range(size):
            self._turns.put(None)
        self._idle: deque[_Connection] = deque()  # the last used is the next: its server process is warm

    def fetch_one(self, statement: str, *values: bytes) -> tuple[Any, ...] | None:
        """The first row of a read, None without one; `$1` and so on in `statement` stand for `values` in PostgreSQL's
        binary form, which is UTF-8 for a text and the bytes themselves for bytea.

        Raises AllBusy, psycopg.OperationalError when the database is away or takes longer than STATEMENT_TIMEOUT_MS, and
        another psycopg.Error for a statement that is refused. The read has no effect, so when its connection turns out
        to be lost it is done again, once, on a new one.
        """
        try:
            self._turns.get(timeout=self._wait_s)
        except queue.Empty:
            raise AllBusy() from None
        try:
            try:
                return self._fetch(self._take(), statement, values)
            except psycopg.OperationalError as error:
                if isinstance(error, psycopg.errors.QueryCanceled):
                    raise
                self._drop_idle()  # what one connection lost, the others lost too
                return self._fetch(self._open(), statement, values)
        finally:
            self._turns.put(None)

    def _fetch(self, connection: "_Connection", statement: str, values: tuple[bytes, ...]) -> tuple[Any, ...] | None:
        try:
            row = connection.fetch_one(statement, values)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return row

    def _take(self) -> "_Connection":
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def _open(self) -> "_Connection":
        return _Connection(
            psycopg.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=10,
                application_name=self._name,
                options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c default_transaction_read_only=on",
                **NOT_FOR_EVER,
            )
        )

    def _drop_idle(self) -> None:
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return  # another thread was faster


class _Connection:
    """One connection, and the statements that it has prepared."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._values = Transformer(connection)
        self._prepared: dict[str, bytes] = {}

    def fetch_one(self, statement: str, values: tuple[bytes, ...]) -> tuple[Any, ...] | None:
        name = self._prepared.get(statement) or self._prepare(statement)
        result = self._libpq.exec_prepared(name, values, [_BINARY] * len(values), _BINARY)
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise _error(result)
        if result.ntuples == 0:
            return None
        self._values.set_pgresult(result)
        return self._values.load_row(0, tuple)

    def _prepare(self, statement: str) -> bytes:
        name = f"read_{len(self._prepared)}".encode()
        result = self._libpq.prepare(name, statement.encode())
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise _error(result)
        self._prepared[statement] = name
        return name

    def close(self) -> None:
        self._connection.close()


def _error(result: pq.abc.PGresult) -> psycopg.Error:
    """What psycopg raises for such a result; a lost connection has no SQLSTATE."""
    state = result.error_field(pq.DiagnosticField.SQLSTATE)
    kind = psycopg.errors.lookup(state.decode()) if state else psycopg.OperationalError
    return kind(result.get_error_message(), info=result)
