"""Deliveries as a state machine: receivers fail, are slow or gone, senders die with what they took, time passes.

The table is in memory and is taken and settled as `deliveries/queue.py` does it in SQL; when a delivery is tried again and
how much a subscription may have is decided by `rules.py` itself. A receiver knows a message by its webhook-id.
"""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.notifications.deliveries import rules
from services.notifications.deliveries.queue import LEASE_S
from services.notifications.deliveries.rules import RETRY_DELAYS_S, Outcome
from tests.fault.pure.runs import RUNS, run
from tests.harness.report import Found

pytestmark = pytest.mark.fault
STATUSES = st.sampled_from((404, 200, 500, None, 301, rules.GONE))
SUBSCRIPTIONS = 2


@dataclass
class Delivery:
    """A row of the table."""

    id: int
    subscription: int
    due_at: float
    state: str = "pending"
    attempts: int = 0
    answers: list[tuple[float, int | None]] = field(default_factory=list)


@dataclass
class Taken:
    """What a sender holds: the row as it was when it was taken."""

    delivery: Delivery
    attempts: int
    lease_ends: float


class Deliveries(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.table: list[Delivery] = []
        self.disabled: set[int] = set()
        self.held: list[Taken] = []
        self.received: Counter[int] = Counter()

    @rule(subscription=st.integers(0, SUBSCRIPTIONS - 1), count=st.integers(1, 4))
    def events_are_noted(self, subscription: int, count: int) -> None:
        if subscription not in self.disabled:
            self.table += [Delivery(len(self.table) + n, subscription, self.now) for n in range(count)]

    @rule(subscription=st.integers(0, SUBSCRIPTIONS - 1), failing=st.booleans(), took_s=st.sampled_from((0.01, 3.0)))
    def a_sender_takes_what_is_due(self, subscription: int, failing: bool, took_s: float) -> None:
        most = rules.queued_at_most(failing=failing, last_took_s=took_s)
        assert most >= 1, "nobody is starved"
        due = [
            one
            for one in self.table
            if one.subscription == subscription and one.state == "pending" and one.due_at <= self.now
        ]
        for one in sorted(due, key=lambda one: one.due_at)[:most] if subscription not in self.disabled else []:
            one.due_at = self.now + LEASE_S
            self.held.append(Taken(one, one.attempts, one.due_at))

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 10**6), status=STATUSES, dies=st.booleans())
    def an_attempt_is_made(self, which: int, status: int | None, dies: bool) -> None:
        """`dies`: after the receiver has answered, before the answer is written."""
        taken = self.held.pop(which % len(self.held))
        taken.delivery.answers.append((self.now, status))
        if status is not None and 200 <= status < 300:
            self.received[taken.delivery.id] += 1
        if not dies:
            self.settle(taken, status)

    @rule(subscription=st.integers(0, SUBSCRIPTIONS - 1), statuses=st.lists(STATUSES, min_size=4, max_size=4))
    def a_sender_makes_its_round(self, subscription: int, statuses: list[int | None]) -> None:
        self.a_sender_takes_what_is_due(subscription, False, 0.01)
        for status in statuses:
            if self.held:
                self.an_attempt_is_made(0, status, False)

    @precondition(lambda self: self.held)
    @rule()
    def a_sender_dies_with_all_that_it_took(self) -> None:
        self.held.clear()

    def settle(self, taken: Taken, status: int | None) -> None:
        one, attempt = taken.delivery, taken.attempts + 1
        verdict = rules.judge(status, attempt)
        stale = one.state != "pending" or one.attempts != attempt - 1
        if one.state == "delivered" or (stale and verdict.outcome is not Outcome.DELIVERED):
            return  # somebody settled it before
        one.attempts = attempt
        if verdict.outcome is Outcome.DELIVERED:
            one.state = "delivered"
        elif verdict.outcome is Outcome.RETRIED:
            assert verdict.delay_s == RETRY_DELAYS_S[attempt - 1]
            one.due_at = self.now + verdict.delay_s
        else:
            one.state = "failed"
        if verdict.outcome is Outcome.GONE:
            self.disabled.add(one.subscription)

    @rule(most=st.integers(1, 3))
    def the_timer_gives_up_some(self, most: int) -> None:
        """As `deliveries/giving_up.py` does it."""
        left_over = [one for one in self.table if one.subscription in self.disabled and one.state == "pending"]
        for one in left_over[:most]:
            one.state = "failed"

    @rule(seconds=st.sampled_from((0.5, 5.0, 31.0, 1800.0, 86400.0)))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(seconds=st.sampled_from((5.0, 3600.0)))
    def the_clock_is_set_back(self, seconds: float) -> None:
        """What is late by it is late, and nothing is lost or sent without end."""
        self.now = max(0.0, self.now - seconds)

    @invariant()
    def what_is_delivered_was_received_under_its_id(self) -> None:
        assert all(self.received[one.id] for one in self.table if one.state == "delivered")

    @invariant()
    def nothing_is_given_up_before_its_schedule_ends_unless_its_receiver_is_gone(self) -> None:
        for one in self.table:
            if one.state == "failed" and one.subscription not in self.disabled:
                assert one.attempts == len(RETRY_DELAYS_S) + 1

    @invariant()
    def what_waits_will_be_tried(self) -> None:
        longest = max(LEASE_S, *RETRY_DELAYS_S) + 3600.0 * 50
        assert all(one.due_at - self.now <= longest for one in self.table if one.state == "pending")

    def teardown(self) -> None:
        self.held.clear()
        self.now += 10 * 86400  # every lease and every delay has ended
        for subscription in range(SUBSCRIPTIONS):
            self.a_sender_takes_what_is_due(subscription, False, 0.01)
        while self.held:
            self.an_attempt_is_made(0, 204, False)
        self.the_timer_gives_up_some(len(self.table))
        for one in self.table:
            assert one.state in ("delivered", "failed")
            if one.state == "failed" and one.subscription not in self.disabled:
                assert one.attempts == len(RETRY_DELAYS_S) + 1


@pytest.mark.parametrize("runs", RUNS)
def test_every_delivery_arrives_or_is_given_up_by_the_schedule_whoever_dies(runs: int, found: Found) -> None:
    run(Deliveries, runs, found)
