"""Filed and revoked at the same moment: nothing stays filed with a claim that is not authorized (OP-37)."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from services.registry.publicity import actions
from services.registry.publicity.errors import ClaimNotAuthorized
from tests.registry.publicity.test_publicity import CLAIM, authorization, body
from tests.registry.world import World

OPERATOR = Caller("operator", Role.OPERATOR)
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
Act = Callable[[UnitOfWork], Any]


def at_once(world: World, first: Act, second: Act) -> Future[Any]:
    """`second` begins when `first` is done and not yet committed, and has come as far as it can when it is."""
    database = world.registry.database

    def run() -> Any:
        with database.transaction() as session:
            return second(session)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            first(session)
            session.flush()
            other = pool.submit(run)
            ends = time.monotonic() + 30
            while not other.done() and not session.scalar(WAITING):
                session.execute(text("SELECT pg_stat_clear_snapshot()"))
                assert time.monotonic() < ends, "it neither ended nor waited"
                time.sleep(0.02)
        return other


def granted(world: World, teo: Caller) -> uuid.UUID:
    return uuid.UUID(world.post("/publicity/authorizations", authorization(str(teo.organization_id)))["id"])


def revoking(authorization_id: uuid.UUID) -> Act:
    return lambda session: actions.revoke(session, authorization_id, "Granted in error.", by=OPERATOR)


def claiming() -> dict[str, Any]:
    said = body(CLAIM, first=1)
    return said | {name: date.fromisoformat(said[name]) for name in ("shown_from", "shown_to")}


@pytest.fixture
def teo(world: World) -> Caller:
    return Caller("a-teo", Role.TEO, uuid.UUID(world.admitted_teo()["id"]))


@pytest.fixture(params=["filed", "corrected"])
def making_the_claim(world: World, teo: Caller, request: pytest.FixtureRequest) -> Act:
    if request.param == "filed":
        return partial(actions.file, body=claiming(), by=teo)
    who: dict[str, Any] = {"role": Role.TEO, "organization_id": teo.organization_id}
    honest = uuid.UUID(world.post("/publicity/filings", body(first=1), **who)["id"])
    return partial(actions.correct, filing_id=honest, body=claiming(), by=teo)


@pytest.mark.rule("OP-37")
def test_what_claims_it_first_is_suspended(world: World, teo: Caller, making_the_claim: Act) -> None:
    at_once(world, making_the_claim, revoking(granted(world, teo))).result()
    (filing,) = world.get("/publicity/filings")["items"]
    assert (filing["state"], filing["claims"]) == ("suspended", ["ministry_guidance"])


@pytest.mark.rule("OP-37")
def test_what_claims_it_second_is_refused(world: World, teo: Caller, making_the_claim: Act) -> None:
    with pytest.raises(ClaimNotAuthorized):
        at_once(world, revoking(granted(world, teo)), making_the_claim).result()
    assert [one["claims"] for one in world.get("/publicity/filings")["items"] if one["claims"]] == []


@pytest.mark.rule("OP-37")
def test_of_two_authorizations_neither_is_thought_to_be_left(world: World, teo: Caller) -> None:
    one, other = granted(world, teo), granted(world, teo)
    with world.registry.database.transaction() as session:
        actions.file(session, claiming(), by=teo)
    at_once(world, revoking(one), revoking(other)).result()
    assert [one["state"] for one in world.get("/publicity/filings")["items"]] == ["suspended"]
