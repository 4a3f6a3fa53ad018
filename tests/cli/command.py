"""Runs `onex …` as an operator does, against the servers of the tests."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from typer.testing import CliRunner

from onex.cli.main import app
from onex.cli.surroundings import console
from onex.local.platform import Platform

WIDE = 300


@dataclass
class Said:
    """What a command printed, and how it ended."""

    code: int
    text: str


class Command:
    """The command line with the settings of a running platform."""

    def __init__(self, servers: Platform, **settings: str) -> None:
        self.environ: Mapping[str, str] = servers.environment | settings

    def __call__(self, *words: str, expect: int = 0) -> str:
        """Run it in this process; returns what it printed. `expect` asserts how it ends."""
        console.width = WIDE  # it took the width of where it was first imported
        runner = CliRunner(env={"COLUMNS": str(WIDE), "USER": "an operator", **self.environ})
        result = runner.invoke(app, words, catch_exceptions=False)
        assert result.exit_code == expect, result.output
        return result.output


def environment(servers: Platform) -> dict[str, str]:
    """The same settings for a process of its own."""
    return {**os.environ, **servers.environment}
