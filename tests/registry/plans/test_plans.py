"""Every list and report of the registry answers in the time of an indexed query, at the size of the pilot.

What is asked of the database while a door answers is explained by PostgreSQL: no table that grows is read from end to end, no
more of it is touched or sorted than a page is worth, nothing is skipped by OFFSET. A report is one query, and reads no more
than it is told here (`REPORTS`).
The page: `ONEX_WRITE_PLANS=1 make test ARGS="-m long tests/registry/plans"` writes docs/reports/registry-plans.md.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from onex.chassis import clock, migrating
from onex.local.platform import Platform
from services.registry import seeds
from services.registry.reports import queries
from services.registry.reports.periods import week
from tests.harness.emptying import admin_url
from tests.harness.service import ACCESS_KEY, Service
from tests.registry.plans import filling, judging, page
from tests.registry.plans.asking import Asked, Asking, Caller, connected, statements
from tests.registry.plans.reports import REPORTS, THREE_WEEKS
from tests.registry.sides import Side
from tests.registry.test_matrix import UNMADE

NAME = "registry_plans"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "reports" / "registry-plans.md"
LIST = judging.Bars(rows=10_000, sorted=1_000, pages=2_000)
LIST_OF_SMALL = replace(LIST, rows=1_200, pages=2_500)
"""Rows: less than the 1,500 that a table has there at least; of organizations there are no more than that. Pages: fifty
organizations held against ten tables, each of which has much of each there."""
Filled = Callable[[float], tuple[Service, filling.Connection]]


@pytest.fixture
def filled(servers: Platform) -> Iterator[Filled]:
    """`filled(share)`: a registry in a database of its own, with this share of the rows that it has at real size."""
    admin = admin_url(servers)
    url = f"{admin.rpartition('/')[0]}/{NAME}"
    opened = []

    def fill(share: float) -> tuple[Service, filling.Connection]:
        at = url.replace("://", "+psycopg://", 1)
        migrating.upgrade("registry", at)
        registry = Service("registry", {**servers.environment, "ONEX_DATABASE_URL_REGISTRY": at})
        with registry.database.transaction() as session:
            seeds.plant(session, registry.settings, {"ONEX_BOOTSTRAP_OPERATOR_SECRET": "first-secret"})
            Side(session, registry.vault, "mine", "901", "11", "110108").make_everything(
                UNMADE - {"training_attendance"}
            )
        connection = connected(url)
        opened.append((registry, connection))
        filling.fill(connection, share)
        registry.hear(ACCESS_KEY)
        return registry, connection

    with psycopg.connect(admin, autocommit=True) as maker:
        maker.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)".encode())
        maker.execute(f"CREATE DATABASE {NAME}".encode())
        yield fill
        for registry, connection in opened:
            connection.close()
            registry.database.engine.dispose()
        maker.execute(f"DROP DATABASE {NAME} WITH (FORCE)".encode())


def looked_at(asking: Asking) -> list[Asked]:
    """Every statement of every door, and of the check for three missing weeks."""
    found = list(asking.everything())
    assert not asking.broken, "\n".join(asking.broken)
    return [*found, three_weeks(asking)]


def three_weeks(asking: Asking) -> Asked:
    """OP-42 (a): the colleges of which three weeks are missing are found by one query."""
    newest = week(clock.today() - timedelta(days=14))
    first = week(newest.begins_on - timedelta(days=14))
    with statements() as said, asking.registry.database.session() as session:
        queries.silent_colleges(session, first, newest, clock.now(), 1_000)
    ((statement, parameters),) = [one for one in said if "report" in one[0]]
    plan = judging.explained(asking.connection, statement, parameters)
    of_reports = [one for one in plan.reads if one.table == "report"]
    assert sum(one.rows for one in of_reports) > 0
    assert all(one.indexes == ("ix_report_kind_begins_on_organization_id_sent_at",) for one in of_reports), of_reports
    return Asked(THREE_WEEKS, Caller(None, True), "", statement, parameters, plan)


def check(found: list[Asked], bars: judging.Bars) -> None:
    """Every plan is as it should be, and what is to be one query is one."""
    wrong = []
    for one in found:
        its = REPORTS[one.door].bars if one.door in REPORTS else bars
        wrong += [f"{one}: {fault}" for fault in judging.faults(one.plan, one.statement, its)]
    assert not wrong, "\n".join(wrong)
    for door, report in REPORTS.items():
        of_door = [one for one in found if one.door == door and not one.query]
        asked = Counter(one.caller for one in of_door)
        assert max(asked.values()) <= report.statements, f"{door}: {asked}"


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_at_the_size_of_the_pilot_every_list_and_report_goes_by_an_index(filled: Filled) -> None:
    begun = time.monotonic()
    registry, connection = filled(1.0)
    print(f"filled in {time.monotonic() - begun:.0f} s", flush=True)
    found = looked_at(Asking(registry, connection))
    check(found, LIST)
    idle = set(REPORTS) - {one.door for one in found if any(read.rows for read in one.plan.reads)}
    assert not idle, f"{idle} had nothing to read, which shows nothing"
    if os.environ.get("ONEX_WRITE_PLANS"):
        PAGE.write_text(page.written(found, connection, LIST), encoding="utf-8")


@pytest.mark.long
def test_small_tables_show_that_every_list_has_its_index(filled: Filled) -> None:
    """PostgreSQL is kept from reading a small table whole, so what it still reads whole has no index."""
    registry, connection = filled(0.002)
    connection.execute("SET enable_seqscan = off")
    found = looked_at(Asking(registry, connection, ages=(False,)))
    check(found, LIST_OF_SMALL)
    assert len({one.door for one in found}) > 60
