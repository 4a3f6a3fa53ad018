"""`onex rebuild`: makes a service's read models again from what was said."""

from collections.abc import Iterable

import typer
from rich.table import Table

from onex.chassis.settings import SERVICES
from onex.cli.services import read_models_of
from onex.cli.surroundings import admin_amqp_url, console, databases
from onex.messaging.read_models import ReadModel, Rebuilt, rebuild
from onex.messaging.streams import Said, read_again


def models_named(service: str, name: str) -> list[ReadModel]:
    """One read model of a service, or all of them. Raises typer.BadParameter, naming those there are."""
    if service not in SERVICES:
        raise typer.BadParameter(f"no service is called {service!r}: choose one of {', '.join(SERVICES)}")
    models = read_models_of(service)
    chosen = [model for model in models if name in ("", model.name)]
    if not chosen:
        raise typer.BadParameter(f"{service} has {', '.join(model.name for model in models)}")
    return chosen


def run_rebuild(service: str, model: ReadModel) -> Rebuilt:
    """Rebuild one model from the platform's streams."""
    url = admin_amqp_url()

    def stream(producer: str) -> Iterable[Said]:
        return read_again(url, producer, "first")

    (database,) = list(databases(service))
    try:
        return rebuild(database, model, stream)
    finally:
        database.engine.dispose()


def show_rebuilt(model: ReadModel, rebuilt: Rebuilt) -> None:
    """Print what a rebuild did."""
    table = Table("table", "rows before", "rows now", "of them unknown to the streams", title=model.name)
    for name, (before, now) in rebuilt.rows.items():
        unknown = f"{rebuilt.unknown[name]:,}" if name in rebuilt.unknown else "-"
        table.add_row(name, f"{before:,}", f"{now:,}", unknown)
    console.print(table)
    for event, count in sorted(rebuilt.heard.items()):
        console.print(f"  {count:,} × {event}", highlight=False)
    if rebuilt.undecodable:
        console.print(f"  {rebuilt.undecodable:,} events of the streams could not be read", style="red")
