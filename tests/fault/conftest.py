"""The ground to break besides the stage of two small services: the whole platform behind the fault proxy."""

import shutil
from collections.abc import Iterator

import pytest

from tests.fault import seeds
from tests.fault.chaos.proxied import Proxied
from tests.harness import report
from tests.harness.folders import passable
from tests.harness.report import Found


@pytest.fixture
def seed(found: Found) -> int:
    """The number that this test draws its faults from."""
    number = seeds.chosen()
    found(seed=number)
    return number


@pytest.fixture(scope="session")
def proxied(request: pytest.FixtureRequest) -> Iterator[Proxied]:
    """All five services, reached through the proxy. Its home is kept, with its logs, when the block breaks."""
    folder = passable("onex-chaos-")
    with Proxied(folder) as running:
        report.ran_on(request.config, running.servers.environment)
        yield running
    running.erase()
    shutil.rmtree(folder)
