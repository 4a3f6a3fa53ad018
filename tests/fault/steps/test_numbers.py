"""The steps in the code are those in the documents, each is somewhere passed, and at each a process is ended."""

import re
from pathlib import Path
from typing import Any

from onex.messaging.steps import Step
from tests.fault.steps import test_each_step, test_each_step_of_the_platform
from tests.fault.steps.crashing import Way

CHECKOUT = Path(__file__).resolve().parents[3]
ACTS = {  # what a process may do last: the step before it, and the step after it
    "commit a change with its events": (Step.SAID, Step.COMMITTED),
    "publish": (Step.READ, Step.SENT),
    "await the confirms": (Step.SENT, Step.CONFIRMED),
    "delete from the outbox": (Step.CONFIRMED, Step.DELETED),
    "claim in the inbox": (Step.RECEIVED, Step.CLAIMED),
    "call the door": (Step.CLAIMED, Step.HANDLED),
    "commit what was heard": (Step.HANDLED, Step.DONE),
    "acknowledge": (Step.DONE, Step.ACKNOWLEDGED),
    "note a suspect's start": (Step.START_NOTING, Step.START_NOTED),
    "hand over to a delay tier": (Step.HANDING_OVER, Step.HANDED_OVER),
    "park": (Step.PARKING, Step.PARKED),
    "park a dead letter": (Step.DEAD_LETTER_PARKING, Step.DEAD_LETTER_PARKED),
    "take a job": (Step.JOB_TAKING, Step.JOB_TAKEN),
    "commit a step of a job": (Step.JOB_STEP_WORKED, Step.JOB_STEP_COMMITTED),
    "end a job and drop its sealed source": (Step.JOB_STEP_WORKED, Step.JOB_FINISHED),
    "commit a timer's work": (Step.TIMER_WORKED, Step.TIMER_COMMITTED),
    "take webhooks": (Step.DELIVERIES_WRITTEN, Step.DELIVERIES_TAKEN),
    "post a webhook": (Step.DELIVERIES_TAKEN, Step.DELIVERY_POSTED),
    "settle webhooks": (Step.DELIVERIES_WRITTEN, Step.DELIVERIES_SETTLED),
}


def test_the_architecture_names_every_step_and_no_other() -> None:
    told = re.findall(r"`(\d+\.\d+-[a-z-]+)`", (CHECKOUT / "docs" / "architecture.md").read_text())
    assert told == [str(step) for step in Step]


def test_every_step_is_passed_somewhere_in_the_code() -> None:
    folders = ("onex/messaging", "services")
    code = "".join(file.read_text() for folder in folders for file in (CHECKOUT / folder).rglob("*.py"))
    assert {step for step in Step if f"reached(Step.{step.name})" in code} == set(Step)


def test_each_act_has_a_step_before_it_and_one_after_it_and_each_step_is_next_to_an_act() -> None:
    for act, (before, after) in ACTS.items():
        assert list(Step).index(before) < list(Step).index(after), act
    assert {step for around in ACTS.values() for step in around} == set(Step)


def test_a_process_ends_at_every_step_in_every_way_at_least_fifty_times() -> None:
    small: list[Any] = [
        case.values for case in (*test_each_step.CASES, *test_each_step.SUSPECTS, *test_each_step.DEAD_LETTERS)
    ]
    whole: list[Any] = [case.values for case in test_each_step_of_the_platform.CASES]
    ways = {(step, way) for step, _, way in small}
    ways |= {(step, way) for steps, passings in whole for step in steps for _, way in passings}
    assert ways == {(step, way) for step in Step for way in Way}
    assert len(small) >= 50
    assert max(len(steps) * len(passings) for steps, passings in whole) >= 50


def test_every_test_that_the_page_on_reliability_names_is_there() -> None:
    page = (CHECKOUT / "docs" / "reliability.md").read_text()
    named = set(re.findall(r"(tests/[a-z_0-9/]+\.py)(?: -k (\w+))?", page))
    assert named
    for file, of_tests in named:
        tests = re.findall(r"def (test_\w+)", (CHECKOUT / file).read_text())
        assert [name for name in tests if of_tests in name], f"{file} -k {of_tests}"
