"""The whole platform, its five workers and its web process, in a home of its own."""

import io
import shutil
from collections.abc import Iterator

import pytest
from rich.console import Console

from onex.cli.up import platform_up
from onex.demo.story import Story, Told
from onex.local.platform import Platform
from tests.harness.folders import passable


@pytest.fixture(scope="session")
def quiet() -> Console:
    return Console(file=io.StringIO(), width=120)


@pytest.fixture(scope="session")
def platform(quiet: Console) -> Iterator[Platform]:
    with platform_up(quiet, passable("onex-e2e-")) as running:
        yield running
        running.erase()


@pytest.fixture(scope="session")
def told(platform: Platform, quiet: Console) -> Told:
    """The main job, told once with 600 candidates; its certificate is kept, as the next story leaves another in its place."""
    told = Story(platform, quiet, 600).tell()
    shutil.copy(platform.home / "certificate.json", platform.home / "first.json")
    return told
