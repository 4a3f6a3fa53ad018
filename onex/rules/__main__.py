"""`python -m onex.rules`, which `make rules` calls: every clause with its tests, and what is wrong with the marks."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onex.rules import report
from onex.rules.clauses import ClauseListError
from onex.rules.coverage import read_coverage

CHECKOUT = Path(__file__).resolve().parents[2]
_PUT_RIGHT = 1  # something in the checkout has to be put right
_ASKED_WRONGLY = 2  # the caller asked for what there is not


def rules(
    ids: Annotated[list[str] | None, typer.Option("--id", help="Only this clause; may be given again.")] = None,
    uncovered: Annotated[bool, typer.Option("--uncovered", help="Only the clauses with no test yet.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
    root: Annotated[Path, typer.Option(help="The checkout to read.", show_default=False)] = CHECKOUT,
) -> None:
    """List every clause of the policy documents with the tests that cover it and the code that cites it.

    Exits 1 when a mark or a citation names no clause, or a mark cannot be read.
    """
    try:
        coverage = read_coverage(root)
    except ClauseListError as error:
        typer.echo(f"The list of clauses cannot be read. {error}", err=True)
        raise typer.Exit(_PUT_RIGHT) from error
    wanted = [clause_id.upper() for clause_id in ids or ()]
    unknown = sorted(set(wanted) - {item.clause.id for item in coverage.clauses})
    if unknown:
        typer.echo(f"No such clause: {', '.join(unknown)}", err=True)
        raise typer.Exit(_ASKED_WRONGLY)
    shown = [
        item for item in coverage.clauses if (not wanted or item.clause.id in wanted) and not (uncovered and item.tests)
    ]
    console = Console()
    if as_json:
        typer.echo(report.as_json(coverage, shown))
    elif console.is_terminal:
        console.print(report.table(shown))
        typer.echo(report.summary(coverage))
    else:
        for line in report.plain(shown):
            typer.echo(line)
        typer.echo(report.summary(coverage))
    for line in report.problems(coverage):
        typer.echo(line, err=True)
    if coverage.problems:
        raise typer.Exit(_PUT_RIGHT)


if __name__ == "__main__":
    typer.run(rules)
