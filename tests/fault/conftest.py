"""Two grounds to break: a stage with two small services, and the whole platform behind the fault proxy."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from onex.local.platform import Platform
from tests.fault import seeds
from tests.fault.chaos.proxied import Proxied
from tests.harness import report
from tests.harness.report import Found
from tests.messaging.trial import Process, Stage


def _passable(prefix: str) -> Path:
    """A new folder that PostgreSQL's own user may pass through, when we are root."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    home.chmod(0o711)
    return home


@pytest.fixture
def seed(found: Found) -> int:
    """The number that this test draws its faults from."""
    number = seeds.chosen()
    found(seed=number)
    return number


@pytest.fixture(scope="session")
def _stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    folder = _passable("onex-fault-")
    with Platform(folder / "home") as platform:
        platform.start_servers()
        report.ran_on(request.config, platform.environment)
        yield Stage(platform, folder)
        platform.erase()
    shutil.rmtree(folder)


@pytest.fixture
def stage(_stage: Stage) -> Iterator[Stage]:
    _stage.clear()
    yield _stage
    _stage.clear()


@pytest.fixture
def listener(stage: Stage) -> Process:
    return stage.start("listener").ready()


@pytest.fixture(scope="session")
def proxied(request: pytest.FixtureRequest) -> Iterator[Proxied]:
    """All five services, reached through the proxy. Its home is kept, with its logs, when the block breaks."""
    folder = _passable("onex-chaos-")
    with Proxied(folder) as running:
        report.ran_on(request.config, running.servers.environment)
        yield running
    running.erase()
    shutil.rmtree(folder)
