"""Other people's packages, and a certificates service to look at with them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onex.local.platform import Platform
from tests.certificates.given import Pilot
from tests.harness import npm
from tests.harness.service import Service


@pytest.fixture(scope="session")
def packages(servers: Platform) -> Path:
    """Where the pinned npm packages are."""
    return npm.installed(servers.home)


@pytest.fixture
def pilot(service: Callable[[str], Service]) -> Pilot:
    return Pilot(service)
