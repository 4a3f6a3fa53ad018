"""How PostgreSQL reads what a request asks for: no large table from end to end, no OFFSET, no exact count."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text

from benchmarks.large import Large, Read

MOST_ROWS = 5_000
"""A page, a statement of an account, a block of a file: more rows than this no statement of a request may touch."""
_FORBIDDEN = {"OFFSET": re.compile(r"\boffset\b", re.I), "an exact count": re.compile(r"\bcount\s*\(", re.I)}
# Statements that count or skip up to a limit of their own are bounded by it.
_BOUNDED = re.compile(r"\blimit\s+(\d+|%\()", re.I)


@dataclass(frozen=True)
class Plan:
    """One statement of one read. `scans` says how each large table is read, and how many rows of it are touched."""

    read: str
    statement: str
    scans: tuple[str, ...]
    faults: tuple[str, ...]


def plans_of(large: Large, *, without_seqscan: bool = False) -> list[Plan]:
    """The plans of all that the service's requests read, carried out and measured.

    `without_seqscan`: for tables so small that reading them whole is best: PostgreSQL then does it only where no index helps.
    """
    explained = [
        _judge(name, statement, plan, large.tables)
        for name, explained in large.explained().items()
        for statement, plan in explained
    ]
    return explained + plans_of_reads(large, large.reads(), without_seqscan=without_seqscan)


def plans_of_reads(large: Large, reads: Mapping[str, Read], *, without_seqscan: bool = False) -> list[Plan]:
    """The plans of these reads."""
    found = []
    for name, read in reads.items():
        for statement, parameters in _statements(large, read):
            with large.database.session() as session:
                connection = session.connection()
                if without_seqscan:
                    session.execute(text("SET LOCAL enable_seqscan = off"))
                row = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).one()
                found.append(_judge(name, statement, row[0][0]["Plan"], large.tables))
                session.rollback()
    return found


def _statements(large: Large, read: Read) -> list[tuple[str, Any]]:
    """What a read asks the database, as it goes over the wire; the read itself is undone."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(large.database.engine, "before_cursor_execute", note)
    try:
        with large.database.session() as session:
            read(session)
            session.rollback()
    finally:
        event.remove(large.database.engine, "before_cursor_execute", note)
    return seen


def _judge(name: str, statement: str, plan: dict[str, Any], tables: Sequence[str]) -> Plan:
    scans, faults = [], []
    for node in nodes_of(plan):
        table = node.get("Relation Name")
        if table not in tables or node["Node Type"] == "ModifyTable":
            continue
        rows = touched(node)
        scans.append(f"{node['Node Type']} of {table} by {node.get('Index Name', '-')}: {rows} rows")
        if node["Node Type"] in ("Seq Scan", "Sample Scan"):
            faults.append(f"reads {table} from end to end")
        elif rows > MOST_ROWS:
            faults.append(f"touches {rows:,} rows of {table}")
    if scans:
        faults += [
            what for what, sign in _FORBIDDEN.items() if sign.search(statement) and not _BOUNDED.search(statement)
        ]
    return Plan(name, statement, tuple(scans), tuple(faults))


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's node, and all below it."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)


def touched(node: dict[str, Any]) -> int:
    """How many rows the node looked at, as often as it was carried out."""
    return int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
