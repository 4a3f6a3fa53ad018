"""The whole platform, its five workers and its web process, in a home of its own."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from onex.cli.up import platform_up
from onex.local.platform import Platform


@pytest.fixture(scope="session")
def quiet() -> Console:
    return Console(file=io.StringIO(), width=120)


@pytest.fixture(scope="session")
def platform(quiet: Console) -> Iterator[Platform]:
    with tempfile.TemporaryDirectory(prefix="onex-e2e-") as home, platform_up(quiet, Path(home)) as running:
        yield running
