"""The registry at the size of the pilot: every table filled by SQL, each row made after the one that `Side` made.

The oldest rows are of those who have been quiet since (the first organization of each kind, the first type), and are what no
newer row is (the last of the states that a column may have): the rows that are hardest to find by an index that does not lead
to them.
"""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import psycopg
from sqlalchemy import CheckConstraint, Column, Table, UniqueConstraint

from benchmarks import filling
from services.registry.organizations import divisions
from services.registry.tables import Base
from tests.registry.sides import KINDS

WEEKS, COLLEGES, TEOS, TYPES = 104, 9_600, 300, 447
PROVINCES = tuple(divisions.PROVINCES)
A_TABLE = 20_000
"""Rows of a table that is not named here. One that is made tomorrow is taken for one that grows."""
ROWS = {
    "report": COLLEGES * WEEKS,
    "organization": 10_000,
    "certificate_type": TYPES,
    "change": 300_000,
    "quota": 200_000,
    "site": 100_000,
    "teacher": 100_000,
    "teacher_role": 100_000,
    "training_enrolment": 100_000,
    "training_workload": 100_000,
    "sign_in": 200_000,
    "person_session": 100_000,
    "fee_agreement": 100_000,
    "cost_account": 100_000,
    # What there are few of, whatever happens: as many as types × levels, provinces × types, TEOs, days of the pilot.
    "standard": TYPES * 3 * 2,
    "standard_review": TYPES * 3 * 2,
    "fee_ceiling": TYPES * 3 * 3,
    "fee_policy": 32 * 30,
    "site_condition_list": TYPES * 3,
    "monitoring_draw": TYPES,
    "monitoring_point": TYPES * 10,
    "agreement": TEOS * 3,
    "batch": 20,
    "field": 60,
    "report_kind": 20,
    "use_category": 40,
    "recruitment_round": 20,
    "publisher": 600,
    "cancelled_qualification": 434,
    "report_break": 100,
    "week_checked": WEEKS,
    "signing_key": 20,
    "expert_pay_standard": 32 * 10,
    "client": 2_000,
    "college_filing": 32 * 20,
    "inspection_draw": 32 * 24,
    "inspector": 3_000,
    "expert": 2_000,
    "expert_interest": 4_000,
    "application": 2_000,
    "policy": 4_000,
    "policy_attachment": 4_000,
    "policy_attachment_body": 4_000,
    "publicity_authorization": 1_000,
    "training_expert": TEOS * 10,
    "exit_case": 3_000,
    "consortium": 2_000,
    "coordinating_body": 32,
    "access_key": 1,
    "change_head": 1,
}
SMALL = 5_000
"""A table with no more rows than this may be read from end to end."""
GROWING = tuple(table.name for table in Base.metadata.sorted_tables if ROWS.get(table.name, A_TABLE) > SMALL)
# What cannot be read from a table's description. `n` counts the rows from 1, the oldest; `many` is how many there are.
TOLD = {
    "report.begins_on": "monday",
    "report.ends_on": "monday + 6",
    "report.due_on": "monday + 9",
    "report.period": "to_char(monday, 'IYYY\"-W\"IW')",
    "report.kind": "'weekly'",
    "report.organization_kind": "'college'",
    "report.sent_at": "monday + interval '7 days' + n % 86400 * interval '1 second'",
    "change.seq": "n - many",
    "change.table_name": "CASE WHEN n < 50 THEN 'report' ELSE (ARRAY['report', 'site', 'quota', 'opinion'])[1 + n % 4] END",
    "change.record_id": "gen_random_uuid()::text",
    "site.division_code": "of_college_id.division_code",
    "certificate_type.code": "lpad(n::text, 3, '0')",
    "batch.starts_on": "current_date - 728",
    "batch.ends_on": "current_date + 365",
    "week_checked.week_on": "date '2020-01-06' + 7 * n",
    "sign_in.happened_at": "began + n * stretch",
    # Fees are agreed under their ceilings, but for a few that were agreed before a lower one.
    "fee_agreement.amount_fen": "CASE WHEN n % 1000 = 0 THEN 60000 ELSE 40000 + (n * 7919) % 5000 END",
    "fee_agreement.in_force_to": "(current_date - 363 + (n * 728.0 / many)::int)",
    "fee_ceiling.amount_fen": "50000 + n % 10",
    "fee_policy.ceiling_fen": "50000 + n % 10",
}
_DAY = "(current_date - 728 + (n * 728.0 / many)::int)"
_STRIPPED = ("report", "change", "sign_in")
"""Filled without their indexes, which are made afterwards: there are many of them, or rows."""
Connection = psycopg.Connection[Any]


def fill(connection: Connection, share: float) -> None:
    """Fill every table with this share of its rows (of tables that grow; the others are as large as they are)."""
    connection.execute(
        "SET session_replication_role = replica"
    )  # no triggers, and foreign keys hold by the way rows are made
    checks = connection.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'x')"
                                " AND connamespace = 'public'::regnamespace").fetchall()  # fmt: skip
    for table_name, name in checks:  # a state alone does not make a row whole, and no plan looks at them
        connection.execute(f"ALTER TABLE {table_name} DROP CONSTRAINT {name}".encode())
    _organizations(connection, share)
    for table in Base.metadata.sorted_tables:
        if table.name in ("organization", "access_key", "change_head", "refresh_token"):
            continue
        rows = _rows(table.name, share)
        _fill_table(connection, table, rows, stripped=table.name in _STRIPPED and rows > 90_000)
        _picks(connection, table)
    connection.execute("RESET session_replication_role")
    filling.settle(connection, [table.name for table in Base.metadata.sorted_tables])


def _rows(table: str, share: float) -> int:
    rows = ROWS.get(table, A_TABLE)
    return max(min(rows, 1_500), int(rows * share)) if table in GROWING else rows


def _organizations(connection: Connection, share: float) -> None:
    connection.execute("CREATE TEMPORARY TABLE sample_organization AS SELECT * FROM organization")
    codes = "ARRAY[" + ", ".join(f"'{one}'" for one in PROVINCES) + "]"
    colleges = max(400, int(COLLEGES * share))
    for kind, count in (
        ("province", 32), ("coordinating_body", 32), ("teo", TEOS), ("college", colleges), ("training_base", 300),
    ):  # fmt: skip
        like = "province" if kind == "coordinating_body" else kind
        province = "NULL" if kind == "teo" else f"({codes})[1 + n % 32]"
        values = {
            "id": "uuidv7()",
            "kind": f"'{kind}'",
            "code": f"'{kind}-' || n",
            "name_zh": f"'{kind}-zh-' || n",
            "name_en": f"'{kind}-en-' || n",
            "province_code": province,
            "division_code": f"({codes})[1 + n % 32] || lpad((1 + n / 32 % 12)::text, 2, '0') || '01'",
            "school_code": "NULL",
            "status": "CASE WHEN n = 7 THEN 'exited' ELSE 'admitted' END",
            "version": "1",
            "admitted_at": "now() - interval '730 days'",
        }
        others = [c.name for c in Base.metadata.tables["organization"].columns if c.name not in values]
        listed = ", ".join([*values, *others])
        chosen = ", ".join([*values.values(), *(f"sample.{name}" for name in others)])
        connection.execute(
            f"INSERT INTO organization ({listed}) SELECT {chosen} FROM generate_series(1, {count}) AS n,"
            f" (SELECT * FROM sample_organization WHERE kind = '{like}' LIMIT 1) AS sample"
            f" WHERE '{kind}' <> 'province' OR NOT EXISTS (SELECT FROM organization AS o WHERE o.kind = 'province'"
            f" AND o.province_code = ({codes})[1 + n % 32]) ON CONFLICT DO NOTHING".encode()
        )
    for kind in ("teo", "college", "training_base", "province"):
        connection.execute(
            f"CREATE TEMPORARY TABLE pick_{kind} AS SELECT row_number() OVER (ORDER BY id) AS nr, id, code, province_code,"
            f" division_code FROM organization WHERE kind = '{kind}'".encode()
        )
        connection.execute(f"ANALYZE pick_{kind}".encode())


def _picks(connection: Connection, table: Table) -> None:
    """What other tables may refer to: of a large table its oldest rows are enough."""
    (key, *_) = table.primary_key.columns
    keys = {column.name for column in table.columns if column.name in ("id", "code", "client_id", key.name)}
    connection.execute(
        f"CREATE TEMPORARY TABLE pick_{table.name} AS SELECT row_number() OVER (ORDER BY {key.name}) AS nr, * FROM"
        f" (SELECT {', '.join(sorted(keys))} FROM {table.name} ORDER BY {key.name} LIMIT 5000) AS o".encode()
    )
    connection.execute(f"ANALYZE pick_{table.name}".encode())


def _fill_table(connection: Connection, table: Table, rows: int, *, stripped: bool) -> None:
    name = table.name
    connection.execute(f"CREATE TEMPORARY TABLE sample_{name} AS SELECT * FROM {name}".encode())
    counted = connection.execute(f"SELECT count(*) FROM sample_{name}".encode()).fetchone()
    assert counted is not None
    if not counted[0]:
        return
    joins: list[str] = []
    values = {column.name: _value(table, column, joins) for column in table.columns if column.computed is None}
    statement = (
        f"INSERT INTO {name} ({', '.join(values)}) SELECT {', '.join(values.values())}"
        f" FROM (SELECT {rows} AS many, now() - interval '728 days' AS began, interval '728 days' / {rows} AS stretch) AS size"
        f" CROSS JOIN (SELECT * FROM sample_{name} LIMIT 1) AS sample"
        f" CROSS JOIN LATERAL (SELECT n, (date_trunc('week', current_date - 7 * {WEEKS})::date"
        f" + 7 * ((n - 1) / {max(1, rows // WEEKS)}))::date AS monday FROM generate_series(1, {rows}) AS n) AS counting"
        f" {' '.join(joins)} ORDER BY n ON CONFLICT DO NOTHING"
    )
    with filling.stripped(connection, name) if stripped else nullcontext():
        if stripped:
            connection.execute(f"INSERT INTO {name} SELECT * FROM sample_{name}".encode())
            statement = statement.replace(" ON CONFLICT DO NOTHING", "")
        connection.execute(statement.encode())


def _value(table: Table, column: Column[Any], joins: list[str]) -> str:
    """What SQL says the column's value is in row `n`."""
    path = f"{table.name}.{column.name}"
    if path in TOLD:
        return TOLD[path]
    if table.name == "report" and column.name == "organization_id":
        joins.append("JOIN pick_college AS whose ON whose.nr = 1 + (n - 1) % (SELECT max(nr) FROM pick_college)")
        return "whose.id"
    if picked := _picked(table, column):
        return _join(column, picked, joins)
    kind = column.type.python_type
    if column.primary_key and str(kind) == "<class 'uuid.UUID'>":
        return "uuidv7()"
    if column.name == "province_code" and joins and "sample.province_code" != "NULL":
        owner = next(
            (one for one in ("whose", "of_college_id", "of_organization_id") if f" {one} " in " ".join(joins)), None
        )
        if owner:
            return f"{owner}.province_code"
    if column.name == "province_code":
        return "CASE WHEN sample.province_code IS NULL THEN NULL ELSE" + (
            f" (ARRAY{list(PROVINCES)!r})[CASE WHEN n <= many / 1000 THEN 1 ELSE 1 + (n * 7919) % 32 END] END"
        )
    if listed := _listed(table, column):
        common = listed[:-1] or listed
        return f"CASE WHEN n <= 20 THEN '{listed[-1]}' ELSE (ARRAY{common!r})[1 + (n * 31 / 7) % {len(common)}] END"
    return _plain(table, column, str(kind))


def _plain(table: Table, column: Column[Any], kind: str) -> str:
    own = f"sample.{column.name}"
    unique = _is_unique(table, column)
    if "'str'" in kind:
        return f"{own} || '-' || n" if unique else own
    if "'bytes'" in kind:
        return f"decode(md5(n::text), 'hex') || {own}" if unique else own
    if "UUID" in kind:
        return "gen_random_uuid()" if unique else own
    if "'bool'" in kind:
        return "n <= 20"
    if "'datetime.datetime'" in kind:
        return (
            f"CASE WHEN {own} IS NULL AND n % 2 = 0 THEN NULL ELSE began + n * stretch END"
            if column.nullable
            else "began + n * stretch"
        )
    if "'datetime.date'" in kind:
        return f"CASE WHEN {own} IS NULL AND n % 2 = 0 THEN NULL ELSE {_DAY} END" if column.nullable else _DAY
    if "'int'" in kind and (unique or column.primary_key):
        return "n + 1000" if "SMALL" not in str(column.type) else own
    if "'int'" in kind and column.name.endswith("_fen"):
        return f"{own} + (n * 7919) % 50000"
    return own


def _picked(table: Table, column: Column[Any]) -> str | None:
    """The table whose keys the column holds."""
    known = KINDS.get(column.name)
    if known:
        return "training_base" if known == "base" else known
    if column.name in ("organization_id", "venue_id"):
        return "college"
    for key in column.foreign_keys:
        target = key.column.table.name
        return None if target == table.name else ("college" if target == "organization" else target)
    return None


def _join(column: Column[Any], picked: str, joins: list[str]) -> str:
    name = f"of_{column.name}"
    most = f"(SELECT max(nr) FROM pick_{picked})"
    spread = f"2 + (n::bigint * 48271 + {len(joins) * 911}) % greatest({most} - 1, 1)"
    joins.append(
        f"LEFT JOIN pick_{picked} AS {name} ON {name}.nr = CASE WHEN n <= greatest(many / 1000, 30) THEN 1 ELSE {spread} END"
    )
    keys = [key.column.name for key in column.foreign_keys] or ["id"]
    return f"{name}.{keys[0]}"


def _listed(table: Table, column: Column[Any]) -> list[str]:
    """The values that a constraint allows the column."""
    for check in (one for one in table.constraints if isinstance(one, CheckConstraint)):
        found = re.fullmatch(rf"{column.name} IN \((('[^']+'(, )?)+)\)", str(check.sqltext), re.S)
        if found:
            return re.findall(r"'([^']+)'", found[1])
    return []


def _is_unique(table: Table, column: Column[Any]) -> bool:
    sets: list[Any] = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    sets += [index.columns for index in table.indexes if index.unique] + [table.primary_key.columns]
    return any(column.name in columns for columns in sets)


def picked(connection: Connection, table: str, column: str, newest: bool) -> Iterator[Any]:
    """The column's value in the oldest or newest row that has one."""
    order = "DESC" if newest else "ASC"
    (key, *_) = Base.metadata.tables[table].primary_key.columns
    found = connection.execute(
        f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key.name} {order} LIMIT 1 OFFSET 5".encode()
    ).fetchone()
    if found:
        yield found[0]
