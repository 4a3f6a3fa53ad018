"""A desk of the registry."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from services.registry.identity import hashing
from tests.registry.identity.desk import Desk
from tests.registry.world import World


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2id still, but of a hundredth of the work: these tests make hundreds of hashes."""
    hashing._nobodys.cache_clear()
    monkeypatch.setattr(hashing, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    yield
    hashing._nobodys.cache_clear()


@pytest.fixture
def desk(world: World) -> Desk:
    one = Desk(world)
    one.hear_keys()
    return one
