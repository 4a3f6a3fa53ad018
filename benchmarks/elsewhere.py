"""Certificates issued elsewhere, entered from a CSV file by the real job: rows a second and the worker's peak memory.

A file of the size asked for beside one of a tenth of it. What is told is whether it grows: a row takes as long and the worker
needs little more memory, however long the file is. The rows become certificates by the steps of issuing, so each is signed, and
gets row, log entry and event.
"""

import csv
import io
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from rich.console import Console

from benchmarks import figures, machine
from benchmarks.cpu import Meter
from benchmarks.ground import Ground
from benchmarks.memory import Peak
from benchmarks.passes import STANDARD_VERSION, Pilot, new_pilot
from benchmarks.rounds import Round, take_turns
from benchmarks.watch import wait_for
from onex.chassis import clock, jobs
from onex.chassis.database import Database
from onex.chassis.pii import Vault
from onex.chassis.settings import SERVICES, Settings
from onex.cli.migrate import migrate_everything
from onex.demo.rosters import make_roster
from onex.messaging import outbox
from services.certificates.elsewhere.entering import KIND

ENTERED = "entered"
HEADINGS = ("证件号码", "姓名", "证书编码", "级别", "标准版本", "颁发日期", "原证书编号")
LEVELS = {"primary": "初级", "intermediate": "中级", "advanced": "高级"}
FIRST_DAY = date(2019, 6, 3)
BAD_SHARE = 0.01
DONE_WITHIN_S, HEARD_WITHIN_S = 1_800.0, 60.0


@dataclass(frozen=True)
class File:
    """A CSV file and how many of its rows are good."""

    data: bytes
    rows: int
    good: int


def new_file(pilot: Pilot, teo_id: uuid.UUID, rows: int) -> File:
    """`rows` certificates of one TEO's types, of people and numbers that no other file has; one in a hundred names no person."""
    kinds = [kind for kind in pilot.types if kind.teo_id == teo_id]
    people = make_roster(rows, seed=random.getrandbits(64), colleges=["1"], sites=["S"], bad_share=0).candidates
    days, bad, begun = (clock.today() - FIRST_DAY).days, int(rows * BAD_SHARE), uuid.uuid4().hex[:12]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for place, person in enumerate(people):
        kind, day = kinds[place % len(kinds)], FIRST_DAY + timedelta(days=random.randrange(days))
        name = person.name if place >= bad else ""
        level = LEVELS[kind.levels[0].level]
        writer.writerow(
            (person.document_number, name, kind.code, level, STANDARD_VERSION, day.isoformat(), f"{begun}-{place:07}")
        )
    return File(text.getvalue().encode(), rows, rows - bad)


class Place:
    """Where the files go: the certificates service with its worker, and the TEO that sends them."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self.pilot = ground, new_pilot()
        self.teo_id = self.pilot.types[0].teo_id
        settings = Settings.for_service("certificates", ground.platform.environment)
        self._vault, self._url = Vault.of(settings), settings.public_url
        self._database = Database(settings.database_url, "certificates", pool_size=1)
        registry = Settings.for_service("registry", ground.platform.environment)
        with Database(registry.database_url, "registry", pool_size=1).transaction() as session:
            for event in (*self.pilot.teos, *self.pilot.types):
                outbox.append(session, event)
        self._wait("SELECT count(*) FROM certificate_type", len(self.pilot.types), HEARD_WITHIN_S)
        self._wait("SELECT count(*) FROM issuer_key", len(self.pilot.teos), HEARD_WITHIN_S)
        self.peaks: dict[str, list[float]] = {}

    def turn(self, side: str, rows: int) -> Round:
        """From the file's acceptance until its job is done, in the real worker; then until all is in the log and said."""
        file = new_file(self.pilot, self.teo_id, rows)
        pid = self._ground.platform.pid
        meter = Meter({name: pid(name) for name in ("certificates", "postgres")})
        peak = Peak(pid("certificates"))
        with self._database.session() as session:
            job_id = jobs.accept(
                session, self._vault, KIND, owner_id=self.teo_id, created_by="benchmark",
                parameters={"teo_id": str(self.teo_id), "public_url": self._url}, source=file.data, file_name="c.csv",
            )  # fmt: skip
            started = time.monotonic()
            session.commit()
        self._wait("SELECT count(*) FROM job WHERE state IN ('done', 'failed') AND id = %s", 1, DONE_WITHIN_S, job_id)
        seconds = time.monotonic() - started
        self._check(job_id, file)
        self._come_to_rest()
        self.peaks.setdefault(side, []).append(peak.mib())
        return Round(side, rows, {ENTERED: seconds}, meter.us_per_item(rows))

    def _check(self, job_id: uuid.UUID, file: File) -> None:
        with self._connection() as connection:
            row = connection.execute("SELECT state, accepted, refused FROM job WHERE id = %s", [job_id]).fetchone()
        if row != ("done", file.good, file.rows - file.good):
            raise RuntimeError(f"the file of {file.rows} rows, {file.good} of them good, ended as {row}")

    def _come_to_rest(self) -> None:
        """Until all is in the log, said and heard, so that no turn pays for another."""
        self._wait("SELECT 1 - LEAST(count(*), 1) FROM log_pending", 1, DONE_WITHIN_S)
        for service in SERVICES:
            self._wait("SELECT 1 - LEAST(count(*), 1) FROM outbox", 1, DONE_WITHIN_S, service=service)
        entered = "SELECT count(*) FROM certificate"
        with self._connection() as connection:
            row = connection.execute(entered).fetchone()
        noticed = "SELECT count(*) FROM notice WHERE name = 'certificate_issued'"
        self._wait(noticed, int((row or (0,))[0]), DONE_WITHIN_S, service="notifications")

    def _connection(self, service: str = "certificates") -> psycopg.Connection[Any]:
        return psycopg.connect(self._ground.service_url(service), autocommit=True)

    def _wait(self, query: str, count: int, within_s: float, *values: Any, service: str = "certificates") -> None:
        with self._connection(service) as connection:
            wait_for(connection, query, count, within_s, *values)


def measure(rounds: int, rows: int, console: Console) -> dict[str, Any]:
    """A file of `rows` and one of a tenth of it, in turn."""
    sizes = {f"{size:,} rows": size for size in (rows, max(1, rows // 10))}
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        migrate_everything(ground.platform.environment)
        ground.platform.start_services()
        place = Place(ground)
        place.turn("warm-up", min(rows, 1_000))

        def turn(side: str) -> Callable[[], Round]:
            def take() -> Round:
                one = place.turn(side, sizes[side])
                told = f"{one.per_second(ENTERED):,.0f} rows/s, peak memory {place.peaks[side][-1]:,.0f} MiB"
                console.print(f"  {side:<14}{told}", highlight=False)
                return one

            return take

        taken = take_turns({side: turn(side) for side in sizes}, rounds)
    peaks = {side: place.peaks[side] for side in sizes}
    first = next(iter(sizes))
    return figures.of("elsewhere", about, taken, first) | figures.peaks(peaks, first)
