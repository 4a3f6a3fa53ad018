"""`python -m benchmarks.run pipeline`: runs a measure, prints it, and keeps it in benchmarks/results/."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks import ground, report

console = Console()
app = typer.Typer(add_completion=False, help="Measures of the platform, beside others in the same run.")
Rounds = Annotated[int, typer.Option(min=1, help="How often each side has its turn.")]
Results = Annotated[Path, typer.Option(help="The folder that the figures are kept in.")]
OnlyNameko = Annotated[bool, typer.Option(help="Leave out the peers that have an environment of their own.")]
PeerCount = Annotated[int, typer.Option(help="Of one turn of a stock peer; 0: a twentieth.")]


@app.callback(invoke_without_command=True)
def every_measure(context: typer.Context) -> None:
    """Without a measure's name: all of them, as they are meant to be run."""
    if context.invoked_subcommand is None:
        measures = (pipeline, webhooks, bus, signing, verify, importing, elsewhere, latency, growth, audit, growth_10m)
        if failed := [one.__name__ for one in measures if not _ran(one)]:
            console.print(f"Failed: {', '.join(failed)}. What is on the page of these is older.")
            raise typer.Exit(1)


def _ran(measure: Callable[[], None]) -> bool:
    """Whether it came to its end; the others are not to be lost with one, they take hours."""
    console.rule(measure.__name__)
    try:
        measure()
    except Exception:
        console.print_exception()
        return False
    return True


@app.command()
def pipeline(
    rounds: Rounds = 5,
    certificates: Annotated[int, typer.Option(min=1, help="Of one turn of the product and the floor.")] = 10_000,
    peer_certificates: PeerCount = 0,
    only_nameko: OnlyNameko = False,
    results: Results = report.RESULTS,
) -> None:
    """Certificates a second from the published result to booked credit and recorded notice."""
    from benchmarks.peers import stock_peers
    from benchmarks.pipeline import measure

    peers = stock_peers(console, only_nameko=only_nameko)
    _keep(measure(rounds, certificates, _of_peers(certificates, peer_certificates), peers, console), results)


@app.command()
def webhooks(
    rounds: Rounds = 5,
    certificates: Annotated[int, typer.Option(min=1, help="Of one turn of the product.")] = 10_000,
    peer_certificates: PeerCount = 0,
    only_nameko: OnlyNameko = False,
    results: Results = report.RESULTS,
) -> None:
    """The pipeline with a subscribed partner, until the last notice is delivered."""
    from benchmarks.peers import stock_peers
    from benchmarks.pipeline import measure

    peers = stock_peers(console, only_nameko=only_nameko)
    peer_count = _of_peers(certificates, peer_certificates)
    _keep(measure(rounds, certificates, peer_count, peers, console, webhooks=True), results)


@app.command()
def bus(
    rounds: Rounds = 5,
    events: Annotated[int, typer.Option(min=1, help="Of one turn of the product and the floor.")] = 20_000,
    peer_events: PeerCount = 0,
    only_nameko: OnlyNameko = False,
    results: Results = report.RESULTS,
) -> None:
    """Events a second through outbox, relay, quorum queue and inbox into a row."""
    from benchmarks.bus import measure
    from benchmarks.peers import stock_peers

    peers = stock_peers(console, only_nameko=only_nameko)
    _keep(measure(rounds, events, _of_peers(events, peer_events), peers, console), results)


@app.command()
def signing(
    rounds: Rounds = 5,
    certificates: Annotated[int, typer.Option(min=1, help="Of one turn.")] = 10_000,
    results: Results = report.RESULTS,
) -> None:
    """Certificates issued and verified a second, beside @digitalbazaar/vc signing and verifying the same ones."""
    from benchmarks.signing import measure

    _keep(measure(rounds, certificates, console), results)


@app.command()
def verify(
    rounds: Rounds = 5,
    inquiries: Annotated[int, typer.Option(min=4, help="Of one turn; nameko's HTTP gets a quarter.")] = 20_000,
    results: Results = report.RESULTS,
) -> None:
    """Public inquiries a second, and how long one waits."""
    from benchmarks.verify import measure

    _keep(measure(rounds, inquiries, console), results)


@app.command("import")
def importing(
    rounds: Rounds = 5,
    rows: Annotated[int, typer.Option(min=1, help="Of the roster, one in a hundred of them bad.")] = 100_000,
    results: Results = report.RESULTS,
) -> None:
    """Roster rows a second, with all checks."""
    from benchmarks.importing import measure

    _keep(measure(rounds, rows, console), results)


@app.command()
def elsewhere(
    rounds: Rounds = 5,
    rows: Annotated[int, typer.Option(min=10, help="Of the file, one in a hundred of them bad.")] = 100_000,
    results: Results = report.RESULTS,
) -> None:
    """Rows a second and peak memory of entering certificates that were issued elsewhere."""
    from benchmarks.elsewhere import measure

    _keep(measure(rounds, rows, console), results)


@app.command()
def latency(
    rounds: Rounds = 5,
    singles: Annotated[int, typer.Option(min=1, help="Results of one idle turn.")] = 50,
    load: Annotated[int, typer.Option(min=1, help="Results a second under load, for five seconds a turn.")] = 200,
    results: Results = report.RESULTS,
) -> None:
    """Milliseconds from publication to a partner's webhook and stream, idle and under load."""
    from benchmarks.latency import measure

    _keep(measure(rounds, singles, load, console), results)


@app.command()
def growth(
    rounds: Rounds = 5,
    size: Annotated[int, typer.Option(min=2, help="Rows in each large table.")] = 1_000_000,
    first: Annotated[int, typer.Option(min=1, help="Rows in each table that they are compared with.")] = 10_000,
    service: Annotated[list[str] | None, typer.Option(help="Only this one's; give it again for more.")] = None,
    results: Results = report.RESULTS,
) -> None:
    """How much longer things take at 1,000,000 rows than at 10,000."""
    from benchmarks.growth import PARTS, measure

    parts = [part for part in PARTS if not service or part.service in service]
    _keep(measure(rounds, first, size, parts, console), results)


@app.command("growth_10m")
def growth_10m(rounds: Rounds = 5, results: Results = report.RESULTS) -> None:
    """How much longer things take at 10,000,000 rows than at 10,000, where the disk has room for them."""
    from benchmarks.growth import BYTES_A_ROW, TEN_MILLION

    free, asked = (size / 1e9 for size in (ground.free_bytes(), TEN_MILLION * BYTES_A_ROW))
    if free < asked:
        console.print(f"Left out: it takes {asked:.0f} GB of disk, and {free:.0f} GB are free.")
    else:
        growth(rounds, TEN_MILLION, results=results)


@app.command()
def audit(
    rounds: Rounds = 5,
    size: Annotated[list[int] | None, typer.Option(help="Certificates; give it again for more sizes.")] = None,
    results: Results = report.RESULTS,
) -> None:
    """How long `onex audit` takes, and how much memory, at 100,000 and 1,000,000 certificates."""
    from benchmarks.auditing import SIZES, measure

    _keep(measure(rounds, size or SIZES, console), results)


def _of_peers(count: int, asked: int) -> int:
    return asked or max(1, count // 20)


def _keep(seen: dict[str, Any], results: Path) -> None:
    """Print the tables and store what was seen; the committed figures also go into docs/reports/measures.md."""
    command = " ".join(["python -m benchmarks.run", *(sys.argv[1:] or [seen["measure"]])])
    seen = {"command": command, **seen}
    seen["machine"]["load_after"] = os.getloadavg()[0]
    results.mkdir(parents=True, exist_ok=True)
    file = results / f"{seen['measure']}.json"
    file.write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(report.markdown(seen), markup=False, soft_wrap=True)
    if results == report.RESULTS:
        report.write()


if __name__ == "__main__":
    app()
