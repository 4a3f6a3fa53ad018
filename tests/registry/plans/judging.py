"""How PostgreSQL read the tables that grow for one statement, and what is wrong with that."""

import re
from dataclasses import dataclass
from typing import Any

from benchmarks.plans import nodes_of
from tests.registry.plans import filling

_OFFSET = re.compile(r"\boffset\s+(?!0\b)", re.I)
Node = dict[str, Any]


@dataclass(frozen=True)
class Bars:
    """The most that one statement may do: rows of one table that it touches, rows that it sorts, pages of 8 kB that it reads."""

    rows: int
    sorted: int
    pages: int
    whole: frozenset[str] = frozenset()
    """Tables that may be read from end to end, as all of them is asked about."""


@dataclass(frozen=True)
class Read:
    """One way in which a statement read one table: all the rows that this touched, also those that it then left out."""

    table: str
    node: str
    indexes: tuple[str, ...]
    rows: int

    def __str__(self) -> str:
        return f"{self.node} of {self.table} by {' and '.join(self.indexes) or 'nothing'}: {self.rows:,} rows"


@dataclass(frozen=True)
class Plan:
    """A statement's plan as it was carried out. `ms` is PostgreSQL's own time, without that of planning."""

    reads: tuple[Read, ...]
    sorted: int
    pages: int
    ms: float


def explained(connection: filling.Connection, statement: str, parameters: Any) -> Plan:
    """Carry out the statement, and tell how."""
    asked = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}"
    row = connection.execute(asked.encode(), parameters).fetchone()
    assert row is not None
    told = row[0][0]
    nodes = list(nodes_of(told["Plan"]))
    return Plan(
        reads=tuple(_read(node) for node in nodes if node.get("Relation Name") in filling.GROWING),
        sorted=max((_sorted(node) for node in nodes if node["Node Type"] in ("Sort", "Incremental Sort")), default=0),
        pages=told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"],
        ms=told["Execution Time"],
    )


def shown(connection: filling.Connection, statement: str, parameters: Any) -> str:
    """The plan as PostgreSQL writes it for people, with rows and without what differs from machine to machine."""
    asked = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF, SUMMARY OFF) {statement}"
    return "\n".join(line for (line,) in connection.execute(asked.encode(), parameters))


def faults(plan: Plan, statement: str, bars: Bars) -> list[str]:
    """What is wrong with a plan; nothing, if it reads no table that grows."""
    if not plan.reads:
        return []
    found = [
        f"reads {one.table} from end to end"
        for one in plan.reads
        if one.node == "Seq Scan" and one.table not in bars.whole
    ]
    found += [f"touches {one.rows:,} rows of {one.table}" for one in plan.reads if one.rows > bars.rows]
    if plan.sorted > bars.sorted:
        found.append(f"sorts {plan.sorted:,} rows")
    if plan.pages > bars.pages:
        found.append(f"reads {plan.pages:,} pages")
    if _OFFSET.search(statement):
        found.append("skips by OFFSET")
    return found


def _read(node: Node) -> Read:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    below = [one for one in nodes_of(node) if one["Node Type"] == "Bitmap Index Scan"]
    indexes = [one["Index Name"] for one in (node, *below) if "Index Name" in one]
    rows = [(node["Actual Rows"] + removed) * node["Actual Loops"], *(_rows(one) for one in below)]
    return Read(node["Relation Name"], node["Node Type"], tuple(indexes), round(max(rows)))


def _sorted(node: Node) -> int:
    """Rows of tables that grow that go into a sort."""
    growing = any(one.get("Relation Name") in filling.GROWING for one in nodes_of(node))
    return round(max(_rows(one) for one in node["Plans"])) if growing else 0


def _rows(node: Node) -> float:
    return float(node["Actual Rows"] * node["Actual Loops"])
