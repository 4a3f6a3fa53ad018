"""`onex parked`: what was set aside, why, and what an operator decides about it."""

import os
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from onex.chassis.database import Database
from onex.chassis.settings import SERVICES, read
from onex.cli.surroundings import console, plain_errors, settings_in_force
from onex.messaging import parking
from onex.messaging.publisher import Publisher

app = typer.Typer(no_args_is_help=True, help="Events set aside for an operator.")
Service = Annotated[str, typer.Option(help="Only this service's.")]


@app.command("list")
def list_parked(service: Service = "", limit: int = 100) -> None:
    """List what waits, oldest first."""
    table = Table("service", "id", "queue", "code", "reason", "attempts", "parked at")
    with plain_errors():
        for name, database in _databases(service):
            with database.session() as session:
                for row in parking.waiting(session, limit):
                    when = row.parked_at.isoformat(timespec="seconds")
                    table.add_row(name, str(row.id), row.consumer, row.code, row.reason, str(row.attempts), when)
    console.print(table if table.row_count else "Nothing is parked.")


@app.command()
def show(parked_id: uuid.UUID) -> None:
    """Show one parked event, headers and body as they came."""
    with plain_errors():
        name, _, row = _find(parked_id)
    console.print(f"[bold]{row.consumer}[/bold] in {name}, parked {row.parked_at.isoformat()}")
    console.print(f"{row.code}: {row.reason} (after {row.attempts} attempts)", markup=False)
    console.print_json(orjson.dumps(row.headers).decode())
    console.print(bytes(row.body).decode("utf-8", "replace"), markup=False, soft_wrap=True)


@app.command()
def replay(
    parked_id: Annotated[uuid.UUID | None, typer.Argument()] = None,
    service: Service = "",
    code: Annotated[str, typer.Option(help="Everything parked with this code.")] = "",
    dry_run: bool = False,
    note: str = "",
) -> None:
    """Send one event, or all parked with a code, to its queue again."""
    if (parked_id is None) == (not code):
        raise typer.BadParameter("name either one id or a --code")
    with plain_errors():
        for name, database, row in [_find(parked_id)] if parked_id else list(_with_code(service, code)):
            console.print(f"{'would replay' if dry_run else 'replaying'} {row.id} ({name}: {row.consumer}, {row.code})")
            if not dry_run:
                _replay(database, row, note)


@app.command()
def discard(parked_id: uuid.UUID, note: Annotated[str, typer.Option(help="Why; kept with the event.")]) -> None:
    """Decide that an event is not to be handled; it stays in the table with the note."""
    with plain_errors():
        _, database, row = _find(parked_id)
        with database.transaction() as session:
            done = parking.settle(session, row.id, "discarded", _who(), note)
    console.print("Discarded." if done else "Somebody decided about it already.")


def _replay(database: Database, row: Any, note: str) -> None:
    """Sent and confirmed first, marked second: dying in between sends twice, and the inbox absorbs it."""
    publisher = Publisher(
        read(settings_in_force(), "ONEX_AMQP_ADMIN_URL", str, "RabbitMQ's address"), "onex-parked-replay"
    )
    try:
        publisher.publish([parking.as_outgoing(row)])
    finally:
        publisher.close()
    with database.transaction() as session:
        parking.settle(session, row.id, "replayed", _who(), note)


def _databases(service: str = "") -> Iterator[tuple[str, Database]]:
    for name in [service] if service else SERVICES:
        url = read(settings_in_force(), f"ONEX_DATABASE_URL_{name.upper()}", str, "the address of its database")
        yield name, Database(url, name, pool_size=1)


def _find(parked_id: uuid.UUID) -> tuple[str, Database, Any]:
    for name, database in _databases():
        with database.session() as session:
            if row := parking.one(session, parked_id):
                if row.outcome:
                    raise typer.BadParameter(f"{parked_id} was {row.outcome} already")
                return name, database, row
    raise typer.BadParameter(f"nothing parked has the id {parked_id}")


def _with_code(service: str, code: str) -> Iterator[tuple[str, Database, Any]]:
    for name, database in _databases(service):
        with database.session() as session:
            rows = [parking.one(session, row.id) for row in parking.waiting(session, 100_000) if row.code == code]
        for row in rows:
            yield name, database, row


def _who() -> str:
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or "operator"
