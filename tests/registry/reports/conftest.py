"""A college, a TEO and their province, in a batch of the pilot, with the kinds of reports that a registry begins with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from services.registry.reports import actions
from tests.registry.callers import Sides
from tests.registry.world import World

# The Sunday before the week 2026-W10.
BEGIN = datetime(2026, 3, 1, 4, tzinfo=UTC)
PROGRESS = {"progress": "两个专业的培训已开班，学生120人。"}


def beijing(day: str, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment by the clock in Beijing."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute, second), clock.BEIJING)


@dataclass
class Parties(Sides):
    """Those who report, and the calls they make."""

    world: World
    college_id: str
    teo_id: str
    now: Any

    def send(self, period: str, expect: int = 201, kind: str = "weekly", **who: Any) -> Any:
        """Report on a period, as the college unless told otherwise."""
        sections = who.pop("sections", PROGRESS)
        body = {"kind": kind, "period": period, "sections": sections}
        return self.world.post("/reports", body, expect=expect, **(who or self.college))

    def look(self) -> None:
        """The timer fires, as often as it wants to."""
        while self.world.registry.fire("look_for_missed_weeks"):
            pass

    def missed(self) -> list[tuple[str, str, str]]:
        """What the timer has found: college, first and last week."""
        found = self.world.get("/missed-weeks", Role.OPERATOR)["items"]
        return [(one["college_id"], one["first_week"], one["last_week"]) for one in found]


@pytest.fixture
def world(world: World) -> World:
    with world.registry.database.transaction() as session:
        actions.plant_kinds(session)
    return world


@pytest.fixture
def parties(world: World) -> Iterator[Parties]:
    with time_machine.travel(BEGIN, tick=False) as now:
        world.province("11")
        teo, college = world.admitted_teo(), world.admitted_college()
        world.batch(college["id"], starts_on="2026-01-01", ends_on="2026-12-31")
        yield Parties(world, college["id"], teo["id"], now)
