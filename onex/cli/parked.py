"""`onex parked`: what was set aside, why, and what an operator decides about it."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from onex.audit.queues import depths
from onex.chassis import clock
from onex.chassis.database import Database
from onex.cli.surroundings import admin_amqp_url, console, databases, moment, operator, plain_errors, shown
from onex.messaging import parking
from onex.messaging.parking import Selection
from onex.messaging.publisher import Publisher

BATCH = 200
app = typer.Typer(no_args_is_help=True, help="Events set aside for an operator.")
Service = Annotated[str, typer.Option(help="Only this service's.")]
Code = Annotated[str, typer.Option(help="Only those with this reason code.")]
Queue = Annotated[str, typer.Option(help="Only those of this queue.")]
Since = Annotated[datetime | None, typer.Option(parser=moment, help="Parked at this time (ISO 8601) or later.")]
Until = Annotated[datetime | None, typer.Option(parser=moment, help="Parked at this time or earlier.")]


@app.command("list")
def list_parked(
    service: Service = "", code: Code = "", queue: Queue = "", since: Since = None, until: Until = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each service.")] = 100,
) -> None:  # fmt: skip
    """List what waits, oldest first."""
    table = Table("service", "id", "queue", "code", "reason", "attempts", "parked at")
    selection = Selection(None, code or None, queue or None, since, until)
    with plain_errors():
        for database in databases(service):
            with database.session() as session:
                for row in parking.waiting(session, limit, selection):
                    about = (database.service, str(row.id), row.consumer, row.code, row.reason, str(row.attempts))
                    table.add_row(*about, shown(row.parked_at))
    console.print(table if table.row_count else "Nothing is parked.")


@app.command()
def show(parked_id: uuid.UUID) -> None:
    """Show one parked event, headers and body as they came."""
    with plain_errors():
        database, row = _find(parked_id)
    console.print(f"[bold]{row.consumer}[/bold] in {database.service}, parked {shown(row.parked_at)}")
    console.print(f"{row.code}: {row.reason} (after {row.attempts} attempts)", markup=False)
    if row.outcome:
        console.print(f"{row.outcome} {shown(row.decided_at)} by {row.decided_by}: {row.note}", markup=False)
    console.print_json(orjson.dumps(row.headers).decode())
    console.print(bytes(row.body).decode("utf-8", "replace"), markup=False, soft_wrap=True)


@app.command()
def replay(
    parked_id: Annotated[uuid.UUID | None, typer.Argument(help="One event; else choose by the options.")] = None,
    service: Service = "", code: Code = "", queue: Queue = "", since: Since = None, until: Until = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that is parked.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Only say what would be sent.")] = False,
    note: Annotated[str, typer.Option(help="Why; kept with the event.")] = "",
) -> None:  # fmt: skip
    """Send parked events to their queues again: one by its id, or by reason code, queue or time."""
    if not (parked_id or code or queue or since or until or everything):
        raise typer.BadParameter("name an id, or choose with --code, --queue, --since, --until or --all")
    selection = Selection(parked_id, code or None, queue or None, since, until or clock.now())
    with plain_errors():
        if parked_id:
            service = _waiting(parked_id)
        counts: Counter[tuple[str, str]] = Counter()
        failed: list[tuple[Any, str]] = []
        for database in databases(service):
            for row, error in _dry(database, selection) if dry_run else _replayed(database, selection, note):
                if error:
                    failed.append((row, error))
                else:
                    counts[row.consumer, row.code] += 1
    for (consumer, reason), count in sorted(counts.items()):
        console.print(
            f"{'would replay' if dry_run else 'replayed'} {count:,} to {consumer} ({reason})", highlight=False
        )
    for row, error in failed:
        console.print(f"not sent, still parked: {row.id} to {row.consumer}: {error}", style="red", markup=False)
    if not counts and not failed:
        console.print("Nothing to replay; what another operator is replaying at this moment is left to them.")
    if failed:
        raise typer.Exit(1)


@app.command()
def discard(parked_id: uuid.UUID, note: Annotated[str, typer.Option(help="Why; kept with the event.")]) -> None:
    """Decide that an event is not to be handled; it stays in the table with the note."""
    with plain_errors():
        for database in databases(_waiting(parked_id)):
            with database.transaction() as session:
                done = parking.settle(session, parked_id, "discarded", operator(), note)
    console.print("Discarded." if done else "Somebody decided about it already.")


def _dry(database: Database, selection: Selection) -> Iterator[tuple[Any, str]]:
    after: uuid.UUID | None = None
    with database.session() as session:
        while rows := parking.waiting(session, BATCH, selection, after):
            yield from ((row, "") for row in rows)
            after = rows[-1].id


def _replayed(database: Database, selection: Selection, note: str) -> Iterator[tuple[Any, str]]:
    """Each event that was sent, and each that could not be, with why.

    Locked first, so that no other operator sends it too; sent and confirmed second, marked and committed last: dying in
    between sends it once more later, and the inbox absorbs it.
    """
    after: uuid.UUID | None = None
    more = True
    while more:
        with database.transaction() as session:
            rows = parking.take(session, BATCH, selection, after)
            failed = _send(rows) if rows else {}
            sent = [row.id for row in rows if row.id not in failed]
            parking.settle_all(session, sent, "replayed", operator(), note)
        yield from ((row, failed.get(row.id, "")) for row in rows)
        more = len(rows) == BATCH
        after = rows[-1].id if rows else None


def _send(rows: Sequence[Any]) -> dict[uuid.UUID, str]:
    """Send them; raises NotConfirmed when the broker does not take them. Returns those that have no queue to go to."""
    lost = [queue for queue, depth in depths(admin_amqp_url(), {row.consumer for row in rows}).items() if depth is None]
    publisher = Publisher(admin_amqp_url(), "onex-parked-replay")
    try:
        publisher.publish([parking.as_outgoing(row) for row in rows if row.consumer not in lost])
    finally:
        publisher.close()
    return {row.id: "the queue does not exist" for row in rows if row.consumer in lost}


def _find(parked_id: uuid.UUID) -> tuple[Database, Any]:
    for database in databases():
        with database.session() as session:
            if row := parking.one(session, parked_id):
                return database, row
    raise typer.BadParameter(f"nothing parked has the id {parked_id}")


def _waiting(parked_id: uuid.UUID) -> str:
    """The service that holds it and waits for a decision."""
    database, row = _find(parked_id)
    if row.outcome:
        raise typer.BadParameter(f"{parked_id} was {row.outcome} already, by {row.decided_by}")
    return database.service
