"""The coverage on paper: a table on a terminal, plain lines in a pipe, JSON for a program."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich.markup import escape
from rich.table import Table

from onex.rules.coverage import Coverage, Covered, tallies

NO_TEST = "no test yet"


def table(shown: Iterable[Covered]) -> Table:
    """The clauses as a rich table."""
    grid = Table(title="Clauses and their tests", show_lines=True, expand=True)
    grid.add_column("id", no_wrap=True, style="bold")
    grid.add_column("clause", no_wrap=True)
    grid.add_column("the rule", ratio=3)
    grid.add_column("owner", no_wrap=True)
    grid.add_column("tests and code", ratio=4, overflow="fold")
    for item in shown:
        lines = [f"[green]{escape(test)}[/]" for test in item.tests] or [f"[yellow]{NO_TEST}[/]"]
        lines += [f"[dim]{escape(where)}[/]" for where in item.code]
        clause = item.clause
        grid.add_row(clause.id, clause.section, escape(clause.rule), "\n".join(clause.owners), "\n".join(lines))
    return grid


def plain(shown: Iterable[Covered]) -> Iterator[str]:
    """The clauses as lines that grep and diff can work on: never wrapped, never coloured."""
    for item in shown:
        clause = item.clause
        yield f"{clause.id}  {clause.section}  [{', '.join(clause.owners)}]  {clause.rule}"
        for test in item.tests:
            yield f"       test  {test}"
        if not item.tests:
            yield f"       {NO_TEST}"
        for where in item.code:
            yield f"       code  {where}"


def summary(coverage: Coverage) -> str:
    """One line: how many clauses have a test, over all and by owner (a clause of two owners counts for each)."""
    with_test = sum(bool(item.tests) for item in coverage.clauses)
    owners = " · ".join(f"{tally.owner} {tally.with_test}/{tally.clauses}" for tally in tallies(coverage.clauses))
    return f"{with_test} of {len(coverage.clauses)} clauses have a test: {owners}"


def problems(coverage: Coverage) -> list[str]:
    """What has to be put right, one line each, as `path:line: what`."""
    return [f"{problem.where}: {problem.what}" for problem in coverage.problems]


def as_json(coverage: Coverage, shown: Iterable[Covered]) -> str:
    """The same as a JSON document: `clauses` (those shown), `summary` (over all) and `problems`."""
    document: dict[str, Any] = {
        "clauses": [
            {
                "id": item.clause.id,
                "section": item.clause.section,
                "rule": item.clause.rule,
                "software": item.clause.software,
                "owners": item.clause.owners,
                "tests": item.tests,
                "code": item.code,
            }
            for item in shown
        ],
        "summary": {
            "clauses": len(coverage.clauses),
            "with_test": sum(bool(item.tests) for item in coverage.clauses),
            "owners": {
                tally.owner: {"with_test": tally.with_test, "clauses": tally.clauses}
                for tally in tallies(coverage.clauses)
            },
        },
        "problems": [{"where": problem.where, "what": problem.what} for problem in coverage.problems],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
