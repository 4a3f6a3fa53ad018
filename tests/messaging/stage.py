"""Two small services with servers of their own, for tests that freeze, kill and restart them: one stage for a whole run."""

import shutil
from collections.abc import Iterator

import pytest

from onex.local.platform import Platform
from tests.harness import report
from tests.harness.folders import passable
from tests.messaging.trial import Process, Stage


@pytest.fixture(scope="session")
def _stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    folder = passable("onex-stage-")
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


@pytest.fixture
def speaker(stage: Stage) -> Process:
    return stage.start("speaker")
