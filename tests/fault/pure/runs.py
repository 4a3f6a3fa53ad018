"""How often a state machine is run: fifty times in `make test`, two thousand in `make fault`, fifty steps each."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test

from tests.harness.report import Found

STEPS = 50
RUNS = [
    pytest.param(50, id="50-runs"),
    pytest.param(2000, id="2000-runs", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
]


def run(machine: type[RuleBasedStateMachine], runs: int, found: Found) -> None:
    """Run the machine, so many times to its last step; a failure prints the shortest steps that lead to it."""
    whole = checks = 0

    class Counted(machine):  # type: ignore[misc, valid-type]
        def __init__(self) -> None:
            super().__init__()
            self.checks = 0

        @invariant()
        def is_counted(self) -> None:
            nonlocal whole, checks
            self.checks += 1
            checks += 1
            whole += self.checks == STEPS

    given = os.environ.get("ONEX_FAULT_SEED")
    seeded: Any = seed(int(given))(Counted) if given else Counted
    quiet = list(HealthCheck)
    how = settings(max_examples=runs, stateful_step_count=STEPS, suppress_health_check=quiet)
    try:
        run_state_machine_as_test(seeded, settings=how, _min_steps=STEPS)
    finally:
        found(
            **{f"runs_of_{STEPS}_steps": whole, "checks_of_every_invariant": checks},
            **({"seed": given} if given else {}),
        )
    assert whole >= runs
