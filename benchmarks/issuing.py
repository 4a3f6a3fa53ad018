"""Certificates issued by so many workers at once, each a process of its own, as more than one share the service's queue.

A worker does with its share of the events what the service's consumer does with what it hears, batch by batch, each in a
transaction that claims the events and commits rows, entries for the log, and outbox.
"""

import multiprocessing
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import Any, Self

from onex.chassis import collector
from onex.chassis.database import Database
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.contracts.assessment import ResultPublished
from onex.messaging import heard, inbox
from onex.messaging.consumer import BATCH
from onex.messaging.topology import queue_of
from services.certificates.issuing import actions

QUEUE = queue_of("certificates", ResultPublished)
Message = tuple[dict[str, Any], bytes]
_processes = multiprocessing.get_context("spawn")  # nothing of the measuring process in them


class Workers:
    """So many processes that wait for events to issue on. Use as a context manager."""

    def __init__(self, count: int, database_url: str, environment: Mapping[str, str]) -> None:
        with ExitStack() as stack:
            self._lines = [self._hire(stack, database_url, environment) for _ in range(count)]
            self._hired = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hired.close()

    def issue(self, messages: Sequence[Message]) -> float:
        """Seconds from the first event's bytes until all certificates are committed.

        Raises EOFError where a worker ends before; what it ended of is on its standard error.
        """
        batches = [messages[at : at + BATCH] for at in range(0, len(messages), BATCH)]
        for place, line in enumerate(self._lines):
            line.send(batches[place :: len(self._lines)])
        self._all_say("ready")
        started = time.perf_counter()
        for line in self._lines:
            line.send("go")
        self._all_say("done")
        return time.perf_counter() - started

    def _hire(self, stack: ExitStack, database_url: str, environment: Mapping[str, str]) -> Connection:
        ours, theirs = _processes.Pipe()
        process = _processes.Process(target=_work, args=(theirs, database_url, dict(environment)), daemon=True)
        process.start()
        theirs.close()  # so that reading ours ends when the process does
        stack.callback(process.join)
        stack.callback(ours.close)
        return ours

    def _all_say(self, word: str) -> None:
        for line in self._lines:
            said = line.recv()
            if said != word:
                raise RuntimeError(f"a worker said {said!r}, not {word!r}")


def _work(line: Connection, database_url: str, environment: dict[str, str]) -> None:
    """Issue what comes over the line, until it is closed."""
    settings = Settings.for_service("certificates", environment)
    desk = actions.Desk(Vault.of(settings), settings.public_url)
    database = Database(database_url, "certificates", pool_size=1)
    while True:
        try:
            batches = line.recv()
        except EOFError:
            return
        collector.spare()
        line.send("ready")
        line.recv()
        for messages in batches:
            batch = [heard.read(ResultPublished, headers, body) for headers, body in messages]
            with database.transaction() as session:
                fresh = inbox.claim(session, QUEUE, [one.event_id for one in batch])
                actions.issue(session, desk, [one for one in batch if one.event_id in fresh])
        line.send("done")
