"""`onex`: everything an operator, a developer or a container does with the platform."""

import os

import typer

from onex.chassis.settings import SERVICES, SettingError, Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="OneX: the 1+X certificate system's platform.")


@app.command()
def run(service: str) -> None:
    """Run one service's worker: its events, timers, jobs and outbox relay."""
    from onex.cli.services import worker_of
    from onex.messaging import worker

    try:
        settings = Settings.for_service(service)
    except SettingError as error:
        raise SystemExit(f"onex run {service}: {error}") from None
    worker.run(worker_of(service), settings)


@app.command()
def web() -> None:
    """Serve HTTP for the services in ONEX_WEB_SERVICES (all five by default) on ONEX_WEB_PORT."""
    from granian.constants import Interfaces
    from granian.server import Server

    try:
        for service in [name for name in os.environ.get("ONEX_WEB_SERVICES", "").split(",") if name] or SERVICES:
            Settings.for_service(service)
    except SettingError as error:
        raise SystemExit(f"onex web: {error}") from None
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
def migrate() -> None:
    """Bring the five databases and the broker's topology to this version. Safe to repeat."""
    from onex.cli.migrate import migrate_everything

    migrate_everything(os.environ)
