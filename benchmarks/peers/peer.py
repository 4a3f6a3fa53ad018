"""What all peers have in common: a vhost, a database a part, processes to start, rounds to run, rows to count."""

import json
import os
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import kombu
import orjson
import psycopg
from amqp.exceptions import NotFound

from benchmarks.cpu import Meter
from benchmarks.ground import Ground
from benchmarks.passes import CREDIT_HUNDREDTHS, STANDARD_VERSION, Pilot, new_issued, new_passes
from benchmarks.rounds import Round
from benchmarks.tasks import BUS, Task
from benchmarks.watch import watch
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.local.tether import tied

CHECKOUT = Path(__file__).resolve().parents[2]
BENCH_PYTHON = CHECKOUT / ".venv-bench" / "bin" / "python"
READY_WITHIN_S = 60.0


class Peer(ABC):
    """Prepared by `start`; each `turn` is one round. A peer says what its processes are and how it is given work."""

    name: str
    path: str
    """Its vhost, and what its databases and logs begin with."""
    warm_up = 50
    python = sys.executable

    def __init__(self, ground: Ground, pilot: Pilot, task: Task, *, webhooks: bool = False) -> None:
        """`webhooks`: whether notices are also posted to the receiver."""
        self.ground, self.pilot, self.task, self.webhooks = ground, pilot, task, webhooks
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._looking: dict[str, psycopg.Connection[Any]] = {}

    # ---- what a peer says of itself ---------------------------------------------------------------------------

    @abstractmethod
    def command(self, part: str) -> Sequence[str]:
        """What to run for a part; its settings are in BENCH_SETTINGS."""

    @abstractmethod
    def queue(self, part: str) -> str:
        """The queue that a part reads."""

    @abstractmethod
    def begin(self, bodies: Sequence[bytes]) -> Callable[[], None]:
        """Prepare to give these events to the first part; what is returned does it, while the clock runs."""

    def prepare(self) -> None:  # noqa: B027  (most have nothing to prepare)
        """Whatever has to be there before the processes start."""

    # ---- what is the same for all -----------------------------------------------------------------------------

    def start(self) -> None:
        """Make vhost and databases, start the processes, wait until each reads its queue, warm up."""
        self.environment = self.ground.platform.environment
        self.vault = Vault.of(Settings.for_service("assessment", self.environment))
        self.amqp_url = self.ground.make_vhost(self.path)
        database = f"{self.path.replace('-', '_')}_{{}}"
        self.database_urls = {part: self.ground.make_database(database.format(part)) for part in self.task.parts}
        self.prepare()
        for part in self.task.parts:
            self._start(part, self.command(part))
            self._looking[part] = psycopg.connect(self.database_urls[part], autocommit=True)
        self._wait_until_they_listen()
        self.turn(self.warm_up)

    def turn(self, count: int) -> Round:
        """`count` events from the first word of them until the last has been through every stage."""
        if self.task is BUS:
            bodies = [one.encode() for one in new_issued(self.pilot, count)]
        else:
            bodies = [one.encode() for one in new_passes(self.pilot, self.vault, count)]
        mark, delivered_before = new_id(), self.ground.receiver.count(self.path)
        say = self.begin(bodies)
        pid = self.ground.platform.pid
        processes = {name: process.pid for name, process in self._processes.items()}
        meter = Meter(processes | {"postgres": pid("postgres"), "rabbitmq": pid("rabbitmq")})
        producer = threading.Thread(target=say)
        started = time.monotonic()
        producer.start()
        stages = {stage: self._counting(part, table, mark) for stage, part, table in self.task.stages}
        if self.webhooks:
            stages["delivered"] = lambda: self.ground.receiver.count(self.path) - delivered_before
        seconds = watch(stages, count, started)
        producer.join()
        return Round(self.name, count, seconds | {"complete": max(seconds.values())}, meter.us_per_item(count))

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(30)
        for connection in self._looking.values():
            connection.close()

    def settings(self) -> dict[str, Any]:
        """What a part's process needs to know, JSON all of it."""
        criteria = f"按{STANDARD_VERSION}版职业技能等级标准考核合格。"
        criteria += f" Passed the assessment by version {STANDARD_VERSION} of the vocational skill level standard."
        return {
            "amqp_url": self.amqp_url,
            "database_urls": self.database_urls,
            "webhook_url": self.ground.receiver.url(self.path) if self.webhooks else None,
            "webhook_secret": "whsec_c3RvY2stbmFtZWtvLXN0b2NrLW5hbWVrby0=",
            "credit_hundredths": CREDIT_HUNDREDTHS,
            "teos": [{"id": str(t.organization_id), "name": f"{t.name_zh} {t.name_en}"} for t in self.pilot.teos],
            "types": [
                {
                    "id": str(kind.certificate_type_id),
                    "teo_id": str(kind.teo_id),
                    "code": kind.code,
                    "name": f"{kind.name_zh} {kind.name_en}",
                    "level": kind.levels[0].level,
                    "version": STANDARD_VERSION,
                    "criteria": criteria,
                }
                for kind in self.pilot.types
            ],
        }

    def run(self, name: str, command: Sequence[str]) -> None:
        """Start one more process of this side, which has no queue to be waited for."""
        self._start(name, command)

    def _start(self, name: str, command: Sequence[str]) -> None:
        settings = orjson.dumps(self.settings()).decode()
        own = {**os.environ, **self.environment, "BENCH_SETTINGS": settings}
        with open(self._log(name), "wb") as log:
            self._processes[name] = subprocess.Popen(
                tied(tuple(command)), env=own, cwd=CHECKOUT, stdout=log, stderr=log
            )

    def _log(self, name: str) -> Path:
        return self.ground.home / f"{self.path}-{name}.log"

    def _counting(self, part: str, table: str, mark: Any) -> Callable[[], int]:
        query = f"SELECT count(*) FROM {table} WHERE id > %s"
        return lambda: int(self._looking[part].execute(query, (mark,)).fetchone()[0])  # type: ignore[index]

    def _wait_until_they_listen(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        waiting = list(self.task.parts)
        while waiting:
            for part in list(waiting):
                if self._consumers_of(self.queue(part)):
                    waiting.remove(part)
                elif self._processes[part].poll() is not None or time.monotonic() > deadline:
                    log = self._log(part).read_text()[-3000:]
                    raise RuntimeError(f"{self.name}'s {part} does not listen:\n{log}")
            time.sleep(0.1)  # it is still starting: looked at again

    def _consumers_of(self, queue: str) -> int:
        with kombu.Connection(self.amqp_url) as connection:
            try:
                return int(connection.default_channel.queue_declare(queue, passive=True).consumer_count)
            except NotFound:
                return 0


def as_json(bodies: Sequence[bytes]) -> list[dict[str, Any]]:
    """The events as a framework takes them, which writes the JSON by itself."""
    return [json.loads(body) for body in bodies]
