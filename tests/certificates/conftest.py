"""Fixtures of the certificates service."""

from collections.abc import Callable

import pytest

from tests.certificates.given import Pilot
from tests.harness.service import Service


@pytest.fixture
def pilot(service: Callable[[str], Service]) -> Pilot:
    return Pilot(service)
