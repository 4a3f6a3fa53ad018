"""A few database connections for one prepared statement: a read that costs one round trip and no transaction.

SQLAlchemy's pool would add a ping before and a rollback after each: at the rate of public inquiry that is most of the time.
"""

import threading
from collections import deque
from typing import Any

import psycopg

STATEMENT_TIMEOUT_MS = 5_000


class AllBusy(Exception):
    """Every connection was in use for as long as a caller may wait."""


class Connections:
    """At most `size` connections of this process, shared by its threads; a lost one is replaced."""

    def __init__(self, dsn: str, service: str, *, size: int, wait_s: float = 5.0) -> None:
        self._dsn, self._wait_s = dsn, wait_s
        self._name = f"onex-{service}-inquiry"
        self._free = threading.BoundedSemaphore(size)
        self._idle: deque[psycopg.Connection[Any]] = deque()

    def fetch_one(self, statement: str, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The first row of a prepared read, None without one; raises AllBusy or psycopg.OperationalError.

        The read has no effect, so when its connection turns out to be lost it is done again, once, on a new one.
        """
        if not self._free.acquire(timeout=self._wait_s):
            raise AllBusy()
        try:
            try:
                return self._fetch(self._take(), statement, parameters)
            except psycopg.OperationalError as error:
                if isinstance(error, psycopg.errors.QueryCanceled):
                    raise
                self._drop_idle()  # what one connection lost, the others lost too
                return self._fetch(self._open(), statement, parameters)
        finally:
            self._free.release()

    def _fetch(
        self, connection: psycopg.Connection[Any], statement: str, parameters: tuple[Any, ...]
    ) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = connection.execute(statement, parameters, prepare=True).fetchone()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return row

    def _take(self) -> psycopg.Connection[Any]:
        try:
            return self._idle.pop()
        except IndexError:
            return self._open()

    def _open(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._dsn,
            autocommit=True,
            connect_timeout=10,
            application_name=self._name,
            keepalives_idle=30,
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c default_transaction_read_only=on",
        )

    def _drop_idle(self) -> None:
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return  # another thread was faster
