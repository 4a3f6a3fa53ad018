"""Events a second through outbox, relay, quorum queue, inbox, into a row."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import kombu
import psycopg
from rich.console import Console
from sqlalchemy import text

from benchmarks import figures, machine
from benchmarks.cpu import Meter
from benchmarks.floor import Floor
from benchmarks.ground import Ground
from benchmarks.passes import Pilot, new_issued, new_pilot
from benchmarks.peers.peer import CHECKOUT, Peer
from benchmarks.pipeline import turn
from benchmarks.rounds import Round, take_turns
from benchmarks.tasks import BUS
from benchmarks.watch import watch
from onex.chassis.database import Database
from onex.chassis.ids import new_id
from onex.chassis.settings import Settings
from onex.contracts.certificates import CertificateIssued
from onex.local import readiness
from onex.local.tether import tied
from onex.messaging import ddl_v1, outbox, topology

NAME = "onex"
SPEAKER, LISTENER = "certificates", "creditbank"
ARRIVAL = "CREATE TABLE arrival (id uuid PRIMARY KEY, certificate_id uuid NOT NULL, body text NOT NULL)"
READY_WITHIN_S = 60.0


class ProductBus:
    """The platform's messaging between two services that do nothing else."""

    def __init__(self, ground: Ground, pilot: Pilot) -> None:
        self._ground, self._pilot = ground, pilot
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Tables, topology, both workers, a warm-up."""
        self._environment = self._ground.platform.environment
        for service in (SPEAKER, LISTENER):
            statements = (*ddl_v1.STATEMENTS, ARRIVAL) if service == LISTENER else ddl_v1.STATEMENTS
            database = self._database(service)
            with database.transaction() as session:
                for statement in statements:
                    session.execute(text(statement))
        self._speaker = self._database(SPEAKER)
        with kombu.Connection(self._ground.amqp_url) as connection:
            topology.declare_platform(connection.default_channel, {SPEAKER: [], LISTENER: [CertificateIssued]})
        for service in (SPEAKER, LISTENER):
            command = tied((sys.executable, "-m", "benchmarks.bus_worker", service))
            with open(self._ground.home / f"bus-{service}.log", "wb") as log:
                self._processes[service] = subprocess.Popen(
                    command, env={**os.environ, **self._environment}, cwd=CHECKOUT, stdout=log, stderr=log
                )
            self._wait_ready(service)
        self._looking = psycopg.connect(self._ground.service_url(LISTENER), autocommit=True)
        self.turn(100)

    def turn(self, count: int) -> Round:
        """`count` events from right before the COMMIT of the outbox until the last has its row."""
        events, mark = new_issued(self._pilot, count), new_id()
        query = "SELECT count(*) FROM arrival WHERE id > %s"
        with self._speaker.session() as session:
            for one in events:
                outbox.append(session, one)
            outbox.flush(session)
            pid = self._ground.platform.pid
            own = {name: process.pid for name, process in self._processes.items()}
            meter = Meter(own | {"postgres": pid("postgres"), "rabbitmq": pid("rabbitmq")})
            started = time.monotonic()
            session.commit()
        arrived = lambda: int(self._looking.execute(query, (mark,)).fetchone()[0])  # type: ignore[index]  # noqa: E731
        seconds = watch({"arrived": arrived}, count, started)
        return Round(NAME, count, seconds | {"complete": seconds["arrived"]}, meter.us_per_item(count))

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            process.wait(30)

    def _database(self, service: str) -> Database:
        return Database(Settings.for_service(service, self._environment).database_url, service, pool_size=2)

    def _wait_ready(self, service: str) -> None:
        url = f"http://127.0.0.1:{self._environment[f'ONEX_WORKER_PORT_{service.upper()}']}/health/ready"
        deadline = time.monotonic() + READY_WITHIN_S
        while not readiness.answers(url):
            if self._processes[service].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._ground.home / f"bus-{service}.log").read_text()[-3000:])
            time.sleep(0.1)  # it is still starting: asked again


def measure(
    rounds: int, events: int, peer_events: int, stock_peers: Sequence[type[Peer]], console: Console
) -> dict[str, Any]:
    """All sides in turn on the same servers."""
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        pilot = new_pilot()
        sides: list[tuple[str, Any, int]] = [(NAME, ProductBus(ground, pilot), events)]
        sides.append((Floor.name, Floor(ground, pilot, BUS), events))
        sides += [(peer.name, peer(ground, pilot, BUS), peer_events) for peer in stock_peers]
        try:
            for name, side, _ in sides:
                console.print(f"Starting {name} …")
                side.start()
            taken = take_turns({name: turn(console, side, count) for name, side, count in sides}, rounds)
        finally:
            for _, side, _ in reversed(sides):
                side.stop()
    return figures.of("bus", about, taken, NAME)
