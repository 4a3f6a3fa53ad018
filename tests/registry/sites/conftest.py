"""The parties of a site."""

from dataclasses import dataclass

import pytest

from tests.registry.callers import Sides
from tests.registry.world import World


@dataclass
class Parties(Sides):
    """The TEO, its published type, and a college of Beijing."""

    teo_id: str
    type_id: str
    college_id: str


@pytest.fixture
def parties(world: World) -> Parties:
    teo = world.admitted_teo()
    return Parties(teo["id"], world.published_type(teo["id"])["id"], world.admitted_college()["id"])


@pytest.fixture
def declared(world: World, parties: Parties) -> str:
    return str(world.declared_site(parties.college_id, parties.type_id)["id"])


@pytest.fixture
def filed(world: World, parties: Parties, declared: str) -> str:
    world.settle_as_teo(declared, parties.teo_id)
    world.settle_as_province(declared)
    world.file(declared)
    return declared
