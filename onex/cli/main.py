"""`onex`: everything an operator, a developer or a container does with the platform."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from onex.chassis.settings import SERVICES, Settings
from onex.cli import parked
from onex.cli.surroundings import admin_amqp_url, console, moment, plain_errors, settings_in_force

app = typer.Typer(no_args_is_help=True, add_completion=False, help="OneX: the platform of the 1+X certificate system.")
app.add_typer(parked.app, name="parked")


@app.command()
def up() -> None:
    """Start the whole platform on this machine and stay up until Ctrl-C."""
    from onex.cli.up import platform_up, show_addresses, stay_up

    with plain_errors(), platform_up(console) as platform:
        show_addresses(platform, console)
        stay_up(console)


@app.command()
def demo(
    leave: Annotated[bool, typer.Option("--exit", help="End by itself instead of staying up.")] = False,
    candidates: Annotated[int, typer.Option(min=60, help="Rows of all rosters together.")] = 3000,
) -> None:
    """Start the platform, run its main job on real input, and say what happened."""
    from onex.cli.up import platform_up, show_addresses, stay_up
    from onex.demo.story import Story

    with plain_errors(), platform_up(console) as platform:
        told = Story(platform, console, candidates).tell()
        show_addresses(platform, console)
        if not leave:
            stay_up(console)
        if not told.is_good:
            raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the five databases and the broker's topology to this version. Safe to repeat."""
    from onex.cli.migrate import migrate_everything

    with plain_errors():
        migrate_everything(settings_in_force())


@app.command()
def run(service: str) -> None:
    """Run one service's worker: its events, timers, jobs and outbox relay."""
    from onex.cli.services import worker_of
    from onex.messaging import worker

    with plain_errors():
        settings = Settings.for_service(service)
    worker.run(worker_of(service), settings)


@app.command()
def web() -> None:
    """Serve HTTP for the services in ONEX_WEB_SERVICES (all five by default) on ONEX_WEB_PORT."""
    from granian.constants import Interfaces
    from granian.server import Server

    with plain_errors():
        for service in [name for name in os.environ.get("ONEX_WEB_SERVICES", "").split(",") if name] or SERVICES:
            Settings.for_service(service)
    Server(
        "onex.cli.serving:application",
        address=os.environ.get("ONEX_WEB_ADDRESS", "127.0.0.1"),
        port=int(os.environ.get("ONEX_WEB_PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("ONEX_WEB_PROCESSES", "1")),
        blocking_threads=int(os.environ.get("ONEX_WEB_THREADS", "8")),
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


@app.command()
def audit(
    wait: Annotated[float, typer.Option(help="Seconds to give what is under way; what is not there then counts.")] = 0,
    signatures: Annotated[bool, typer.Option(help="Verify every signature, and replay the log.")] = True,
    patience: Annotated[float, typer.Option(help="Seconds in which what is missing may still arrive.")] = 10,
    grace: Annotated[float, typer.Option(help="What is younger than so many seconds is under way, not missing.")] = 120,
    stuck_after: Annotated[float, typer.Option(help="Seconds after which an unsent event is stuck.")] = 300,
    csv: Annotated[Path | None, typer.Option(help="Write every record that is wrong to this file.")] = None,
) -> None:
    """Compare the five databases, record by record; exits 1 when a record is wrong. Only reads; safe at any time."""
    from onex.audit.audit import Terms
    from onex.cli.audit import run_audit

    terms = Terms(signatures=signatures, patience_s=patience, grace_s=grace, stuck_after_s=stuck_after)
    with plain_errors():
        if not run_audit(settings_in_force(), wait, console, terms, csv):
            raise typer.Exit(1)


@app.command()
def verify(
    files: Annotated[
        list[Path], typer.Argument(help="A bundle, a certificate and its proofs, or its PDF.", metavar="FILE...")
    ],
    log_key: Annotated[
        list[str] | None, typer.Option(help="The log's key as the platform publishes it: no other is believed.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Also check that the certificate is this person's.")] = None,
    online: Annotated[bool, typer.Option(help="Ask the issuing platform for keys, status and log as of now.")] = False,
    partial: Annotated[bool, typer.Option(help="Exit 0 also where something could not be checked.")] = False,
) -> None:
    """Verify certificates offline: signature, issuer's keys, log, status. Exits 1 unless all of it holds."""
    from onex.cli.verify import CannotRead, verify_files

    try:
        good = verify_files(files, console, log_keys=log_key or [], name=name, online=online, partial=partial)
    except CannotRead as why:
        console.print(str(why), style="red", highlight=False, markup=False, soft_wrap=True)
        good = False
    if not good:
        raise typer.Exit(1)


@app.command()
def lag(
    service: Annotated[str, typer.Option(help="Only this service.")] = "",
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say how far everyone is: queues, outboxes, jobs, and what is stuck, since when, and why."""
    from onex.audit.standing import standing
    from onex.cli.audit import database_urls
    from onex.cli.lag import as_json, show_standing

    with plain_errors():
        if service and service not in SERVICES:
            raise typer.BadParameter(f"no service is called {service!r}: choose one of {', '.join(SERVICES)}")
        found = standing(database_urls(settings_in_force()), admin_amqp_url(), (service,) if service else SERVICES)
    if json:
        typer.echo(as_json(found))
    else:
        show_standing(found)


@app.command()
def replay(
    service: str,
    start: Annotated[str, typer.Option("--from", help="first, an offset, or a time (ISO 8601).")] = "first",
    until: Annotated[datetime | None, typer.Option(parser=moment, help="Only what occurred up to this time.")] = None,
    event: Annotated[str, typer.Option(help="Only events of this name.")] = "",
    to: Annotated[str, typer.Option(help="Send them to this service's queues again instead of printing them.")] = "",
    dry_run: Annotated[bool, typer.Option(help="With --to: only say how many it would be.")] = False,
) -> None:
    """Read again what a service said; print it, or send it to a consumer, which leaves alone what it has handled."""
    from onex.cli.replay import Again, event_name, line_of, queues_of, start_of
    from onex.messaging.streams import read_again

    if service not in SERVICES:
        raise typer.BadParameter(f"no service is called {service!r}: choose one of {', '.join(SERVICES)}")
    first = start_of(start)
    queues = queues_of(to, service) if to else {}
    with plain_errors():
        url = admin_amqp_url()
        again = Again(url, queues, dry_run=dry_run) if to else None
        count = 0
        for said in read_again(url, service, first, until=until):
            if event and event_name(said) != event:
                continue
            count += 1
            if again:
                again.add(said)
            else:
                typer.echo(line_of(said))
        if again:
            again.close()
    if again is None:
        console.print(f"{count:,} events")
        return
    for queue, sent in sorted(again.counts.items()):
        console.print(f"{sent:,} events {'would go' if dry_run else 'sent'} to {queue}", highlight=False)
    if not again.counts:
        console.print("No such events.")


@app.command()
def rebuild(
    service: str,
    model: Annotated[str, typer.Argument(help="One read model; all of them when none is named.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Only say which tables it would be.")] = False,
) -> None:
    """Make a service's read models again from what was said. Its worker may go on running."""
    from onex.cli.rebuild import models_named, run_rebuild, show_rebuilt

    for one in models_named(service, model):
        if dry_run:
            console.print(f"{one.name}: {', '.join(table.name for table in one.tables)}")
            continue
        with plain_errors():
            show_rebuilt(one, run_rebuild(service, one))
