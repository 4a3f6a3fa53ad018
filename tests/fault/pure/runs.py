"""How often a state machine is run: fifty times in `make test`, two thousand in `make fault`, fifty steps each."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

STEPS = 50
RUNS = [
    pytest.param(50, id="50-runs"),
    pytest.param(2000, id="2000-runs", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
]


def run(machine: type[RuleBasedStateMachine], runs: int) -> None:
    """Run the machine; a failure prints the shortest steps that lead to it."""
    given = os.environ.get("ONEX_FAULT_SEED")
    seeded: Any = seed(int(given))(machine) if given else machine
    quiet = list(HealthCheck)
    how = settings(max_examples=runs, stateful_step_count=STEPS, deadline=None, suppress_health_check=quiet)
    run_state_machine_as_test(seeded, settings=how)
