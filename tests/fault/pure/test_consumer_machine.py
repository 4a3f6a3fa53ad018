"""Steps 6 and 7 as a state machine: the consumer itself, with inbox, tiers and parking in memory, killed at every point.

What decides is the consumer's own code; what it writes to is replaced: a transaction is a set of claims and effects that is
kept or dropped as a whole. Events are good, not yet known, refused, undecodable, or kill whoever handles them. The broker
gives back what was not acknowledged, with its count of deliveries.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
import structlog
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onex.chassis.problems import NotYetKnown, Refusal
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging.consumer import Consumes, Pair
from onex.messaging.heard import ATTEMPT, Heard, headers_of
from onex.messaging.retry import MAX_STARTS, DatabaseAway, Park
from onex.messaging.topology import RETRY_DELAYS_S
from tests.fault.pure.runs import RUNS, run
from tests.harness.report import Found

pytestmark = pytest.mark.fault
BATCH = 6
BODY = OrganizationAdmitted(
    organization_id=uuid.UUID(int=1), organization_version=1, kind="teo", code="91110000600037341L", name_zh="好",
    name_en="Good", division_code="110000", admitted_at=datetime(2026, 1, 1, tzinfo=UTC),
).encode()  # fmt: skip


class Nature(StrEnum):
    GOOD = "good"
    NOT_YET_KNOWN = "not yet known"
    REFUSED = "refused"
    UNDECODABLE = "undecodable"
    KILLER = "killer"


class Dies(StrEnum):
    """Where the test kills the process."""

    NOWHERE = "nowhere"
    BEFORE_COMMIT = "before the commit"
    AFTER_COMMIT = "after the commit"
    BEFORE_HANDING_OVER = "before the tier has it"
    AFTER_HANDING_OVER = "after the tier has it"
    BEFORE_PARKING = "before it is parked"
    AFTER_PARKING = "after it is parked"
    AFTER_ACK = "after the acknowledgement"


class Killed(BaseException):
    """SIGKILL: nothing catches it."""


@dataclass
class Message:
    """A message as the broker delivers it."""

    event: int
    headers: dict[str, Any]
    body: bytes
    delivery_tag: int = 0

    def may_have(self, header: bytes) -> bool:
        return any(header.decode() in name for name in self.headers)


Delivery = list[Message]
"""What the broker delivers and takes back as one: a message, or a pack of several."""


@dataclass
class World:
    """Everything that outlives a process."""

    natures: dict[int, Nature] = field(default_factory=dict)
    queue: list[Delivery] = field(default_factory=list)
    tiers: list[tuple[int, Message]] = field(default_factory=list)
    inbox: set[int] = field(default_factory=set)
    effects: Counter[int] = field(default_factory=Counter)
    starts: Counter[int] = field(default_factory=Counter)
    parked: dict[int, str] = field(default_factory=dict)
    now: int = 0
    dies: Dies = Dies.NOWHERE
    at: int = 0
    database_away: bool = False

    def reached(self, point: Dies) -> None:
        """Die here, if this is where and the time has come."""
        if self.dies is point:
            self.at -= 1
            if self.at < 0:
                self.dies = Dies.NOWHERE
                raise Killed


class Channel:
    """What of a delivery is acknowledged."""

    def __init__(self, world: World, delivered: Sequence[Delivery]) -> None:
        self.world, self.unacked = world, {delivery[0].delivery_tag: delivery for delivery in delivered}

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        for tag in [tag for tag in self.unacked if tag == delivery_tag or (multiple and tag < delivery_tag)]:
            del self.unacked[tag]
        self.world.reached(Dies.AFTER_ACK)


class Process(Consumes):
    """The consumer with its four ways to the outside replaced."""

    def __init__(self, world: World) -> None:
        super().__init__(OrganizationAdmitted, expected_exceptions=(), sensitive_arguments=())
        self.world = world
        self.service, self.queue = "notifications", "notifications.registry.organization_admitted"
        self._labels = (self.service, "registry", "organization_admitted")

    def _handle(self, pairs: Sequence[Pair]) -> None:
        world = self.world
        if world.database_away:
            raise PoolTimeout
        fresh = {heard.event_id.int: heard for _, heard in pairs if heard.event_id.int not in world.inbox}
        for event in fresh:
            match world.natures[event]:
                case Nature.KILLER:
                    raise Killed
                case Nature.REFUSED:
                    raise Refusal("no room")
                case Nature.NOT_YET_KNOWN:
                    raise NotYetKnown("the type is not known")
        world.reached(Dies.BEFORE_COMMIT)
        world.inbox |= set(fresh)
        world.effects.update(list(fresh))
        world.reached(Dies.AFTER_COMMIT)

    def _may_start(self, heard: Heard[Any]) -> bool:
        event = heard.event_id.int
        if event in self.world.inbox:
            return True
        self.world.starts[event] += 1
        return self.world.starts[event] <= MAX_STARTS

    def _retry_later(self, message: Any, attempts: int, delay_s: int) -> None:
        self.world.reached(Dies.BEFORE_HANDING_OVER)
        headers = {name: value for name, value in message.headers.items() if not name.startswith("x-")}
        again = Message(message.event, headers | {ATTEMPT: attempts}, message.body)
        self.world.tiers.append((self.world.now + delay_s, again))
        self.world.reached(Dies.AFTER_HANDING_OVER)

    def _park(self, message: Any, verdict: Park) -> None:
        if self.world.database_away:
            raise PoolTimeout
        self.world.reached(Dies.BEFORE_PARKING)
        self.world.parked[message.event] = verdict.code
        self.world.reached(Dies.AFTER_PARKING)


class Consuming(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.tags = 0
        self.injected = 0

    @rule(
        natures=st.lists(st.sampled_from((*[Nature.GOOD] * 4, *Nature)), min_size=1, max_size=4), packed=st.booleans()
    )
    def events_are_routed_to_the_queue(self, natures: list[Nature], packed: bool) -> None:
        routed = []
        for nature in natures:
            event = len(self.world.natures) + 1
            self.world.natures[event] = nature
            routed.append(self.message(event))
        self.world.queue += [routed] if packed else [[one] for one in routed]

    def message(self, event: int) -> Message:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        kind = OrganizationAdmitted.type()
        headers = headers_of(
            uuid.UUID(int=event), kind, "/registry", "s", at, "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
        )
        body = b"\xff" if self.world.natures[event] is Nature.UNDECODABLE else BODY
        return Message(event, headers, body)

    @precondition(lambda self: self.world.natures)
    @rule(which=st.integers(0, 10**6))
    def the_relay_sends_one_twice(self, which: int) -> None:
        self.world.queue.append([self.message(1 + which % len(self.world.natures))])

    @precondition(lambda self: self.world.queue)
    @rule(count=st.integers(1, BATCH), dies=st.sampled_from(Dies), at=st.integers(0, 3))
    def the_consumer_takes_a_batch(self, count: int, dies: Dies, at: int) -> None:
        self.injected += dies is not Dies.NOWHERE
        self.world.dies, self.world.at = dies, at
        self.take(count)
        self.world.dies = Dies.NOWHERE

    def take(self, count: int) -> None:
        batch, self.world.queue = self.world.queue[:count], self.world.queue[count:]
        for delivery in batch:
            self.tags += 1
            for message in delivery:
                message.delivery_tag = self.tags
        channel = Channel(self.world, batch)
        try:
            Process(self.world)._settle(channel, batch)
        except (Killed, DatabaseAway, PoolTimeout):
            pass
        else:
            assert not channel.unacked, "a batch that was settled is acknowledged as a whole"
        back = list(channel.unacked.values())
        for message in (one for delivery in back for one in delivery):
            message.headers = message.headers | {"x-delivery-count": message.headers.get("x-delivery-count", 0) + 1}
        self.world.queue = back + self.world.queue

    @rule(seconds=st.sampled_from((1, 30, 1800)))
    def time_passes(self, seconds: int) -> None:
        self.world.now += seconds
        self.world.queue += [[message] for due, message in self.world.tiers if due <= self.world.now]
        self.world.tiers = [(due, message) for due, message in self.world.tiers if due > self.world.now]

    @rule()
    def the_database_goes_away_or_comes_back(self) -> None:
        self.world.database_away = not self.world.database_away

    @rule()
    def what_was_not_known_is_heard(self) -> None:
        self.all_become_good(Nature.NOT_YET_KNOWN)

    @precondition(lambda self: self.world.parked)
    @rule()
    def after_the_fix_an_operator_replays_all(self) -> None:
        self.all_become_good(*Nature)
        for event in self.world.parked:
            self.world.queue.append([self.message(event)])
        self.world.parked.clear()

    def all_become_good(self, *natures: Nature) -> None:
        for event, nature in self.world.natures.items():
            if nature in natures:
                self.world.natures[event] = Nature.GOOD
        queued = [message for delivery in self.world.queue for message in delivery]
        for message in [*queued, *(one for _, one in self.world.tiers)]:
            if self.world.natures[message.event] is Nature.GOOD:
                message.body = BODY

    @invariant()
    def no_event_is_nowhere(self) -> None:
        waiting = {one.event for delivery in self.world.queue for one in delivery}
        waiting |= {one.event for _, one in self.world.tiers}
        assert set(self.world.natures) == waiting | set(self.world.parked) | set(self.world.effects)

    @invariant()
    def no_event_is_done_twice(self) -> None:
        assert set(self.world.effects.values()) <= {1}
        assert set(self.world.effects) == self.world.inbox, "a claim and its effect stand or fall together"

    @invariant()
    def good_events_are_never_set_aside_unless_their_process_died_again_and_again(self) -> None:
        for event, code in self.world.parked.items():
            if self.world.natures[event] is Nature.GOOD and code == "process_died":
                assert self.world.starts[event] > MAX_STARTS

    def teardown(self) -> None:
        self.world.database_away = False
        for _ in range(500):
            self.time_passes(max(RETRY_DELAYS_S))
            if not self.world.queue:
                break
            self.take(BATCH)
        assert not self.world.queue, "everything comes to an end"
        for event, nature in self.world.natures.items():
            match nature:
                case Nature.GOOD:
                    assert self.world.effects[event] or self.world.parked[event] in REASONS
                case Nature.KILLER:
                    assert self.world.parked.get(event) == "process_died" or self.world.effects[event]
                case _:
                    assert event in self.world.parked or self.world.effects[event]


REASONS = {"process_died", "retries_exhausted", "refused", "undecodable"}


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Thousands of events are parked here; nobody needs to read of each."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("_quiet")
@pytest.mark.parametrize("runs", RUNS)
def test_wherever_a_consumer_dies_each_event_is_done_once_or_set_aside_and_none_is_lost(
    runs: int, found: Found
) -> None:
    run(Consuming, runs, found)
