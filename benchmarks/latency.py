"""Milliseconds from a result's publication to a partner's webhook and stream, idle and under load."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
from rich.console import Console

from benchmarks import figures, machine
from benchmarks.ground import Ground
from benchmarks.passes import new_passes, new_pilot
from benchmarks.product import NAME, Product
from benchmarks.rounds import Round, percentile, take_turns
from onex.chassis.database import Database
from onex.chassis.ids import new_id
from onex.chassis.settings import Settings
from onex.local.tether import tied
from onex.messaging import outbox

IDLE, LOADED = "idle", "under load"
IDLE_EVERY_S = 0.2
TICK_S = 0.05
ARRIVED_WITHIN_S = 120.0
# The ids of the events that tell partners of these results, by result.
_EVENTS = (
    "SELECT event_id, CAST(body::jsonb ->> 'result_id' AS uuid) FROM notice"
    " WHERE event_id > %s AND name = 'certificate_issued'"
)


class Partner:
    """A partner's webhook address and its reader of the stream, each in a process that notes when what arrived."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._file = ground.home / "stream.txt"
        own = {**os.environ, **ground.platform.environment}
        with open(self._file, "wb") as out:
            command = tied((sys.executable, "-m", "benchmarks.stream_reader"))
            self._process = subprocess.Popen(command, env=own, stdout=out)
        deadline = time.monotonic() + 30
        while not self._file.read_bytes().startswith(b"ready\n"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the stream's reader did not start")
            time.sleep(0.1)  # it is still starting: its file is looked at again

    def heard(self) -> tuple[dict[str, float], dict[str, float]]:
        """When each event came first, by webhook and by stream (time.monotonic, which all processes share)."""
        lines = [line.split() for line in self._file.read_text().splitlines()[1:]]
        stream = {line[0]: float(line[1]) for line in lines if len(line) == 2}
        return self._ground.receiver.arrivals(NAME), stream

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


class Flow:
    """Results published at a steady pace, and how long each was under way."""

    def __init__(self, ground: Ground, product: Product, partner: Partner, pilot: Any) -> None:
        self._product, self._partner, self._pilot = product, partner, pilot
        settings = Settings.for_service("assessment", ground.platform.environment)
        self._database = Database(settings.database_url, "assessment", pool_size=2)
        self._notices = psycopg.connect(ground.service_url("notifications"), autocommit=True)

    def turn(self, side: str, count: int, at_once: int, every_s: float) -> Round:
        """`count` results, `at_once` in a transaction, a transaction every `every_s` seconds."""
        passes = new_passes(self._pilot, self._product.vault, count)
        mark, published = new_id(), {}
        began = time.monotonic()
        for place in range(0, count, at_once):
            # Results come at a steady rate: each transaction waits for its moment.
            time.sleep(max(0.0, began + place // at_once * every_s - time.monotonic()))
            with self._database.session() as session:
                for one in passes[place : place + at_once]:
                    outbox.append(session, one)
                outbox.flush(session)
                now = time.monotonic()
                session.commit()
            published.update({one.result_id: now for one in passes[place : place + at_once]})
        waits = self._wait(mark, published)
        figures = {
            f"{way} {name}": percentile(values, share) * 1000
            for way, values in waits.items()
            for name, share in (("p50", 0.5), ("p99", 0.99))
        }
        return Round(side, count, {"published": time.monotonic() - began}, {}, figures)

    def _wait(self, mark: uuid.UUID, published: dict[uuid.UUID, float]) -> dict[str, list[float]]:
        deadline = time.monotonic() + ARRIVED_WITHIN_S
        while True:
            events = self._notices.execute(_EVENTS, (mark,)).fetchall()
            webhooks, stream = self._partner.heard()
            ids = [str(event_id) for event_id, _ in events]
            if len(ids) == len(published) and all(one in webhooks and one in stream for one in ids):
                break
            if time.monotonic() > deadline:
                raise RuntimeError(f"of {len(published)} results {len(ids)} were noticed, not all arrived")
            time.sleep(0.2)  # the receivers noted when each came: looking later changes no figure
        return {
            way: [arrived[str(event_id)] - published[result_id] for event_id, result_id in events]
            for way, arrived in (("webhook", webhooks), ("stream", stream))
        }

    def stop(self) -> None:
        self._notices.close()


def measure(rounds: int, results: int, load_per_s: int, console: Console) -> dict[str, Any]:
    """`results` single ones with a pause between, and five seconds of `load_per_s`, in turn."""
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        pilot = new_pilot()
        product = Product(ground, pilot)
        product.start()
        partner = Partner(ground)
        flow = Flow(ground, product, partner, pilot)
        at_once = max(1, round(load_per_s * TICK_S))
        count = at_once * round(5 / TICK_S)

        def said(turn: Callable[[], Round]) -> Callable[[], Round]:
            def take() -> Round:
                one = turn()
                waits = ", ".join(f"{name} {ms:,.0f} ms" for name, ms in one.latency_ms.items())
                console.print(f"  {one.side:<12}{waits}")
                return one

            return take

        turns = {
            IDLE: said(lambda: flow.turn(IDLE, results, 1, IDLE_EVERY_S)),
            LOADED: said(lambda: flow.turn(LOADED, count, at_once, TICK_S)),
        }
        try:
            taken = take_turns(turns, rounds)
        finally:
            flow.stop()
            partner.stop()
            product.stop()
    seen = figures.of("latency", about, taken, IDLE)
    return seen | {"load_per_second": at_once / TICK_S}
