"""Step 7 as a state machine: what fails comes back after its delay, or is parked; it is never nowhere and never done twice.

Each event carries the errors it will meet, one a try. The consumer dies between its decision and its acknowledgement, so
that an event is in two places; the clock is moved by the test; an operator replays what is parked.
"""

from collections import Counter
from dataclasses import dataclass, field

import psycopg
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onex.chassis.problems import NotYetKnown, Refusal
from onex.contracts.event import Undecodable
from onex.messaging.retry import Park, Retry, decide
from onex.messaging.topology import RETRY_DELAYS_S
from tests.fault.pure.runs import RUNS, run
from tests.harness.report import Found

pytestmark = pytest.mark.fault
SECRET = "身份证 11010519491231002X"


def of_driver(error: type[psycopg.Error]) -> Exception:
    made = DBAPIError.instance("SELECT", None, error(SECRET), psycopg.Error)
    assert isinstance(made, Exception)
    return made


PASSING = (
    NotYetKnown("the type is not known"), TimeoutError(), PoolTimeout(),
    of_driver(psycopg.errors.DeadlockDetected), of_driver(psycopg.errors.SerializationFailure),
    of_driver(psycopg.errors.DiskFull), of_driver(psycopg.errors.QueryCanceled),
)  # fmt: skip
LASTING = (
    Refusal("no room"), Undecodable("level is missing"), ValueError(SECRET), KeyError(SECRET),
    of_driver(psycopg.errors.UniqueViolation), of_driver(psycopg.errors.CheckViolation),
)  # fmt: skip
ERRORS = st.lists(st.one_of(st.sampled_from(PASSING), st.sampled_from(PASSING + LASTING)), max_size=8)


@dataclass
class Message:
    """One copy of an event on its way."""

    event: int
    attempts: int = 0


@dataclass
class Fate:
    """What an event will meet, and what came of it."""

    errors: list[Exception]
    tries: int = 0
    parked: list[Park] = field(default_factory=list)


class Retrying(RuleBasedStateMachine):
    """A queue, the delay tiers, the parking table and the inbox."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.fates: dict[int, Fate] = {}
        self.queue: list[Message] = []
        self.tiers: list[tuple[int, Message]] = []
        self.parked: set[int] = set()
        self.effects: Counter[int] = Counter()

    @rule(errors=ERRORS)
    def an_event_is_said(self, errors: list[Exception]) -> None:
        event = len(self.fates)
        self.fates[event] = Fate(errors)
        self.queue.append(Message(event))

    @precondition(lambda self: self.queue)
    @rule(which=st.integers(0, 10**6), dies=st.booleans())
    def a_message_is_delivered(self, which: int, dies: bool) -> None:
        """`dies`: after what it decided is safe, before the message is acknowledged, which then comes again."""
        message = self.queue.pop(which % len(self.queue))
        self.handle(message)
        if dies:
            self.queue.append(Message(message.event, message.attempts))

    def handle(self, message: Message) -> None:
        if self.effects[message.event]:
            return  # claimed already
        fate = self.fates[message.event]
        if fate.tries >= len(fate.errors):
            self.effects[message.event] += 1
            return
        error = fate.errors[fate.tries]
        fate.tries += 1
        verdict = decide(error, message.attempts)
        if isinstance(verdict, Retry):
            assert verdict.delay_s == RETRY_DELAYS_S[message.attempts]
            assert not isinstance(error, LASTING_KINDS) or isinstance(error, TRANSIENT_KINDS)
            self.tiers.append((self.now + verdict.delay_s, Message(message.event, message.attempts + 1)))
        else:
            assert SECRET not in verdict.reason, "a driver's text is kept nowhere"
            assert verdict.code in CODES
            fate.parked.append(verdict)
            self.parked.add(message.event)

    @rule(seconds=st.sampled_from((0, 1, 4, 30, 299, 1800)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds
        self.queue += [message for due, message in self.tiers if due <= self.now]
        self.tiers = [(due, message) for due, message in self.tiers if due > self.now]

    @precondition(lambda self: self.parked)
    @rule(which=st.integers(0, 10**6))
    def an_operator_replays_after_the_fix(self, which: int) -> None:
        event = sorted(self.parked)[which % len(self.parked)]
        self.fates[event].errors.clear()
        self.parked.discard(event)
        self.queue.append(Message(event))  # with a fresh count

    @invariant()
    def no_event_is_nowhere(self) -> None:
        somewhere = {one.event for one in self.queue} | {one.event for _, one in self.tiers} | self.parked
        assert set(self.fates) == somewhere | {event for event, times in self.effects.items() if times}

    @invariant()
    def no_event_is_done_twice(self) -> None:
        assert all(times <= 1 for times in self.effects.values())

    @invariant()
    def no_message_outlives_its_tiers(self) -> None:
        assert all(1 <= one.attempts <= len(RETRY_DELAYS_S) for _, one in self.tiers)

    def teardown(self) -> None:
        while self.queue or self.tiers:
            self.time_passes(max(RETRY_DELAYS_S))
            for message in self.queue[:]:
                self.queue.remove(message)
                self.handle(message)
        for event, fate in self.fates.items():
            assert self.effects[event] or event in self.parked
            if not any(isinstance(error, LASTING_KINDS) for error in fate.errors) and len(fate.errors) <= 5:
                assert self.effects[event], "what passes by itself within the tiers needs no operator"


TRANSIENT_KINDS = (NotYetKnown, TimeoutError, PoolTimeout, type(of_driver(psycopg.errors.DeadlockDetected)))
LASTING_KINDS = (Refusal, Undecodable, ValueError, KeyError, type(of_driver(psycopg.errors.UniqueViolation)))
CODES = {"retries_exhausted", "refused", "undecodable", "unexpected_error"}


@pytest.mark.parametrize("runs", RUNS)
def test_whatever_an_event_meets_it_is_done_once_or_waits_for_an_operator(runs: int, found: Found) -> None:
    run(Retrying, runs, found)
