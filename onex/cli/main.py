"""`onex`: everything an operator, a developer or a container does with the platform."""

import os
from typing import Annotated

import typer

from onex.chassis.settings import SERVICES, Settings, read
from onex.cli import parked
from onex.cli.surroundings import console, plain_errors, settings_in_force

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
    wait: Annotated[float, typer.Option(help="Seconds to give what is still under way.")] = 0,
) -> None:
    """Compare the five databases; exits 1 when the figures differ or anything is stuck."""
    from onex.cli.audit import run_audit

    with plain_errors():
        if not run_audit(settings_in_force(), wait, console):
            raise typer.Exit(1)


@app.command()
def replay(
    service: str,
    start: Annotated[str, typer.Option("--from", help="first, next, an offset, or a time (ISO 8601).")] = "first",
    event: Annotated[str, typer.Option(help="Only events of this name.")] = "",
    to: Annotated[str, typer.Option(help="Send them to this service's queue again; needs --event.")] = "",
    dry_run: Annotated[bool, typer.Option(help="With --to: only say how many it would be.")] = False,
) -> None:
    """Read again what a service said; print it, or send it to a consumer, which leaves alone what it has handled."""
    from onex.cli.replay import ToQueue, name_of, offset_of, read_stream

    if to and not event:
        raise typer.BadParameter("--to needs --event")
    try:
        offset = offset_of(start)
    except ValueError:
        raise typer.BadParameter(
            "--from takes first, next, an offset, or a time such as 2026-11-21T08:00+08:00"
        ) from None
    with plain_errors():
        url = read(settings_in_force(), "ONEX_AMQP_ADMIN_URL", str, "RabbitMQ's address")
        again = ToQueue(url, f"{to}.{service}.{event}") if to and not dry_run else None
        count = 0
        for message in read_stream(url, service, offset):
            if event and name_of(message) != event:
                continue
            count += 1
            if again:
                again.add(message)
            elif not to:
                number = message.headers.get("x-stream-offset")
                console.print(
                    f"{number} {name_of(message)} {bytes(message.body).decode()}", markup=False, soft_wrap=True
                )
        if again:
            again.close()
    console.print(f"{count:,} events" + (f" {'would go' if dry_run else 'sent'} to {to}" if to else ""))
