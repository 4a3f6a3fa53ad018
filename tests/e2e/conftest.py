"""The whole platform, its five workers and its web process, in a home of its own."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from onex.cli.up import platform_up
from onex.demo.story import Story, Told
from onex.local.platform import Platform


@pytest.fixture(scope="session")
def quiet() -> Console:
    return Console(file=io.StringIO(), width=120)


@pytest.fixture(scope="session")
def platform(quiet: Console) -> Iterator[Platform]:
    home = Path(tempfile.mkdtemp(prefix="onex-e2e-"))
    home.chmod(0o711)  # PostgreSQL's own user passes through, when we are root
    with platform_up(quiet, home) as running:
        yield running
        running.erase()


@pytest.fixture(scope="session")
def told(platform: Platform, quiet: Console) -> Told:
    """The main job, told once with 600 candidates."""
    return Story(platform, quiet, 600).tell()
