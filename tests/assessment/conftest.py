"""The assessment service that has heard of a small pilot."""

from collections.abc import Callable

import pytest

from tests.assessment.world import World
from tests.harness.service import Service


@pytest.fixture
def world(service: Callable[[str], Service]) -> World:
    one = World(service("assessment"))
    one.hear_the_registry()
    return one
