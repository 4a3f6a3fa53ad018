"""The plans as a page to be read."""

from collections.abc import Iterable, Iterator

from tests.registry.plans import filling, judging
from tests.registry.plans.asking import Asked
from tests.registry.plans.reports import REPORTS

_YARDSTICK = "SELECT * FROM report ORDER BY id DESC LIMIT 51"
_TRIES = 5
_HEAD = """# How the registry's lists and reports are read

Written by `ONEX_WRITE_PLANS=1 make test ARGS="-m long tests/registry/plans"`; do not edit.

The registry's tables are filled to the size of the pilot. Every door that reads was then called by each role that may enter, with
each filter, each sort and the page after the first, once by who has been quiet for two years and once by who is busy; every
statement that this asked the database was carried out under `EXPLAIN (ANALYZE, BUFFERS)`. The same test refuses a list that reads
a table that grows from end to end, touches more than {rows:,} of its rows, sorts more than {sorted:,}, reads more than {pages:,}
pages of 8 kB, or skips by OFFSET; for each report it knows what is the least that the report can read.

Rows, pages and times are the most that any statement of a door took: the time as a multiple of what the newest page of a million
reports takes by its primary key, one query by one index, on the same machine.
"""


def written(found: list[Asked], connection: filling.Connection, bars: judging.Bars) -> str:
    """The page."""
    lists = [one for one in found if one.door not in REPORTS]
    unit_ms = _ms(connection, _YARDSTICK, None)
    lines = [_HEAD.format(rows=bars.rows, sorted=bars.sorted, pages=bars.pages)]
    lines += [*_tables(connection), *_lists(lists, connection, unit_ms)]
    for door in REPORTS:
        lines += _report(max((one for one in found if one.door == door), key=_rows), connection, unit_ms)
    return "\n".join(lines) + "\n"


def _tables(connection: filling.Connection) -> Iterator[str]:
    yield from (
        "## Tables that grow",
        "",
        "Rows of each. Every other table has fewer than 5,000, whatever happens.",
        "",
    )
    told = []
    for table in sorted(filling.GROWING):
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        told.append(f"`{table}` {row[0] if row else 0:,}")
    yield from (" · ".join(told) + ".", "")


def _lists(found: list[Asked], connection: filling.Connection, unit_ms: float) -> Iterator[str]:
    yield from (f"## Lists: {len(found):,} statements", "")
    yield "| door | rows touched | pages read | time | by which indexes |"
    yield "|---|--:|--:|--:|---|"
    for door in sorted({one.door for one in found}):
        of_door = [one for one in found if one.door == door]
        slowest = max(of_door, key=lambda one: one.plan.ms)
        ms = _ms(connection, slowest.statement, slowest.parameters)
        pages = max(one.plan.pages for one in of_door)
        rows = max(map(_rows, of_door))
        yield f"| `{door}` | {rows:,} | {pages:,} | {ms / unit_ms:.1f} × | {_indexes(of_door)} |"
    yield ""


def _report(asked: Asked, connection: filling.Connection, unit_ms: float) -> Iterator[str]:
    ms = _ms(connection, asked.statement, asked.parameters)
    yield from (f"## {asked.door}", "", REPORTS[asked.door].why, "")
    yield f"{_rows(asked):,} rows, {asked.plan.pages:,} pages, {ms / unit_ms:.0f} × the time of a page by its key."
    yield from ("", "```", judging.shown(connection, asked.statement, asked.parameters), "```", "")


def _rows(asked: Asked) -> int:
    return max(read.rows for read in asked.plan.reads)


def _indexes(found: Iterable[Asked]) -> str:
    by_table: dict[str, dict[str, set[str]]] = {}
    for read in (read for one in found for read in one.plan.reads):
        for index in read.indexes or ("nothing",):
            by_table.setdefault(read.table, {}).setdefault(index, set()).add(read.node)
    return "; ".join(f"`{table}`: {_named(indexes)}" for table, indexes in sorted(by_table.items()))


def _named(indexes: dict[str, set[str]]) -> str:
    return ", ".join(f"{index} ({', '.join(sorted(nodes))})" for index, nodes in sorted(indexes.items()))


def _ms(connection: filling.Connection, statement: str, parameters: object) -> float:
    """The least of some tries, so that the machine's other work counts little."""
    return min(judging.explained(connection, statement, parameters).ms for _ in range(_TRIES))
