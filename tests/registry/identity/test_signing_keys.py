"""Keys follow one another, and no token that was good is refused anywhere: seen from two services, minute by minute."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis import access, clock
from onex.chassis.access import KeyRing, Role, stored_keys
from onex.chassis.problems import TokenInvalid
from onex.contracts.registry import AccessKeyPublished
from services.assessment.tables import AccessKey as AssessmentsKey
from services.registry.identity import rules
from services.registry.tables import AccessKey as RegistrysKey
from tests.harness.service import Service, envelope, json_of
from tests.registry.identity.desk import Desk
from tests.registry.world import API

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Pilot:
    """The registry, and assessment, which hears of keys some minutes later; time goes on in steps."""

    desk: Desk
    assessment: Service
    now: Any
    rings: dict[str, KeyRing] = field(default_factory=dict)
    delivered: int = 0
    waiting: list[tuple[datetime, AccessKeyPublished]] = field(default_factory=list)
    verified: int = 0
    refused: list[str] = field(default_factory=list)
    tokens: list[tuple[datetime, str]] = field(default_factory=list)
    lag: timedelta = 7 * MINUTE

    def __post_init__(self) -> None:
        for service, table in ((self.desk.registry, RegistrysKey), (self.assessment, AssessmentsKey)):
            self.rings[service.name] = KeyRing(self._reader(service, table), seconds=time.time)

    def _reader(self, service: Service, table: Any) -> Callable[[], dict[str, dict[str, Any]]]:
        def read() -> dict[str, dict[str, Any]]:
            with service.database.session() as session:
                return stored_keys(session, table)

        return read

    def step(self, length: timedelta) -> None:
        """Time goes on; the timer fires, what was said is heard, a token is made, all that are not over are verified."""
        self.now.shift(length)
        self.desk.registry.fire("look_after_signing_keys")
        said = self.desk.registry.said(AccessKeyPublished)
        for one in said[self.delivered :]:
            assert isinstance(one, AccessKeyPublished)
            self.desk.registry.hear(envelope(one))
            self.waiting.append((clock.now() + self.lag, one))
        self.delivered = len(said)
        for due, one in [pair for pair in self.waiting if pair[0] <= clock.now()]:
            self.assessment.hear(envelope(one))
            self.waiting.remove((due, one))
        self.tokens.append((clock.now() + rules.TOKEN_LIFETIME, self.token()))
        self.tokens = [pair for pair in self.tokens if pair[0] >= clock.now()]
        for _, token in self.tokens:
            self.verify(token)

    def hear_everything(self) -> None:
        """Both services know the first key, as after an installation."""
        said = self.desk.registry.said(AccessKeyPublished)
        self.assessment.hear(*said)
        self.delivered = len(said)

    def token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": "operator", "client_secret": "first-secret"}
        answer = self.desk.registry.call("POST", f"{API}/oauth/token", data=form, expect=200)
        return str(json_of(answer)["access_token"])

    def verify(self, token: str) -> None:
        for name, ring in self.rings.items():
            self.verified += 1
            try:
                access.verify(token, ring, self.desk.registry.settings.public_url)
            except Exception as error:
                self.refused.append(f"{name} at {clock.now()}: {error}")

    def states(self) -> list[str]:
        return [one["state"] for one in self.desk.world.get("/signing-keys")["items"]]


@pytest.fixture
def pilot(desk: Desk, service: Callable[[str], Service]) -> Iterator[Pilot]:
    # Whole seconds, as tokens have; the first key was made some moments ago, by the wall's clock.
    start = clock.now().replace(microsecond=0) + timedelta(seconds=2)
    with time_machine.travel(start, tick=False) as now:
        one = Pilot(desk, service("assessment"), now)
        one.hear_everything()
        yield one


def test_a_key_follows_another_and_no_token_is_refused_anywhere(pilot: Pilot) -> None:
    pilot.step(MINUTE)
    pilot.step(10 * MINUTE)
    first = pilot.desk.world.get("/signing-keys")["items"][0]
    assert pilot.states() == ["signing"]
    for _ in range(81):
        pilot.step(DAY)
    assert pilot.states() == ["signing"]
    pilot.step(2 * DAY)
    assert pilot.states() == ["announced", "signing"]
    announced = pilot.desk.world.get("/signing-keys")["items"][0]
    assert announced["heard_at"] is None
    pilot.step(MINUTE)
    assert pilot.desk.world.get("/signing-keys")["items"][0]["heard_at"] is not None
    keys = json_of(pilot.desk.registry.call("GET", f"{API}/keys", expect=200))["keys"]
    assert {one["kid"] for one in keys} == {announced["key_id"], first["key_id"]}
    for _ in range(6):
        pilot.step(DAY)
    changes = datetime.fromisoformat(announced["signs_from"])
    pilot.now.move_to(changes - 20 * MINUTE)
    while clock.now() < changes + 40 * MINUTE:
        pilot.step(MINUTE)
        if clock.now() < changes:
            assert pilot.states() == ["announced", "signing"]
    assert pilot.states() == ["signing", "retired"]
    assert pilot.refused == []
    assert pilot.verified > 1000
    with pilot.desk.registry.database.session() as session:
        private = session.scalars(text("SELECT sealed_private_jwk FROM signing_key ORDER BY created_at")).all()
    assert private[0] == ""
    assert private[1] != ""


def test_a_year_of_keys_leaves_one_that_signs_and_at_most_one_announced(pilot: Pilot) -> None:
    for _ in range(366 // 6):
        pilot.step(6 * DAY)
        living = [one for one in pilot.states() if one != "retired"]
        assert living in (["signing"], ["announced", "signing"], ["signing", "retiring"])
        pilot.step(2 * timedelta(hours=1))
    assert pilot.refused == []
    assert pilot.states().count("retired") == 4


def test_a_key_that_nobody_could_hear_does_not_sign_and_the_old_one_goes_on(pilot: Pilot) -> None:
    """The broker stands still from before the announcement until long after the planned moment."""
    pilot.step(MINUTE)
    pilot.step(10 * MINUTE)
    pilot.now.shift(84 * DAY)
    for _ in range(40):
        pilot.now.shift(DAY)
        pilot.desk.registry.fire("look_after_signing_keys")
        pilot.verify(pilot.token())
    assert pilot.states() == ["announced", "signing"]
    for _ in range(120):
        pilot.step(MINUTE)
    assert pilot.states() == ["signing", "retired"]
    assert pilot.refused == []


def test_the_timer_fires_as_often_as_it_likes(pilot: Pilot) -> None:
    pilot.now.shift(84 * DAY)
    for _ in range(5):
        pilot.desk.registry.fire("look_after_signing_keys")
    assert pilot.states() == ["announced", "signing"]
    assert len(pilot.desk.registry.said(AccessKeyPublished)) == 2


def test_an_operator_changes_the_keys_in_peace_before_their_time(pilot: Pilot) -> None:
    pilot.step(MINUTE)
    pilot.step(10 * MINUTE)
    body = {"reason": "the machine room was opened"}
    made = pilot.desk.world.post("/signing-keys", body)
    assert (made["state"], made["made_by"], made["reason"]) == ("announced", "test-operator-", body["reason"])
    assert pilot.desk.world.post("/signing-keys", body, expect=409)["code"] == "signing_key_is_announced"
    for _ in range(59):
        pilot.step(MINUTE)
    assert pilot.states() == ["announced", "signing"]
    for _ in range(40):
        pilot.step(MINUTE)
    assert pilot.states() == ["signing", "retired"]
    assert pilot.refused == []


def test_in_an_emergency_every_key_retires_at_once_and_its_tokens_end(pilot: Pilot) -> None:
    pilot.step(MINUTE)
    pilot.step(10 * MINUTE)
    stolen = pilot.token()
    pilot.desk.world.post("/signing-keys", {"reason": "planned"})  # the announced one was in the same database
    pilot.now.shift(MINUTE)
    made = pilot.desk.world.post("/signing-keys", {"reason": "a key leaked", "compromised": True})
    assert made["state"] == "signing"
    assert pilot.states() == ["signing", "retired", "retired"]
    pilot.lag = timedelta()
    pilot.tokens = []
    pilot.now.shift(31 * timedelta(seconds=1))  # when a process has read the keys again
    pilot.step(MINUTE)
    assert pilot.refused == []
    for ring in pilot.rings.values():
        with pytest.raises(TokenInvalid):
            access.verify(stolen, ring, pilot.desk.registry.settings.public_url)
    with pilot.desk.registry.database.session() as session:
        private = session.scalars(text("SELECT sealed_private_jwk FROM signing_key WHERE retires_at IS NOT NULL")).all()
    assert private == ["", ""]


def test_retirement_heard_before_the_key_itself_still_counts(pilot: Pilot) -> None:
    over = AccessKeyPublished(key_id="k", public_key="x", retires_at=clock.now() - MINUTE)
    pilot.assessment.hear(over)
    pilot.assessment.hear(AccessKeyPublished(key_id="k", public_key="x"))
    with pilot.assessment.database.session() as session:
        assert "k" not in stored_keys(session, AssessmentsKey)


@pytest.mark.rule("PP-37")
def test_only_operators_change_keys_and_regulators_see_them(desk: Desk) -> None:
    for role in set(Role) - {Role.OPERATOR}:
        refused = desk.world.post("/signing-keys", {"reason": "x"}, role, 403)
        assert refused["code"] == "role_not_allowed"
    shown = desk.world.get("/signing-keys", Role.MINISTRY)["items"]
    assert "private" not in str(shown)
    for body in ({}, {"reason": ""}, {"reason": "x", "compromised": "maybe"}, {"reason": "\x00"}):
        desk.world.post("/signing-keys", body, expect=422)
    assert len(desk.world.get("/signing-keys")["items"]) == 1
