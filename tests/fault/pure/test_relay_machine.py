"""Step 4 as a state machine: writers commit in any order while relays fail at any point.

The store and the broker are in memory and break where they are told to. The receiver keeps what it heard by event id, as
the inbox does. Whatever happens, what was committed is in the outbox or at the broker, and nothing else ever is.
"""

import uuid
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from onex.contracts.assessment import ResultPublished
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import packs
from onex.messaging.publisher import NotConfirmed, Outgoing
from onex.messaging.relay import relay_once
from tests.fault.pure.runs import RUNS, run
from tests.harness.report import Found
from tests.messaging.outbox_rows import row

pytestmark = pytest.mark.fault
LIMIT = 5
KINDS = (OrganizationAdmitted, ResultPublished)
"""Three events of the one that travels alone, three of the one that travels in packs, and so on."""


class Breaks(StrEnum):
    """Where a turn of the relay ends before its end."""

    NOWHERE = "nowhere"
    READING = "reading"
    NOTHING_SENT = "before the first message left"
    PART_SENT = "when the broker had some of the batch"
    ALL_SENT = "when the broker had all, before its confirms came"
    NOT_DELETED = "after the confirms, before the delete"
    DELETED = "after the delete, before its answer came"


class Crash(Exception):
    """The process, or one of its connections, is gone."""


class Outbox:
    """What is committed and not deleted."""

    def __init__(self) -> None:
        self.rows: dict[int, Any] = {}
        self.breaks = Breaks.NOWHERE

    def unsent(self, limit: int) -> Sequence[Any]:
        if self.breaks is Breaks.READING:
            raise Crash
        return [self.rows[number] for number in sorted(self.rows)[:limit]]

    def delete(self, ids: Sequence[str]) -> None:
        if self.breaks is Breaks.NOT_DELETED:
            raise Crash
        for one in ids:
            self.rows.pop(uuid.UUID(one).int, None)
        if self.breaks is Breaks.DELETED:
            raise Crash


class Broker:
    """What has arrived, in order of arrival; `meanwhile` happens while a batch is on its way."""

    def __init__(self) -> None:
        self.arrived: list[int] = []
        self.breaks, self.part = Breaks.NOWHERE, 0
        self.meanwhile: Callable[[], object] | None = None

    def publish(self, batch: Sequence[Outgoing], confirm_within_s: float) -> int:
        if self.breaks is Breaks.NOTHING_SENT:
            raise Crash
        numbers = [number for message in batch for number in _events_in(message)]
        if self.breaks is Breaks.PART_SENT:
            self.arrived += numbers[: self.part % len(numbers)]
            raise NotConfirmed
        self.arrived += numbers
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        if self.breaks is Breaks.ALL_SENT:
            raise NotConfirmed
        return len(batch)


def _events_in(message: Outgoing) -> list[int]:
    return [uuid.UUID(one.headers["cloudEvents_id"]).int for one in packs.opened(message)]


class RelayLife(RuleBasedStateMachine):
    """Writers draw their ids early and commit late; the relay takes turns in between."""

    writers = Bundle("writers")

    def __init__(self) -> None:
        super().__init__()
        self.drawn = 0
        self.committed: set[int] = set()
        self.outbox, self.broker = Outbox(), Broker()

    @rule(target=writers, rows=st.integers(1, 4))
    def a_writer_draws_its_ids(self, rows: int) -> list[int]:
        numbers = list(range(self.drawn + 1, self.drawn + 1 + rows))
        self.drawn += rows
        return numbers

    def commit(self, numbers: list[int]) -> None:
        self.committed |= set(numbers)
        self.outbox.rows |= {number: row(number, KINDS[number // 3 % 2]) for number in numbers}

    @rule(numbers=consumes(writers))
    def a_writer_commits(self, numbers: list[int]) -> None:
        self.commit(numbers)

    @rule(numbers=consumes(writers))
    def a_writer_rolls_back(self, numbers: list[int]) -> None:
        """Its ids are never seen again."""

    @rule(breaks=st.sampled_from(Breaks), part=st.integers(0, LIMIT))
    def the_relay_takes_a_turn(self, breaks: Breaks, part: int) -> None:
        self.turn(breaks, part)

    @rule(numbers=consumes(writers), breaks=st.sampled_from(Breaks))
    def a_writer_commits_while_a_batch_is_on_its_way(self, numbers: list[int], breaks: Breaks) -> None:
        self.broker.meanwhile = lambda: self.commit(numbers)
        self.turn(breaks, 1)
        if self.broker.meanwhile:  # the turn did not come so far
            self.broker.meanwhile = None
            self.commit(numbers)

    @rule(breaks=st.sampled_from(Breaks))
    def a_second_relay_takes_over_while_the_first_is_on_its_way(self, breaks: Breaks) -> None:
        """The first has lost its lock and does not know yet: its connection broke, the server saw it first."""
        self.broker.meanwhile = lambda: relay_once(self.outbox, self.broker, LIMIT)
        self.turn(breaks, 1)
        self.broker.meanwhile = None

    def turn(self, breaks: Breaks, part: int) -> None:
        before = len(self.broker.arrived)
        self.outbox.breaks = self.broker.breaks = breaks
        self.broker.part = part
        try:
            sent = relay_once(self.outbox, self.broker, LIMIT)
        except (Crash, NotConfirmed):
            pass
        else:
            assert sent <= len(self.broker.arrived) - before, "what was reported as sent has arrived"
        finally:
            self.outbox.breaks = self.broker.breaks = Breaks.NOWHERE

    @invariant()
    def nothing_committed_is_lost(self) -> None:
        assert self.committed <= set(self.outbox.rows) | set(self.broker.arrived)

    @invariant()
    def nothing_is_said_that_was_not_committed(self) -> None:
        assert set(self.broker.arrived) <= self.committed

    def teardown(self) -> None:
        while relay_once(self.outbox, self.broker, LIMIT):
            pass
        assert not self.outbox.rows
        assert set(self.broker.arrived) == self.committed


@pytest.mark.parametrize("runs", RUNS)
def test_whatever_breaks_in_the_relay_what_was_committed_leaves_and_nothing_else_does(runs: int, found: Found) -> None:
    run(RelayLife, runs, found)
