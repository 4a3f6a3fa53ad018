"""The main job's records, whole and sound, for the audit to find sound and for tests to corrupt."""

from collections.abc import Callable

import pytest

from tests.audit.main_road import MainRoad, main_road
from tests.harness.service import Service


@pytest.fixture
def road(service: Callable[[str], Service]) -> MainRoad:
    return main_road(service)
