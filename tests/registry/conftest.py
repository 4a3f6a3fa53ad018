"""The registry, freshly planted, and a world to fill it with."""

from collections.abc import Callable

import pytest

from services.registry import seeds
from tests.harness.service import Service
from tests.registry.world import World


@pytest.fixture
def world(service: Callable[[str], Service]) -> World:
    registry = service("registry")
    with registry.database.transaction() as session:
        seeds.plant(session, registry.settings, {"ONEX_BOOTSTRAP_OPERATOR_SECRET": "first-secret"})
    return World(registry)
