"""Misses, told from process to process through the database: a limit holds for all of them, and no inquiry waits for it.

The door counts a miss in its own memory. A thread writes what was counted about once a second, in one statement, and reads
back what all processes counted of the same: so a process is off by what the others heard in that second, and only until
its own next miss of that thing. Without the database each process goes on with its own counts.

What is written says nothing of anyone: a keyed hash of an address or a number, an hour, a count. It is dropped after two.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import psycopg

from onex.chassis import logs
from onex.chassis.database import NOT_FOR_EVER
from onex.chassis.pii import Vault
from onex.chassis.web import Runtime
from onex.chassis.web.clients import Clients
from services.certificates.inquiry.limits import HOUR_S, Allowed, Limits

log = logs.get(__name__)
TELL_EVERY_S = 1.0
MOST_AT_ONCE = 50_000  # things missed within a second that are told; more are only counted here
_TELL = """
    INSERT INTO inquiry_miss AS known (subject, hour, misses)
    SELECT subject, %(hour)s, misses FROM unnest(%(subjects)s::bytea[], %(misses)s::int[]) AS new (subject, misses)
    ORDER BY subject
    ON CONFLICT (subject, hour) DO UPDATE SET misses = known.misses + excluded.misses
"""
_HEAR = "SELECT subject, hour, misses FROM inquiry_miss WHERE subject = ANY(%s) AND hour IN (%s, %s)"
FORGET = "DELETE FROM inquiry_miss WHERE hour < :hour"


def limits_of(rt: Runtime) -> Limits:
    """This process's limits, as the environment sets them, shared with the other processes. Raises SettingError."""
    sharing = Sharing(rt.database.dsn, rt.settings.service, rt.vault)
    limits = Limits(Allowed.read(os.environ), Clients.read(os.environ), sharing)
    sharing.attach(limits)
    return limits


class Sharing:
    """One process's side of it. `attach` says whose counts it keeps true."""

    def __init__(self, dsn: str, service: str, vault: Vault, seconds: Callable[[], float] = time.time) -> None:
        self._dsn, self._name, self._seconds = dsn, f"onex-{service}-inquiry-misses", seconds
        self._key = vault.blind_index("", "inquiry misses")
        self._limits: Limits | None = None
        self._waiting: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._something = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[Any] | None = None

    def attach(self, limits: Limits) -> None:
        self._limits = limits

    def missed(self, kind: str, key: str) -> None:
        """Tell the others, soon. Nobody waits for it."""
        with self._lock:
            if len(self._waiting) < MOST_AT_ONCE:
                self._waiting[kind, key] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        self._something.set()

    def tell(self) -> None:
        """Write what was counted, and take over what all counted of the same. Raises psycopg.Error."""
        with self._lock:
            told, self._waiting = self._waiting, Counter()
        if not told or self._limits is None:
            return
        hour = int(self._seconds() // HOUR_S)
        things = {self._subject(*thing): thing for thing in told}
        try:
            connection = self._connected()
            connection.execute(
                _TELL, {"hour": hour, "subjects": list(things), "misses": [told[thing] for thing in things.values()]}
            )
            rows = connection.execute(_HEAR, [list(things), hour, hour - 1]).fetchall()
        except psycopg.Error:
            self._close()
            raise
        known = {(bytes(subject), at): misses for subject, at, misses in rows}
        for subject, (kind, key) in things.items():
            now, before = known.get((subject, hour), 0), known.get((subject, hour - 1), 0)
            self._limits.misses[kind].at_least(key, now, before)

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            try:
                self.tell()
            except (
                Exception
            ) as error:  # whatever it was, the thread goes on: misses are counted here, whatever the others hear
                log.warning("misses_not_told", error=type(error).__name__)
            time.sleep(TELL_EVERY_S)

    def _subject(self, kind: str, key: str) -> bytes:
        return blake2b(f"{kind} {key}".encode("utf-8", "replace"), key=self._key, digest_size=16).digest()

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._dsn, autocommit=True, connect_timeout=10, application_name=self._name,
                options="-c statement_timeout=5000", **NOT_FOR_EVER,
            )  # fmt: skip
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
