"""The audit finds a count of seats that is not that of the registrations."""

import psycopg
import pytest
from sqlalchemy import text

from services.assessment.audit import INVARIANTS
from tests.assessment.world import World, candidates, roster_of


@pytest.mark.rule("OP-07")
@pytest.mark.parametrize(
    "damage", ["UPDATE seats_taken SET taken = taken + 1 WHERE taken > 0", "DELETE FROM seats_taken", None]
)
def test_seats_that_were_counted_wrongly_are_found(world: World, damage: str | None) -> None:
    world.send(f"/plans/{world.with_sittings()}/rosters", roster_of(candidates(3)))
    if damage:
        with world.service.database.transaction() as session:
            session.execute(text(damage))
    (invariant,) = (one for one in INVARIANTS if one.name == "seats_counted")
    with psycopg.connect(world.service.database.dsn) as connection:
        found = list(invariant.faults(connection))
    assert [fault.record for fault in found] == ([str(world.colleges[0])] if damage else [])
