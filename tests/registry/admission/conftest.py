"""Someone to recruit with."""

import pytest

from tests.registry.admission.recruiting import Recruiting
from tests.registry.world import World


@pytest.fixture
def recruiting(world: World) -> Recruiting:
    return Recruiting(world)
