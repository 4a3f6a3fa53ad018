"""What waits in a table is taken by looking at each row once, also where PostgreSQL believes that nothing waits.

Such a table is mostly empty, and was so when it was last looked at. A statement that joins what it takes may then be planned as
one look at all that waits for each row of it, which nobody notices until much waits at once.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import TextClause, text

from benchmarks.plans import nodes_of, touched
from services.certificates.inquiry import actions as inquiries
from services.certificates.log import actions as log
from services.creditbank.ledger import actions as ledger
from tests.harness.service import Service

ROWS = 1_000
_PENDING = (
    "INSERT INTO log_pending (certificate_id, entry) SELECT gen_random_uuid(), 'x' FROM generate_series(1, :rows)"
)
_ANSWERS = (
    "INSERT INTO batch_inquiry_answer (job_id, row_number, number)"
    " SELECT '01900000-0000-7000-8000-000000000000', one, '-' FROM generate_series(1, :rows) AS one"
)
_WAITING = (
    "WITH standard AS (INSERT INTO proposal (id, certificate_type_id, level, standard_version, teo_id, credit_hundredths,"
    " hours, rationale, state, due_on, late, proposed_on, proposed_by) SELECT gen_random_uuid(), gen_random_uuid(), 'primary',"
    " '1.0', gen_random_uuid(), 100, 16, '-', 'approved', '2026-01-01', false, '2026-01-01', 't' RETURNING *)"
    " INSERT INTO waiting_certificate (certificate_id, learner_id, number, certificate_type_id, certificate_type_code, level,"
    " standard_version, issued_on, event_id, traceparent) SELECT gen_random_uuid(), gen_random_uuid(), 'N' || one,"
    " certificate_type_id, '004', level, standard_version, '2026-01-01', gen_random_uuid(), '-'"
    " FROM standard CROSS JOIN generate_series(1, :rows) AS one"
)
_TAKINGS: list[tuple[str, str, str, TextClause, dict[str, Any]]] = [
    ("certificates", "log_pending", _PENDING, log._TAKE, {"step": ROWS}),
    ("certificates", "batch_inquiry_answer", _ANSWERS, inquiries._FORGET,
     {"before": "01910000-0000-7000-8000-000000000000", "most": ROWS}),
    ("creditbank", "waiting_certificate", _WAITING, ledger._TAKE_STATEMENT, {"step": ROWS}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "table", "fill", "take", "values"), _TAKINGS, ids=[one[1] for one in _TAKINGS])
def test_each_row_that_waits_is_looked_at_once(
    service: Callable[[str], Service], name: str, table: str, fill: str, take: TextClause, values: dict[str, Any]
) -> None:
    database = service(name).database
    with database.transaction() as session:
        session.execute(text(fill), {"rows": ROWS})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text(f"VACUUM (ANALYZE, TRUNCATE false) {table}"))  # its pages stay, and hold nothing
    with database.transaction() as session:
        session.execute(text(fill), {"rows": ROWS})
        (plan,) = session.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {take.text}"), values).scalar_one()
    scans = [
        one for one in nodes_of(plan["Plan"]) if one.get("Relation Name") == table and one["Node Type"] != "ModifyTable"
    ]
    looks = [(one["Node Type"], touched(one)) for one in scans]
    assert sum(rows for _, rows in looks) <= 2 * ROWS, looks
