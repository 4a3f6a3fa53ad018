"""Roster rows a second, all checks included, beside a bare parse and COPY of the same file into the same columns."""

import csv
import io
import time
import uuid
from collections.abc import Callable
from hashlib import md5
from typing import Any

import psycopg
from rich.console import Console
from sqlalchemy import text

from benchmarks import figures, machine
from benchmarks.cpu import Meter
from benchmarks.ground import Ground
from benchmarks.rounds import Round, take_turns
from onex.chassis import jobs
from onex.chassis.database import Database, copy_in
from onex.chassis.ids import new_id
from onex.chassis.pii import RESIDENT_IDENTITY, Vault
from onex.chassis.settings import Settings
from onex.cli.migrate import migrate_everything
from onex.demo.rosters import make_roster

NAME, BARE = "onex", "bare parse + COPY"
COLLEGES = [f"1244000045678{place:04d}A" for place in range(12)]
SITES = ["GD-0001", "GD-0002", "GD-0003"]
DONE_WITHIN_S = 600.0
COLUMNS = (
    "id", "plan_id", "sitting_id", "number", "learner_id", "sealed_person", "masked_name", "name_index",
    "candidate_kind", "college_id", "seen_job_id", "seen_row",
)  # fmt: skip
# The registration table with all its keys and indexes, for rows that nobody has checked. LIKE leaves foreign keys out.
_TABLES = (
    "CREATE TABLE bare_registration (LIKE registration INCLUDING ALL)",
    "ALTER TABLE bare_registration ADD FOREIGN KEY (sitting_id) REFERENCES sitting (id)",
)


class Place:
    """Where rosters go: the assessment service with its worker, and plans for candidates to be registered for."""

    def __init__(self, ground: Ground, rows: int) -> None:
        self._ground = ground
        environment = ground.platform.environment
        settings = Settings.for_service("assessment", environment)
        self._vault, self._database = Vault.of(settings), Database(settings.database_url, "assessment", pool_size=2)
        self._teo, self._type = new_id(), new_id()
        self._roster = make_roster(rows, seed=1, colleges=COLLEGES, sites=SITES, certificate_type="004")
        self._rows = rows
        self._sealed = self._vault.seal_person("王小明", RESIDENT_IDENTITY, "11010519491231002X")
        with self._database.transaction() as session:
            for code in COLLEGES:
                values = {"id": new_id(), "code": code}
                session.execute(text(_ORGANIZATION), values)
            session.execute(text(_TYPE), {"id": self._type, "teo": self._teo})
            for code in COLLEGES:
                values = {"code": code, "teo": self._teo, "type": self._type}
                session.execute(text(_QUOTA), values)
                session.execute(text(_FEE), values)
            self._sites = {code: new_id() for code in SITES}
            for code, site_id in self._sites.items():
                values = {"id": site_id, "code": code, "teo": self._teo, "type": self._type}
                session.execute(text(_SITE), values)
            for statement in _TABLES:
                session.execute(text(statement))

    def product(self) -> Round:
        """From the roster's acceptance until its job is done, in the real worker."""
        plan, _ = self._new_plan()
        meter = self._meter("assessment")
        with self._database.session() as session:
            job_id = jobs.accept(
                session, self._vault, "roster", owner_id=self._teo, created_by="benchmark",
                parameters={"plan_id": str(plan)}, source=self._roster.data, file_name=self._roster.filename,
            )  # fmt: skip
            started = time.monotonic()
            session.commit()
        seconds = self._wait_done(job_id) - started
        return Round(NAME, self._rows, {"taken in": seconds}, meter.us_per_item(self._rows))

    def bare(self) -> Round:
        """Decode, split, COPY: no checks, nothing sealed; the ids that the keys need, and nothing else."""
        plan, sitting = self._new_plan()
        meter = self._meter(None)
        cpu_before = time.process_time()
        started = time.monotonic()
        lines = csv.reader(io.StringIO(self._roster.data.decode("utf-8-sig", "replace"), newline=""))
        next(lines)
        with self._database.transaction() as session:
            copy_in(session, "bare_registration", COLUMNS, _bare_rows(lines, plan, sitting, self._sealed))
        seconds = time.monotonic() - started
        cpu = meter.us_per_item(self._rows)
        cpu["worker"] = (time.process_time() - cpu_before) / self._rows * 1e6
        return Round(BARE, self._rows, {"taken in": seconds}, cpu)

    def _meter(self, service: str | None) -> Meter:
        pid = self._ground.platform.pid
        return Meter({"worker": pid(service) if service else None, "postgres": pid("postgres")})

    def _new_plan(self) -> tuple[uuid.UUID, uuid.UUID]:
        """A plan with a sitting at each site; its id, and that of the last sitting."""
        plan = sitting = new_id()
        with self._database.transaction() as session:
            session.execute(text(_PLAN), {"id": plan, "type": self._type, "teo": self._teo})
            for code, site_id in self._sites.items():
                sitting = new_id()
                session.execute(text(_SITTING), {"id": sitting, "plan": plan, "site": site_id, "code": code})
        return plan, sitting

    def _wait_done(self, job_id: uuid.UUID) -> float:
        query = "SELECT state, accepted, failure FROM job WHERE id = %s"
        deadline = time.monotonic() + DONE_WITHIN_S
        with psycopg.connect(self._ground.service_url("assessment"), autocommit=True) as connection:
            while True:
                state, accepted, failure = connection.execute(query, (job_id,)).fetchone()  # type: ignore[misc]
                if state == "done":
                    break
                if state == "failed" or time.monotonic() > deadline:
                    raise RuntimeError(f"the roster is {state}: {failure}")
                time.sleep(0.05)  # the job is asked again: its time is read to a twentieth of a second
        ended = time.monotonic()
        if accepted != self._roster.good:
            raise RuntimeError(f"{accepted} of {self._roster.good} good rows were accepted")
        return ended


def _bare_rows(lines: Any, plan: uuid.UUID, sitting: uuid.UUID, sealed: str) -> Any:
    """A row of COLUMNS for each line, as wide as the product's: everybody gets the same sealed text and name index.

    The learner's id lies anywhere in its index, as a real one does.
    """
    indexed = bytes(32)
    for place, line in enumerate(lines, 1):
        document, name = line[1], line[2]
        yield (
            new_id(), plan, sitting, f"{plan.hex[-9:]}{place:07}",
            uuid.UUID(bytes=md5(f"{place}{document}".encode()).digest()), sealed, name, indexed, "student", sitting,
            plan, place,
        )  # fmt: skip


_ORGANIZATION = (
    "INSERT INTO organization (id, version, kind, code, name_zh, name_en, division_code)"
    " VALUES (:id, 1, 'college', :code, '学院', 'College', '440000')"
)
_TYPE = (
    "INSERT INTO certificate_type (id, version, code, name_zh, name_en, teo_id, levels)"
    """ VALUES (:id, 1, '004', '前端', 'Front end', :teo, CAST('{"intermediate": "1.0"}' AS jsonb))"""
)
_SITE = (
    "INSERT INTO site (id, code, college_id, teo_id, certificate_type_id, division_code, said_at)"
    " VALUES (:id, :code, :teo, :teo, :type, '440000', now())"
)
_QUOTA = (
    "INSERT INTO quota (id, version, college_id, certificate_type_id, level, year, seats)"
    " SELECT gen_random_uuid(), 1, id, :type, 'intermediate', 2026, 100000000 FROM organization WHERE code = :code"
)
_FEE = (
    "INSERT INTO fee_agreement (id, teo_id, college_id, certificate_type_id, level, amount_fen, in_force_from, in_force_to,"
    " said_at) SELECT gen_random_uuid(), :teo, id, :type, 'intermediate', 45000, '2019-04-16', '2099-12-31', now()"
    " FROM organization WHERE code = :code"
)
_PLAN = (
    "INSERT INTO plan (id, certificate_type_id, level, standard_version, teo_id, title_zh, title_en, year, components,"
    " pass_line_hundredths, state, registered, created_by) VALUES (:id, :type, 'intermediate', '1.0', :teo, '考核',"
    " 'Assessment', 2026, '[]', 6000, 'published', 0, 'benchmark')"
)
_SITTING = (
    "INSERT INTO sitting (id, plan_id, site_id, site_code, starts_at, ends_at, capacity, registered, created_by) VALUES"
    " (:id, :plan, :site, :code, now(), now() + interval '2 hours', 100000000, 0, 'benchmark')"
)


def measure(rounds: int, rows: int, console: Console) -> dict[str, Any]:
    """Both in turn, into tables that grow alike."""
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        migrate_everything(ground.platform.environment)
        ground.platform.start_services()
        place = Place(ground, rows)

        def said(turn: Callable[[], Round]) -> Callable[[], Round]:
            def take() -> Round:
                one = turn()
                console.print(f"  {one.side:<20}{one.per_second('taken in'):>9,.0f} rows/s")
                return one

            return take

        taken = take_turns({NAME: said(place.product), BARE: said(place.bare)}, rounds)
    return figures.of("import", about, taken, NAME)
