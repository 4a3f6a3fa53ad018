"""`onex up`: the whole platform on this machine, until Ctrl-C."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from onex.chassis.settings import SERVICES
from onex.cli.migrate import migrate_everything
from onex.local.platform import DEFAULT_HOME, Platform

# On one's own machine partners listen on loopback addresses, which a real platform never calls.
LOCAL_DEFAULTS = {"ONEX_WEBHOOK_ALLOW_PRIVATE": "1"}


@contextmanager
def platform_up(
    console: Console, home: Path = DEFAULT_HOME, environment: Mapping[str, str] | None = None
) -> Iterator[Platform]:
    """PostgreSQL, RabbitMQ, migrations, five workers and the web process; everything ends with the block."""
    given = LOCAL_DEFAULTS | dict(os.environ if environment is None else environment)
    with Platform(home, environment=given) as platform:
        with console.status("Starting PostgreSQL and RabbitMQ …"):
            platform.start_servers()
        with console.status("Migrating the five databases, declaring the broker's topology …"):
            migrate_everything(platform.environment)
        with console.status("Starting the five services …"):
            platform.start_services()
        yield platform


def show_addresses(platform: Platform, console: Console) -> None:
    """Where to look."""
    url = platform.url
    lines = [
        ("Certificate inquiry (中文/English)", f"{url}/certificates/inquiry"),
        ("Policy documents (中文/English)", f"{url}/registry/policies"),
        ("Opinions from the public (中文/English)", f"{url}/registry/opinions"),
    ]
    lines += [(f"{service}: its interface", f"{url}/{service}/v1/docs") for service in SERVICES]
    lines += [
        ("Metrics", f"{url}/metrics"),
        ("Settings of this platform", str(platform.home / "platform.env")),
        ("Logs", str(platform.home / "logs")),
    ]
    console.print("\n[bold]Open[/bold]")
    # Two columns a Chinese character: rich knows, str.ljust does not.
    width = 2 + max(cell_len(title) for title, _ in lines)
    for title, address in lines:
        console.print(f"  {title}{' ' * (width - cell_len(title))}{address}", soft_wrap=True)


def stay_up(console: Console) -> None:
    """Until Ctrl-C or SIGTERM."""
    console.print("\nThe platform is up. Ctrl-C stops it.")
    stop = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    signal.sigwait(stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, stop)
    console.print("Stopping …")
