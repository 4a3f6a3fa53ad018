"""Every way there is from one state to another, written out once more beside the rules: whatever else is tried is refused.

A line says for a verb from which states it leads to which. What is not there is no step; a machine without a table here fails.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import services.registry
from onex.chassis.problems import Refusal
from onex.chassis.states import Machine

STEPS = {
    "round": "revise: draft > draft | announce: draft > announced | withdraw: draft announced > withdrawn",
    "application": (
        "revise: draft > draft | submit: draft > submitted | review: submitted under_review > under_review"
        " | score: under_review > under_review | notice: under_review > noticed | object to: noticed > noticed"
        " | accept: noticed > accepted | refuse: under_review noticed > refused"
        " | withdraw: draft submitted under_review noticed > withdrawn"
    ),
    "objection": "uphold: open > upheld | dismiss: open > dismissed",
    "filing": "revise: filed > filed | record: filed > recorded | withdraw: filed > withdrawn",
    "evaluation": (
        "correct: draft > draft | submit: draft > submitted | return: submitted > draft | publish: submitted > published"
        " | withdraw: draft submitted > withdrawn | annul: published > annulled"
    ),
    "exit_case": (
        "investigate: opened > investigation | verify: investigation > verified"
        " | dismiss: opened investigation verified > dismissed | decide: verified > exited"
    ),
    "fee_ceiling": "correct: argued > argued | publish: argued > published | withdraw: argued > withdrawn",
    "fee_policy": "withdraw: announced > withdrawn",
    "fee_agreement": (
        "consent: proposed > proposed | agree: proposed > agreed | withdraw: proposed > withdrawn | end: agreed > ended"
    ),
    "cost_account": "correct: open > open | close: open > closed | reopen: closed > open",
    "allocation": "change: allocated > allocated | withdraw: allocated > withdrawn",
    "misuse": "put_right: found > put_right | dismiss: found > dismissed | open_case: found > case_opened",
    "inspection_draw": "reveal: committed > drawn | cancel: committed > cancelled",
    "monitoring_point": "end: watched > ended",
    "inspector": "declare: active > active | retire: active > retired",
    "inspection": "record: due > inspected",
    "opinion": (
        "classify: received assigned replied > received | assign: received assigned replied > assigned"
        " | reply: assigned > replied | answer: received assigned replied > answered"
        " | set_aside: received assigned replied > set_aside"
    ),
    "policy": (
        "change: draft > draft | publish: draft > published | supersede: published > superseded"
        " | withdraw: draft published superseded > withdrawn"
    ),
    "publicity_filing": "suspend: filed > suspended | correct: filed suspended > filed | withdraw: filed suspended > withdrawn",
    "publicity_authorization": "revoke: granted > revoked",
    "publicity_finding": "order: recorded > ordered | dismiss: recorded > dismissed",
    "rectification": (
        "report: ordered sent_back overdue > reported | accept: reported > accepted | send_back: reported > sent_back"
        " | miss: ordered sent_back > overdue | put_off: ordered sent_back overdue > ordered"
        " | withdraw: ordered reported sent_back overdue > withdrawn"
    ),
    "activity": "change: filed noted > filed | note: filed > noted | withdraw: filed noted > withdrawn",
    "invitation": (
        "accept: invited declined > accepted | decline: invited accepted > declined"
        " | attend: invited accepted declined absent > attended | miss: invited accepted declined attended > absent"
        " | withdraw: invited accepted declined > withdrawn"
    ),
    "good_case": (
        "change: proposed > proposed | publish: proposed > published | decline: proposed > declined"
        " | withdraw: proposed published > withdrawn"
    ),
    "suggestion": (
        "change: received > received | review: received > under_review | adopt: received under_review > adopted"
        " | decline: received under_review > declined | withdraw: received under_review > withdrawn"
    ),
    "report": "resend: sent returned > sent | return: sent > returned | close: sent returned > closed",
    "site": (
        "correct: declared refused > declared | settle: declared > settled | refuse: declared settled > refused"
        " | withdraw: declared settled refused > withdrawn | file: settled > filed | suspend: filed > suspended"
        " | resume: suspended > filed | close: filed suspended > closed"
    ),
    "resource": "update: offered > offered | withdraw: offered > withdrawn",
    "standard": (
        "revise: draft returned > draft | approve: draft > reviewed | send_back: draft > returned"
        " | publish: reviewed > published | retire: published > retired | withdraw: draft returned reviewed > withdrawn"
    ),
    "programme": (
        "correct: draft > draft | announce: draft > announced | enrol: announced > announced | teach: announced > announced"
        " | finish: announced > finished | cancel: draft announced > cancelled"
    ),
    "training_expert": (
        "correct: proposed rejected > proposed | approve: proposed > approved | reject: proposed > rejected"
        " | remove: proposed approved rejected > removed"
    ),
    "training_request": "accept: open > accepted | decline: open > declined | withdraw: open > withdrawn",
    "enrolment": "attend: enrolled > enrolled | withdraw: enrolled > withdrawn",
    "teacher": "work: active > active | leave: active > left | return: left > active",
}


def machines() -> Iterator[Machine]:
    """Every state machine of the registry's areas."""
    for found in pkgutil.walk_packages(services.registry.__path__, "services.registry."):
        if found.name.endswith(("rules", "states")):
            for value in vars(importlib.import_module(found.name)).values():
                several = value.values() if isinstance(value, dict) else (value,)
                yield from (one for one in several if isinstance(one, Machine))


EVERY = {(one.noun, one.clause): one for one in machines()}
CASES = [one for _, one in sorted(EVERY.items(), key=lambda item: (item[0][0], item[0][1] or ""))]


def steps(noun: str) -> dict[tuple[str, str], str]:
    """(state, verb) → the state after it."""
    found = {}
    for line in STEPS[noun].split(" | "):
        verb, way = line.split(": ")
        start, end = way.split(" > ")
        found.update({(state, verb): end for state in start.split()})
    return found


@pytest.mark.rule(
    "OP-04", "OP-05", "OP-06", "OP-09", "OP-10", "OP-11", "OP-15", "OP-21", "OP-23", "OP-27", "OP-28", "OP-30", "OP-34", "OP-35",
    "OP-37", "OP-38", "OP-39", "OP-40", "OP-41", "OP-42", "OP-43", "OP-44", "OP-45",
    "PP-04", "PP-12", "PP-27", "PP-28", "PP-33", "PP-38",
)  # fmt: skip
@pytest.mark.parametrize("machine", CASES, ids=lambda one: f"{one.noun} {one.clause}")
def test_a_state_machine_has_these_steps_and_refuses_every_other_by_the_state_it_is_in(machine: Machine) -> None:
    expected = steps(machine.noun)
    verbs = {verb for _, verb in expected}
    assert set(machine.moves) == verbs
    assert set(machine.states) == {state for state, _ in expected} | set(expected.values())
    for state in machine.states:
        for verb in verbs:
            if (state, verb) in expected:
                assert machine.after(state, verb) == expected[state, verb]
            else:
                with pytest.raises(Refusal) as refused:
                    machine.after(state, verb)
                assert refused.value.clause == machine.clause
                assert (refused.value.facts["state"], refused.value.facts["verb"]) == (state, verb)
                assert state in refused.value.code


def test_every_table_is_of_a_machine() -> None:
    assert {noun for noun, _ in EVERY} == set(STEPS)
