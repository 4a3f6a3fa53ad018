"""A process of the whole platform ends at each step of its main job, webhooks and jobs included; then `onex audit`."""

import itertools
import random
import time
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from onex.audit.audit import Terms, audit_until_clean, count_books
from onex.chassis.invariants import Kind
from onex.chassis.settings import SERVICES
from onex.messaging.steps import Step
from tests.fault.chaos.aftermath import nothing_is_left, nothing_lost_and_nothing_doubled
from tests.fault.chaos.flow import Flow
from tests.fault.chaos.proxied import Proxied
from tests.fault.chaos.test_platform_in_trouble import new_organization
from tests.fault.steps.crashing import Way, counted
from tests.harness.report import Found
from tests.messaging.trial import until

NOT_ON_THE_MAIN_ROAD = {  # what fails on purpose is in test_each_step.py
    Step.START_NOTING, Step.START_NOTED, Step.HANDING_OVER, Step.HANDED_OVER, Step.PARKING, Step.PARKED,
    Step.DEAD_LETTER_PARKING, Step.DEAD_LETTER_PARKED,
}  # fmt: skip
ROAD = [step for step in Step if step not in NOT_ON_THE_MAIN_ROAD]
SHORT = [Step.SAID, Step.CONFIRMED, Step.DONE, Step.JOB_STEP_WORKED, Step.DELIVERIES_TAKEN]
ONCE = ((1, Way.KILLED),)
FOUR_TIMES = ((1, Way.KILLED), (2, Way.KILLED), (4, Way.KILLED), (1, Way.STOPPED))
CASES = [
    pytest.param(SHORT, ONCE, id="5-ends", marks=pytest.mark.timeout(1200)),
    pytest.param(ROAD, FOUR_TIMES, id=f"{4 * len(ROAD)}-ends", marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
]
EACH = 12
DIES_WITHIN_S = 60.0
CLEAN_WITHIN_S = 90.0  # a webhook that was posted and not written down is sent again when its lease of 30 s ends


def count(proxied: Proxied, service: str, rows: str) -> int:
    engine = create_engine(proxied.servers.environment[f"ONEX_DATABASE_URL_{service.upper()}"])
    with engine.connect() as connection:
        found = int(connection.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one())
    engine.dispose()
    return found


def organizations(proxied: Proxied) -> int:
    return count(proxied, "registry", "organization")


def open_jobs(proxied: Proxied) -> int:
    return count(proxied, "assessment", "job WHERE state IN ('queued', 'running')")


def is_through(proxied: Proxied, flow: Flow) -> bool:
    """Whether everything that was published has become certificates, deposits and delivered notices."""
    if open_jobs(proxied) or count(proxied, "notifications", "delivery WHERE state = 'pending'"):
        return False
    return len(set(count_books(flow.direct).values())) == 1


@pytest.mark.fault
@pytest.mark.parametrize(("steps", "passings"), CASES)
def test_whoever_ends_at_a_step_the_books_agree_afterwards(
    proxied: Proxied, seed: int, found: Found, steps: list[Step], passings: tuple[tuple[int, Way], ...]
) -> None:
    cases = list(itertools.product(steps, passings))
    random.Random(seed).shuffle(cases)
    died_before = len(proxied.crashes.deaths())
    findings, longest_s = Counter[Kind](), 0.0
    plans = sum(passing for _, (passing, _) in cases)
    with Flow(proxied, certificates=EACH * plans, plans=plans, seed=seed) as flow:
        organizations_before = organizations(proxied)
        for step, (passing, way) in cases:
            proxied.crashes.arm(step, passing, way)

            def died_or_through(step: Step = step) -> bool:
                return not proxied.crashes.is_armed(step) or is_through(proxied, flow)

            # Some steps are passed once by several plans that are published together: so they follow one another.
            for _ in range(passing):
                flow.publish_next()
                until(died_or_through, "what was published is through")
            flow.operator.post("/registry/v1/organizations", new_organization())  # again and again, under one key
            until(lambda step=step: not proxied.crashes.is_armed(step), f"somebody dies at {step}", DIES_WITHIN_S)  # type: ignore[misc]
            ended_at = time.monotonic()
            until(lambda: not open_jobs(proxied), "what was to be published is published")
            report = audit_until_clean(flow.direct, CLEAN_WITHIN_S, terms=Terms(signatures=False))
            longest_s = max(longest_s, time.monotonic() - ended_at)
            for (_, _, kind), count in report.finding_counts.items():
                findings[kind] += count
            found(
                deaths=counted(proxied.crashes.deaths()[died_before:]), longest_until_clean_s=longest_s,
                ghost_events=findings[Kind.ORPHANED] + findings[Kind.DOUBLED], silent_changes=findings[Kind.MISSING],
            )  # fmt: skip
            assert report.is_clean, f"{step}, passing {passing}, {way}: {report}"
        for name in (*SERVICES, "web"):
            proxied.services.wait_ready(name)
        nothing_lost_and_nothing_doubled(flow, EACH * plans, found)
    assert organizations(proxied) == organizations_before + len(cases)
    nothing_is_left(proxied)
    deaths = proxied.crashes.deaths()[died_before:]
    print(*deaths, sep="\n")
    assert [death.split()[0] for death in deaths] == [str(step) for step, _ in cases]
