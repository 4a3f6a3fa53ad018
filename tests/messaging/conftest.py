from collections.abc import Iterator
from pathlib import Path

import pytest

from onex.local.platform import Platform
from tests.messaging.trial import Process, Stage


@pytest.fixture(scope="session")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Servers of its own, because these tests freeze and restart them."""
    folder: Path = tmp_path_factory.mktemp("messaging")
    folder.parent.parent.chmod(0o711)
    with Platform(folder / "home") as platform:
        platform.start_servers()
        yield Stage(platform, folder)


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
