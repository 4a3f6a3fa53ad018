"""A college in the pilot, its province, and an allocation of a hundred yuan and one fen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from services.registry.funding import actions
from tests.registry.callers import Sides
from tests.registry.world import World

NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)


@dataclass
class Parties(Sides):
    """Who gives and who receives, and the calls they make."""

    world: World
    college_id: str
    now: Any

    def body(self, **changes: Any) -> dict[str, Any]:
        whole = {
            "college_id": self.college_id,
            "source": "central_award",
            "kind": "grant",
            "reference": "京财教〔2026〕12号",
            "amount_fen": 10_001,
            "allocated_on": "2026-03-01",
        }
        return whole | changes

    def allocate(self, expect: int = 201, role: Any = None, **changes: Any) -> Any:
        who = role or self.province
        return self.world.post("/allocations", self.body(**changes), expect=expect, **who)

    def receive(self, allocation_id: str, fen: int, on: str = "2026-03-10", expect: int = 201, **who: Any) -> Any:
        body = {"amount_fen": fen, "received_on": on}
        path = f"/allocations/{allocation_id}/receipts"
        return self.world.post(path, body, expect=expect, **(who or self.college))

    def use(
        self,
        allocation_id: str,
        fen: int,
        category: str = "training",
        on: str = "2026-03-15",
        expect: int = 201,
        **who: Any,
    ) -> Any:
        body = {"amount_fen": fen, "category": category, "used_on": on, "purpose": "师资培训"}
        return self.world.post(f"/allocations/{allocation_id}/uses", body, expect=expect, **(who or self.college))


@pytest.fixture
def parties(world: World) -> Iterator[Parties]:
    with world.registry.database.transaction() as session:
        actions.plant_categories(session)
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as now:
        admitted = world.admitted_college()
        world.batch(admitted["id"], starts_on="2026-02-01", ends_on="2026-12-31")
        now.move_to(NOW)
        yield Parties(world, admitted["id"], now)


@pytest.fixture
def allocation(parties: Parties) -> str:
    return str(parties.allocate()["id"])
