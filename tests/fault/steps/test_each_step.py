"""One process of two small services on real servers dies at each step, or is asked to stop there.

Afterwards what was committed, and nothing else, was heard: no ghost event (its change was rolled back) and no silent change (its
event never came). Each event was handled once, or is parked once where its door refuses it.
"""

import itertools
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection
from sqlalchemy import text

from onex.contracts.registry import OrganizationAdmitted
from onex.messaging.steps import Step
from onex.messaging.topology import dead_letters_of
from tests.fault.steps.crashing import Crashes, Way, counted
from tests.harness.report import Found
from tests.messaging.trial import CHECKOUT, QUEUE, Process, Stage, organization, until

pytestmark = pytest.mark.fault
SAYING = (Step.SAID, Step.COMMITTED)
RELAYING = (Step.READ, Step.SENT, Step.CONFIRMED, Step.DELETED)
HEARING = (Step.RECEIVED, Step.CLAIMED, Step.HANDLED, Step.DONE, Step.ACKNOWLEDGED)
FAILING = (Step.HANDING_OVER, Step.HANDED_OVER, Step.PARKING, Step.PARKED)
IN_SHORT = (Step.SAID, Step.COMMITTED, Step.CONFIRMED, Step.HANDLED, Step.DONE, Step.HANDED_OVER, Step.PARKED)
PASSINGS = [(1, Way.KILLED), (2, Way.KILLED), (3, Way.KILLED), (1, Way.STOPPED)]
TWICE_KILLED_AND_STOPPED = [(1, Way.KILLED), (2, Way.KILLED), (1, Way.STOPPED)]
CASES = [
    pytest.param(
        step, passing, way, id=f"{step}-{way}-{passing}",
        marks=[] if step in IN_SHORT and (passing, way) == (1, Way.KILLED) else pytest.mark.long,
    )
    for step in (*SAYING, *RELAYING, *HEARING, *FAILING)
    for passing, way in PASSINGS
]  # fmt: skip


def rare(*steps: Step) -> list[Any]:
    """Steps that are passed only by a few events: each twice a death, once a stop."""
    return [
        pytest.param(step, passing, way, id=f"{step}-{way}-{passing}", marks=pytest.mark.long)
        for step, (passing, way) in itertools.product(steps, TWICE_KILLED_AND_STOPPED)
    ]


SUSPECTS = rare(Step.START_NOTING, Step.START_NOTED)
DEAD_LETTERS = rare(Step.DEAD_LETTER_PARKING, Step.DEAD_LETTER_PARKED)
TRANSACTIONS, REFUSED, WAITING = 12, 4, 4


class Ground:
    """A relay and a consumer that are started again whenever they die."""

    def __init__(self, stage: Stage, crashes: Crashes, found: Found) -> None:
        self.stage, self.crashes, self.found = stage, crashes, found
        self.died_before = len(crashes.deaths())
        self.settings = crashes.setting | {"ONEX_TRIAL_RETRIES": "60"}
        self.processes = {part: stage.start(part, **self.settings) for part in ("speaker", "listener")}
        for process in self.processes.values():
            process.ready()
        self.died: list[str] = []
        self.ends = {-signal.SIGKILL}

    def arm(self, step: Step, passing: int, way: Way) -> None:
        if way is Way.STOPPED:
            self.ends.add(0)
        self.crashes.arm(step, passing, way)

    def look(self) -> None:
        for part, process in self.processes.items():
            if not process.alive:
                self.died.append(part)
                assert process.wait() in self.ends
                self.processes[part] = self.stage.start(part, **self.settings)

    def write(self, *transactions: str) -> int:
        """The writer's end: 0, or the signal that ended it, below 0."""
        environ = os.environ | self.stage.environ | self.settings
        command = [sys.executable, "-m", "tests.fault.steps.writer", *transactions]
        return subprocess.run(command, cwd=CHECKOUT, env=environ, check=False).returncode

    def until(self, condition: object, what: str) -> None:
        def looked() -> object:
            self.look()
            return condition()  # type: ignore[operator]

        until(looked, what, wait_s=120)

    def facts(self) -> list[str]:
        with self.stage.speaker_db.session() as session:
            return sorted(session.scalars(text("SELECT name FROM trial")))

    def parked(self) -> list[str]:
        rows = self.stage.parked()
        return sorted(OrganizationAdmitted.decode(bytes(row.body)).name_en for row in rows)

    @property
    def listener(self) -> Process:
        return self.processes["listener"]

    def no_ghost_event_and_no_silent_change(self, *handled_besides: str) -> None:
        """What was committed was heard once, whatever is set aside was set aside once, and nothing is on its way."""
        facts = self.facts()
        handled = [name for name in facts if not name.startswith(("refused", "killer"))] + list(handled_besides)
        set_aside = [name for name in facts if name.startswith(("refused", "killer"))]
        try:
            self.until(
                lambda: (
                    self.stage.recorded == sorted(handled) and self.parked() == set_aside and not self.stage.unsent()
                ),
                "all that was committed is handled or set aside",
            )
            self.stage.nothing_left_in(self.listener.ready())
        finally:
            committed, heard = Counter(facts + list(handled_besides)), Counter(self.stage.recorded + self.parked())
            self.found(
                size="each step", deaths=counted(self.crashes.deaths()[self.died_before :]), events=len(facts),
                ghost_events=len(set(heard) - set(committed)), silent_changes=(committed - heard).total(),
                doubled=sum(times - 1 for times in heard.values()), parked=len(set_aside),
            )  # fmt: skip
        assert self.stage.recorded == sorted(handled)
        assert self.parked() == set_aside


@pytest.fixture
def ground(stage: Stage, found: Found) -> Iterator[Ground]:
    crashes = Crashes(stage.folder / "crashes")
    crashes.disarm()
    yield Ground(stage, crashes, found)
    crashes.disarm()


def said() -> list[str]:
    """Transactions of five facts each; every fifth is rolled back; some events are refused, some wait for another."""
    transactions = []
    for number in range(TRANSACTIONS):
        facts = [f"fact-{number}-{place}:好" for place in range(4)]
        if number < REFUSED:
            facts.append(f"refused-{number}:refuse")
        if number < WAITING:
            facts.append(f"waits-{number}:wait")
        undone = "-" if number % 5 == 4 else ""
        transactions.append(undone + ",".join(facts))
    return transactions


@pytest.mark.parametrize(("step", "passing", "way"), CASES)
def test_whoever_ends_at_a_step_no_event_is_a_ghost_and_no_change_is_silent(
    ground: Ground, step: Step, passing: int, way: Way
) -> None:
    ground.arm(step, passing, way)
    ended = ground.write(*said())
    if step in SAYING:
        assert ended == -way.signal
        assert len(ground.facts()) < TRANSACTIONS * 6
    else:
        assert ended == 0
        ground.until(lambda: ground.died, f"a process ended at {step}")
        assert ground.died == ["speaker" if step in RELAYING else "listener"] or step is Step.SENT
    assert not ground.crashes.is_armed(step)
    ground.stage.record("awaited")
    ground.no_ghost_event_and_no_silent_change("awaited")


@pytest.mark.parametrize(("step", "passing", "way"), SUSPECTS)
def test_ending_right_before_a_suspect_is_started_again_counts_and_hurts_no_neighbour(
    ground: Ground, step: Step, passing: int, way: Way
) -> None:
    ground.arm(step, passing, way)
    ground.write("fact-1:好,killer:kill,fact-2:好", "fact-3:好")
    ground.until(lambda: not ground.crashes.is_armed(step), "the listener came there")
    ground.no_ghost_event_and_no_silent_change()


@pytest.mark.parametrize(("step", "passing", "way"), DEAD_LETTERS)
def test_ending_while_a_dead_letter_is_parked_parks_it_once(ground: Ground, step: Step, passing: int, way: Way) -> None:
    ground.listener.end()
    ground.arm(step, passing, way)
    ground.stage.put(*(organization(f"dropped-{number}") for number in range(2)))
    with Connection(ground.stage.environ["ONEX_AMQP_ADMIN_URL"]) as connection:
        channel = connection.default_channel
        for _ in range(2):
            taken = until(lambda: channel.basic_get(QUEUE), "the message is in the queue")
            channel.basic_reject(taken.delivery_tag, requeue=False)
    until(lambda: ground.stage.waiting(dead_letters_of("notifications")) == 2, "the broker moved them")
    ground.processes["listener"] = ground.stage.start("listener", **ground.settings)
    ground.until(lambda: ground.died, "the listener ended there")
    ground.found(size="each step", deaths=counted(ground.crashes.deaths()[ground.died_before :]))
    ground.until(lambda: ground.parked() == ["dropped-0", "dropped-1"], "both are parked")
    ground.stage.nothing_left_in(ground.listener.ready())
    assert ground.stage.waiting(dead_letters_of("notifications")) == 0
    assert ground.parked() == ["dropped-0", "dropped-1"]
