"""The parties of a site."""

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from onex.chassis.access import Role
from tests.registry.world import World


@dataclass
class Parties:
    """The TEO, its published type, and a college of Beijing."""

    teo_id: str
    type_id: str
    college_id: str

    @property
    def teo(self) -> dict[str, Any]:
        return {"role": Role.TEO, "organization_id": uuid.UUID(self.teo_id)}

    @property
    def college(self) -> dict[str, Any]:
        return {"role": Role.COLLEGE, "organization_id": uuid.UUID(self.college_id)}

    @property
    def province(self) -> dict[str, Any]:
        return {"role": Role.PROVINCE, "province_code": "11"}


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
