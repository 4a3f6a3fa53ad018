"""What is read of a million reports is read by an index: lists, who is missing, and the check for three missing weeks."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from services.registry.reports import api, queries, rules
from tests.harness.service import Service
from tests.registry.reports.conftest import Parties

pytestmark = pytest.mark.rule("OP-06", "OP-42")
COLLEGES, WEEKS = 200, 30
FIRST_WEEK = date(2025, 8, 4)


@pytest.fixture
def filled(parties: Parties) -> Service:
    """Colleges of two provinces with a weekly report each week, but one college that stopped; kept from reading whole tables."""
    registry = parties.world.registry
    with registry.database.transaction() as session:
        fill(session, COLLEGES, WEEKS, FIRST_WEEK)
    with registry.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("VACUUM ANALYZE organization, batch, batch_college, report, missed_weeks, report_break")
        )
    return registry


def fill(session: UnitOfWork, colleges: int, weeks: int, first_week: date) -> None:
    """Colleges admitted before, in one batch, and a weekly report of each for so many weeks; one has none of the last four."""
    batch = new_id()
    session.execute(
        text(
            "INSERT INTO batch (id, code, name_zh, name_en, field_codes, starts_on, ends_on, created_by)"
            " VALUES (:id, 'big', '批', 'b', '{}', '2019-01-01', '2030-12-31', 't')"
        ),
        {"id": batch},
    )
    session.execute(
        text(
            "INSERT INTO organization (id, kind, code, name_zh, name_en, division_code, province_code, college_kind,"
            " sealed_contacts, status, version, created_by, admitted_at)"
            " SELECT gen_random_uuid(), 'college', 'C' || n, 'x', 'x', '110108', CASE n % 2 WHEN 0 THEN '11' ELSE '12' END,"
            " 'higher_vocational', '', 'admitted', 1, 't', '2019-01-01' FROM generate_series(1, :colleges) n"
        ),
        {"colleges": colleges},
    )
    session.execute(
        text(
            "INSERT INTO batch_college (id, batch_id, college_id, added_by)"
            " SELECT gen_random_uuid(), :batch, id, 't' FROM organization WHERE code LIKE 'C%'"
        ),
        {"batch": batch},
    )
    session.execute(
        text(
            "INSERT INTO report (id, organization_id, organization_kind, province_code, kind, period, begins_on, ends_on,"
            " due_on, sections, version, state, late, sent_at, sent_by)"
            " SELECT gen_random_uuid(), o.id, 'college', o.province_code, 'weekly', to_char(d, 'IYYY-\"W\"IW'), d, d + 6, d + 6,"
            " '{\"progress\": \"x\"}', 1, 'sent', w % 5 = 0, d + 5, 't'"
            " FROM organization o, generate_series(0, :weeks - 1) w, LATERAL (SELECT CAST(:first AS date) + 7 * w AS d) day"
            " WHERE o.code LIKE 'C%' AND NOT (o.code = 'C7' AND w >= :weeks - 4)"
        ),
        {"weeks": weeks, "first": first_week},
    )


@pytest.fixture
def reads(filled: Service) -> Callable[[Callable[[UnitOfWork], Any]], list[str]]:
    """`reads(action)`: the plans of the SELECTs that it runs, with reading tables whole made dear."""

    def plans(action: Callable[[UnitOfWork], Any]) -> list[str]:
        with filled.database.session() as session, session.begin():
            session.execute(text("SET LOCAL enable_seqscan = off"))
            found: list[str] = []

            def explain(connection: Connection, cursor: Any, statement: str, given: Any, *_: Any) -> None:
                if statement.startswith(("SELECT", "WITH")):
                    raw = connection.connection.cursor()
                    raw.execute("EXPLAIN " + statement, given)
                    found.append("\n".join(row[0] for row in raw.fetchall()))

            event.listen(session.connection(), "before_cursor_execute", explain)
            try:
                action(session)
            finally:
                event.remove(session.connection(), "before_cursor_execute", explain)
            return found

    return plans


def check(session: UnitOfWork) -> list[Any]:
    newest = rules.last_week_due(date(2026, 3, 2), 0)
    first, last = rules.run_ending(newest)
    too_late_at = rules.too_late_for(last, 0, clock.BEIJING)
    return list(queries.silent_colleges(session, first, last, too_late_at, 200))


def test_the_three_week_check_is_one_query_that_reads_an_index_of_reports(filled: Service, reads: Any) -> None:
    (plan,) = reads(check)
    about_reports = [line for line in plan.splitlines() if re.search(r" on report\b", line)]
    assert about_reports
    for line in about_reports:
        assert "Index Only Scan using ix_report_kind_begins_on_organization_id_sent_at" in line
    assert "Seq Scan" not in plan
    with filled.database.session() as session:
        codes = [
            session.scalar(text("SELECT code FROM organization WHERE id = :id"), {"id": found[0]})
            for found in check(session)
        ]
    assert codes == ["C7"]


def test_who_is_missing_is_one_query_by_indexes(filled: Service, reads: Any) -> None:
    def missing(session: UnitOfWork) -> None:
        kind = queries.kind_named(session, "weekly")
        asked = rules.last_week_due(date(2026, 3, 2), 0)
        found = session.scalars(queries.missing(Caller("x", Role.PROVINCE, None, "12"), kind, asked)).all()
        assert [one.code for one in found] == ["C7"]

    _, plan = reads(missing)
    assert "Seq Scan" not in plan
    assert re.search(r"Index (Only )?Scan using \w+ on report\b", plan)


SCOPES = {
    "ministry": Caller("x", Role.MINISTRY),
    "province": Caller("x", Role.PROVINCE, None, "11"),
    "college": Caller("x", Role.COLLEGE, new_id(), "11"),
}
QUERIES: dict[str, dict[str, Any]] = {
    "plain": {},
    "kind": {"kind": ["weekly"]},
    "period": {"period": ["2026-W01"]},
    "state": {"state": ["sent"]},
    "late": {"late": [True]},
    "of provinces": {"organization_kind": ["province"]},
    "sorted": {"sort": "-begins_on"},
    "between": {"begins_from": date(2026, 1, 5), "begins_to": date(2026, 1, 12), "sort": "begins_on"},
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("query", QUERIES)
def test_a_page_of_reports_reads_an_index_in_its_order(reads: Any, scope: str, query: str) -> None:
    def page(session: UnitOfWork) -> None:
        given = {**dict.fromkeys(api.REPORTS.query_schema().fields), **QUERIES[query]}
        answer = api.REPORTS.answer(session, queries.visible(SCOPES[scope]), given)
        assert isinstance(answer, dict)

    (plan,) = reads(page)
    assert "Seq Scan" not in plan
    if scope != "college" and query != "of provinces":  # of these there are few: they may be sorted
        assert not re.search(r"^\s*(->\s*)?Sort\b", plan, re.MULTILINE), plan
