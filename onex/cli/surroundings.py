"""What every command finds around it: a console, the settings in force, and errors a person can mend said plainly."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import typer
from rich.console import Console

from onex.chassis.settings import SettingError
from onex.local import settings_file
from onex.local.errors import LocalError
from onex.local.platform import DEFAULT_HOME

console = Console()


def settings_in_force() -> Mapping[str, str]:
    """The environment, or, where it names no platform, the settings of the one that runs in this checkout."""
    if "ONEX_PUBLIC_URL" in os.environ:
        return os.environ
    return settings_file.read(DEFAULT_HOME / "platform.env") | dict(os.environ)


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a person can mend is said in a sentence, not in a stack trace."""
    try:
        yield
    except (LocalError, SettingError) as error:
        console.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(2) from None
