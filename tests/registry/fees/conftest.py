"""A TEO with a published type, a college of Beijing, and a fee ceiling of 420 yuan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from onex.chassis import clock
from tests.registry.callers import Sides
from tests.registry.world import World

DAY = timedelta(days=1)


@dataclass
class Parties(Sides):
    """The three sides of a fee agreement, and what it is for."""

    world: World
    teo_id: str
    type_id: str
    college_id: str

    @property
    def sides(self) -> dict[str, dict[str, Any]]:
        return {"teo": self.teo, "province": self.province, "college": self.college}

    def ceiling_body(self, amount_fen: int = 42_000, begins: date | None = None, **changes: Any) -> dict[str, Any]:
        body = {
            "certificate_type_id": self.type_id,
            "level": "primary",
            "amount_fen": amount_fen,
            "cost_items": [{"name": "场地与设备", "amount_fen": amount_fen - 1}, {"name": "耗材", "amount_fen": 1}],
            "argument": "按三十人一场测算。",
            "in_force_from": str(begins or clock.today()),
        }
        return body | changes

    def ceiling(self, amount_fen: int = 42_000, begins: date | None = None, **changes: Any) -> dict[str, Any]:
        made = self.world.post("/fee-ceilings", self.ceiling_body(amount_fen, begins, **changes))
        return self.world.post(f"/fee-ceilings/{made['id']}/publication", expect=200)

    def fee_body(self, amount_fen: int = 42_000, first: int = 0, last: int = 30, **changes: Any) -> dict[str, Any]:
        body = {
            "college_id": self.college_id,
            "certificate_type_id": self.type_id,
            "level": "primary",
            "amount_fen": amount_fen,
            "in_force_from": str(clock.today() + first * DAY),
            "in_force_to": str(clock.today() + last * DAY),
        }
        return body | changes

    def propose(
        self, amount_fen: int = 42_000, first: int = 0, last: int = 30, expect: int = 201, **changes: Any
    ) -> Any:
        who = changes.pop("by", self.teo)
        return self.world.post(
            "/fee-agreements", self.fee_body(amount_fen, first, last, **changes), expect=expect, **who
        )

    def consent(self, agreement_id: str, side: str, expect: int = 200) -> Any:
        return self.world.post(f"/fee-agreements/{agreement_id}/consent", None, expect=expect, **self.sides[side])

    def agreed(self, amount_fen: int = 42_000, first: int = 0, last: int = 30) -> Any:
        made = self.propose(amount_fen, first, last)
        self.consent(made["id"], "province")
        return self.consent(made["id"], "college")


@pytest.fixture
def parties(world: World) -> Parties:
    teo = world.admitted_teo()
    return Parties(world, teo["id"], world.published_type(teo["id"])["id"], world.admitted_college()["id"])
