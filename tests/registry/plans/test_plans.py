"""Every list and report of the registry answers in the time of an indexed query, at the size of the pilot.

What is asked of the database while a door answers is explained by PostgreSQL: no table that grows is read from end to end, no
more of it is touched or sorted than a page is worth, nothing is skipped by OFFSET.
The report: `ONEX_WRITE_PLANS=1 make test ARGS="-m long tests/registry/plans"` writes docs/reports/registry-plans.md.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from onex.chassis import clock, migrating
from onex.chassis.access import Role
from onex.local.platform import Platform
from services.registry import seeds
from services.registry.reports import queries
from services.registry.reports.periods import week
from tests.harness.emptying import admin_url
from tests.harness.service import ACCESS_KEY, Service
from tests.registry.plans import filling, report
from tests.registry.plans.asking import Asked, Asking, connected, judged, statements
from tests.registry.sides import Side
from tests.registry.test_matrix import UNMADE

NAME = "registry_plans"
REPORT = Path(__file__).resolve().parents[3] / "docs" / "reports" / "registry-plans.md"
MOST_ROWS, MOST_ROWS_OF_SMALL = 100_000, 1_000
"""An index is walked at most so far: for days long past, newest first, PostgreSQL may walk that of the ids."""
NOT_LED_TO = {
    (
        "/organizations",
        Role.PROVINCE,
    ): "its own and every TEO: two reaches, so the ids' index is walked; 10,000 rows at most",
    ("/training/roles", Role.TEO): "those its enrolments led to: a join, for which no one index has the order",
}
"""Lists that no index leads to yet, and why."""
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
            Side(session, registry.vault, "mine", "901", "11", "110108").make_everything(UNMADE)
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
    found = list(asking.everything())
    assert not asking.broken, "\n".join(asking.broken)
    return found


def check(registry: Service, connection: filling.Connection, asking: Asking) -> list[Asked]:
    """What was asked, when every plan is as it should be and what is one query by its description is one."""
    found = looked_at(asking)
    wrong = [str(one) for one in found if one.faults and (one.door, one.caller.role) not in NOT_LED_TO]
    assert not wrong, "\n".join(wrong)
    coverage = [one for one in found if one.door == "/sites/coverage" and not one.query]
    assert coverage
    assert len({(one.caller, one.statement) for one in coverage}) == len({one.caller for one in coverage}), "one query"
    _check_three_weeks(registry, asking)
    return found


def _check_three_weeks(registry: Service, asking: Asking) -> None:
    """OP-42 (a): the colleges of which three weeks are missing are found by one query, which reads three weeks of reports."""
    newest = week(clock.today() - timedelta(days=14))
    first = week(newest.begins_on - timedelta(days=14))
    with statements() as said, registry.database.session() as session:
        queries.silent_colleges(session, first, newest, clock.now(), 1_000)
    ((statement, parameters),) = [one for one in said if "report" in one[0]]
    row = asking.connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}".encode(), parameters).fetchone()
    assert row is not None
    scans, _ = judged(row[0][0]["Plan"], statement, asking.most_rows)
    of_reports = [scan for scan in scans if " of report by " in scan]
    assert of_reports
    assert all("by ix_report_kind_begins_on_organization_id_sent_at" in scan for scan in of_reports), scans


@pytest.mark.long
@pytest.mark.timeout(3_600)
def test_at_the_size_of_the_pilot_every_list_and_report_goes_by_an_index(filled: Filled) -> None:
    begun = time.monotonic()
    registry, connection = filled(1.0)
    print(f"filled in {time.monotonic() - begun:.0f} s", flush=True)
    found = check(registry, connection, Asking(registry, connection, MOST_ROWS))
    if os.environ.get("ONEX_WRITE_PLANS"):
        REPORT.write_text(report.written(found, connection), encoding="utf-8")


@pytest.mark.long
def test_small_tables_show_that_every_list_has_its_index(filled: Filled) -> None:
    """PostgreSQL is kept from reading a small table whole, so what it still reads whole has no index."""
    registry, connection = filled(0.002)
    connection.execute("SET enable_seqscan = off")
    found = check(registry, connection, Asking(registry, connection, MOST_ROWS_OF_SMALL, ages=(False,)))
    assert len({one.door for one in found}) > 60
