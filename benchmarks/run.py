"""`python -m benchmarks.run pipeline`: runs a measure, prints it, and keeps it in benchmarks/results/."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

RESULTS = Path(__file__).parent / "results"
console = Console()
app = typer.Typer(add_completion=False, help="Measures of the platform, beside others in the same run.")


@app.callback(invoke_without_command=True)
def every_measure(context: typer.Context) -> None:
    """Without a measure's name: all of them, as they are meant to be run."""
    if context.invoked_subcommand is None:
        pipeline()


@app.command()
def pipeline(
    rounds: Annotated[int, typer.Option(min=1, help="How often each side has its turn.")] = 5,
    certificates: Annotated[int, typer.Option(min=1, help="Of one turn of the product.")] = 10_000,
    peer_certificates: Annotated[int, typer.Option(help="Of one turn of stock nameko; 0: a tenth.")] = 0,
    results: Annotated[Path, typer.Option(help="The folder that the figures are kept in.")] = RESULTS,
) -> None:
    """Certificates a second from the published result to booked credit and delivered notice."""
    from benchmarks.pipeline import measure, show

    seen = measure(rounds, certificates, peer_certificates or max(1, certificates // 10), console)
    show(seen, console)
    _keep(seen, results)


def _keep(seen: dict[str, Any], results: Path) -> None:
    results.mkdir(parents=True, exist_ok=True)
    command = " ".join(["python", "-m", "benchmarks.run", *sys.argv[1:]])
    file = results / f"{seen['measure']}.json"
    file.write_text(json.dumps({"command": command, **seen}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app()
