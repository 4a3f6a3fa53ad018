"""The stage of these tests: a private broker and database server, two services' tables, and processes to start and kill."""

import itertools
import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kombu
from sqlalchemy import text

from onex.chassis import trace
from onex.chassis.database import Database
from onex.chassis.ids import new_id
from onex.contracts.registry import OrganizationAdmitted
from onex.local.platform import Platform
from onex.messaging import ddl_v1, outbox, packs, topology
from onex.messaging.heard import headers_of
from onex.messaging.publisher import Outgoing, Publisher

CHECKOUT = Path(__file__).resolve().parents[2]
QUEUE = topology.queue_of("notifications", OrganizationAdmitted)
WAIT_S = 60.0


def until(condition: Callable[[], Any], what: str, wait_s: float = WAIT_S) -> Any:
    """Wait until `condition` holds and return what it gave; fail with `what` was awaited."""
    deadline = time.monotonic() + wait_s
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"this never came true: {what}"
        time.sleep(0.05)


def organization(name: str, does: str = "好") -> OrganizationAdmitted:
    """An event that is recorded under `name`; `does` tells the trial's door what to do with it."""
    return OrganizationAdmitted(
        organization_id=uuid.uuid4(),
        organization_version=1,
        kind="teo",
        code="91110000600037341L",
        name_zh=does,
        name_en=name,
        division_code="110000",
        admitted_at=datetime.now(UTC),
    )


class Process:
    """One trial worker in a process of its own."""

    def __init__(self, part: str, service: str, environ: dict[str, str], log: Path, module: str) -> None:
        self.log, self.port = log, environ[f"ONEX_WORKER_PORT_{service.upper()}"]
        self._read_from = 0
        command = [sys.executable, "-m", module, part, service]
        with log.open("ab") as out:
            self._popen = subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=out, stderr=subprocess.STDOUT)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def said(self, words: str) -> int:
        """How many lines of the log hold these words, since the last `forget`."""
        return sum(words in line for line in self.log.read_text(errors="replace").splitlines()[self._read_from :])

    def forget(self) -> "Process":
        """Begin the log anew for `said`; for a process that serves several tests."""
        self._read_from = len(self.log.read_text(errors="replace").splitlines())
        return self

    def ready(self) -> "Process":
        """Wait until the worker says that it is ready."""

        def answers() -> bool:
            assert self.alive, f"the worker died at once:\n{self.log.read_text()[-3000:]}"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=2) as answer:
                    return bool(answer.status == 200)
            except OSError:
                return False

        until(answers, f"{self.log.name} is ready")
        return self

    def metric(self, line_start: str) -> float:
        """The value of the metric whose line begins so; 0 when there is none yet."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(line_start))

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, wait_s: float = WAIT_S) -> int:
        return self._popen.wait(wait_s)

    def end(self) -> None:
        if self.alive:
            self._popen.kill()
        self._popen.wait()


class Stage:
    """Everything a test plays with. `faults` is the folder in which a file arms a fault, once."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.platform, self.folder = platform, folder
        self.environ = platform.environment
        self.faults = folder / "faults"
        self.faults.mkdir()
        self.speaker_db = Database(self.environ["ONEX_DATABASE_URL_REGISTRY"], "registry", pool_size=3)
        self.listener_db = Database(self.environ["ONEX_DATABASE_URL_NOTIFICATIONS"], "notifications", pool_size=3)
        self._processes: list[Process] = []
        self._numbers = itertools.count()
        self._declare()

    def _declare(self) -> None:
        with kombu.Connection(self.environ["ONEX_AMQP_ADMIN_URL"]) as connection:
            topology.declare_platform(
                connection.default_channel, {"registry": [], "notifications": [OrganizationAdmitted]}
            )
        for database in (self.speaker_db, self.listener_db):
            with database.transaction() as session:
                for statement in (*ddl_v1.STATEMENTS, "CREATE TABLE trial (name text NOT NULL)"):
                    session.execute(text(statement))

    # ---- processes --------------------------------------------------------------------------------------------

    def start(self, part: str, module: str = "tests.messaging.trial_worker", **settings: str) -> Process:
        """Start a `listener`, a `speaker` or a `stock` nameko service; `module` is a trial worker of one's own."""
        service = {"listener": "notifications", "speaker": "registry", "stock": "creditbank"}[part]
        environ = {**os.environ, **self.environ, **settings, "ONEX_TRIAL_FAULTS": str(self.faults)}
        if part == "stock":  # a stock handler makes its own queue, which only the administrator may
            environ["ONEX_AMQP_URL_CREDITBANK"] = self.environ["ONEX_AMQP_ADMIN_URL"]
        process = Process(part, service, environ, self.folder / f"{part}-{next(self._numbers)}.log", module)
        self._processes.append(process)
        return process

    def clear(self) -> None:
        """End every process and empty what they worked on."""
        for process in self._processes:
            process.end()
        self._processes.clear()
        self.empty()

    def empty(self) -> None:
        """Empty tables, queues and faults."""
        for fault in self.faults.iterdir():
            fault.unlink()
        for database in (self.speaker_db, self.listener_db):
            with database.transaction() as session:
                session.execute(text("TRUNCATE outbox, inbox, event_start, parked, trial"))
        with kombu.Connection(self.environ["ONEX_AMQP_ADMIN_URL"]) as connection:
            for queue in (QUEUE, topology.delay_exchange(1), "notifications.dead"):
                connection.default_channel.queue_purge(queue)

    def arm(self, fault: str) -> None:
        (self.faults / fault).touch()

    # ---- what goes in -----------------------------------------------------------------------------------------

    def say(self, *events: OrganizationAdmitted) -> None:
        """Commit events to the speaker's outbox."""
        with self.speaker_db.transaction() as session:
            for event in events:
                outbox.append(session, event)

    def put(self, *events: OrganizationAdmitted | bytes, packed: int = 1) -> list[Outgoing]:
        """Publish straight to the exchange with the speaker's account, without a relay, so many to a message."""
        messages = [message(event) for event in events]
        return self.publish([packs.pack(messages[at : at + packed]) for at in range(0, len(messages), packed)])

    def publish(self, messages: list[Outgoing]) -> list[Outgoing]:
        publisher = Publisher(self.environ["ONEX_AMQP_URL_REGISTRY"], "test")
        publisher.publish(messages)
        publisher.close()
        return messages

    # ---- what comes out ---------------------------------------------------------------------------------------

    @property
    def recorded(self) -> list[str]:
        """The names of the events whose handling was committed, as often as it was."""
        with self.listener_db.session() as session:
            return sorted(session.scalars(text("SELECT name FROM trial")))

    def record(self, name: str) -> None:
        with self.listener_db.transaction() as session:
            session.execute(text("INSERT INTO trial (name) VALUES (:name)"), {"name": name})

    def parked(self) -> list[Any]:
        with self.listener_db.session() as session:
            return list(session.execute(text("SELECT * FROM parked ORDER BY id")))

    def unsent(self) -> int:
        with self.speaker_db.session() as session:
            return int(session.scalar(text("SELECT count(*) FROM outbox")) or 0)

    def waiting(self, queue: str = QUEUE) -> int:
        """Messages ready in a queue (those a consumer holds are not counted)."""
        with kombu.Connection(self.environ["ONEX_AMQP_ADMIN_URL"]) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)

    def nothing_left_in(self, listener: Process) -> None:
        """Stop the listener and hold that it left nothing behind in its queue."""
        listener.signal(signal.SIGTERM)
        assert listener.wait() == 0
        assert self.waiting() == 0

    def until_recorded(self, names: Iterable[str]) -> None:
        expected = sorted(names)
        until(lambda: self.recorded == expected, f"{expected[:5]}… are recorded, each once ({self.recorded[:10]}…)")


def message(event: OrganizationAdmitted | bytes) -> Outgoing:
    """The message of an event, or one whose body is these bytes."""
    contract = OrganizationAdmitted
    event_id = new_id()
    subject = str(event.organization_id) if isinstance(event, contract) else "unknown"
    headers = headers_of(event_id, contract.type(), "/registry", subject, datetime.now(UTC), trace.new_traceparent())
    body = event.encode() if isinstance(event, contract) else event
    exchange = topology.exchange_of(contract.producer)
    return Outgoing(exchange, contract.routing_key(), headers, body, message_id=str(event_id))
