"""What every test may use without asking. Fixtures belong in the conftest of the folder that needs them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onex.cli.migrate import migrate_everything
from onex.local.platform import Platform
from tests.harness import emptying, report
from tests.harness.folders import passable
from tests.harness.service import Service


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(*ids): the clauses of docs/rules.md a test covers, as in rule('OP-32')")
    config.addinivalue_line("markers", "fault: breaks things on purpose; all of them are `make fault`")
    config.addinivalue_line("markers", "long: takes minutes: part of `make fault`, not of `make test`")
    config.addinivalue_line("markers", "bench: a measurement, not part of `make test`")


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Real PostgreSQL and RabbitMQ for the whole run, migrated, in a home of their own.

    ONEX_TEST_HOME keeps the home, and so its servers' data, between runs while one works on a test.
    """
    kept = os.environ.get("ONEX_TEST_HOME")
    home = Path(kept) if kept else passable("onex-test-")
    with Platform(home) as platform:
        platform.start_servers()
        report.ran_on(request.config, platform.environment)
        migrate_everything(platform.environment)
        emptying.allow(platform)
        yield platform
        if not kept:
            platform.erase()


@pytest.fixture(scope="session")
def _services(servers: Platform) -> dict[str, Service]:
    return {}


@pytest.fixture
def service(servers: Platform, _services: dict[str, Service]) -> Callable[[str], Service]:
    """`service("registry")`: the service on its real database, emptied at its first use in a test."""
    used: dict[str, Service] = {}

    def get(name: str) -> Service:
        if name not in used:
            if name not in _services:
                _services[name] = Service(name, servers.environment)
            used[name] = _services[name]
            used[name].clean()
        return used[name]

    return get
