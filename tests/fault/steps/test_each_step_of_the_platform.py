"""A process of the whole platform dies at each step of its main job, webhooks and jobs included; then `onex audit`."""

import itertools
import random

import pytest
from sqlalchemy import create_engine, text

from onex.audit.audit import Terms, audit_until_clean
from onex.chassis.settings import SERVICES
from onex.messaging.steps import Step
from tests.fault import seeds
from tests.fault.chaos.aftermath import nothing_is_left, nothing_lost_and_nothing_doubled
from tests.fault.chaos.flow import Flow
from tests.fault.chaos.proxied import Proxied
from tests.fault.chaos.test_platform_in_trouble import new_organization
from tests.messaging.trial import until

NOT_ON_THE_MAIN_ROAD = {  # what fails on purpose is in test_each_step.py
    Step.START_NOTED, Step.HANDING_OVER, Step.HANDED_OVER, Step.PARKING, Step.PARKED, Step.DEAD_LETTER_PARKED,
}  # fmt: skip
ROAD = [step for step in Step if step not in NOT_ON_THE_MAIN_ROAD]
SHORT = [Step.SAID, Step.CONFIRMED, Step.DONE, Step.JOB_STEP_WORKED, Step.DELIVERIES_TAKEN]
CASES = [
    pytest.param(SHORT, (1,), id="5-deaths", marks=pytest.mark.timeout(1200)),
    pytest.param(ROAD, (1, 2, 4), id=f"{3 * len(ROAD)}-deaths", marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
]
EACH = 12
DIES_WITHIN_S = 60.0
CLEAN_WITHIN_S = 90.0  # a webhook that was posted and not written down is sent again when its lease of 30 s ends


def organizations(proxied: Proxied) -> int:
    engine = create_engine(proxied.servers.environment["ONEX_DATABASE_URL_REGISTRY"])
    with engine.connect() as connection:
        count = int(connection.execute(text("SELECT count(*) FROM organization")).scalar_one())
    engine.dispose()
    return count


@pytest.mark.fault
@pytest.mark.parametrize(("steps", "passings"), CASES)
def test_whoever_dies_at_a_step_the_books_agree_afterwards(
    proxied: Proxied, steps: list[Step], passings: tuple[int, ...]
) -> None:
    seed = seeds.chosen()
    cases = list(itertools.product(steps, passings))
    random.Random(seed).shuffle(cases)
    died_before = len(proxied.crashes.deaths())
    with Flow(proxied, certificates=EACH * len(cases), plans=len(cases), seed=seed) as flow:
        organizations_before = organizations(proxied)
        for step, passing in cases:
            proxied.crashes.arm(step, passing)
            flow.publish_next()
            flow.operator.post("/registry/v1/organizations", new_organization())  # again and again, under one key
            until(lambda step=step: not proxied.crashes.is_armed(step), f"somebody dies at {step}", DIES_WITHIN_S)  # type: ignore[misc]
            report = audit_until_clean(flow.direct, CLEAN_WITHIN_S, terms=Terms(signatures=False))
            assert report.is_clean, f"{step}, passing {passing}: {report}"
        for name in (*SERVICES, "web"):
            proxied.services.wait_ready(name)
        nothing_lost_and_nothing_doubled(flow, certificates=EACH * len(cases))
    assert organizations(proxied) == organizations_before + len(cases)
    nothing_is_left(proxied)
    deaths = proxied.crashes.deaths()[died_before:]
    print(*deaths, sep="\n")
    assert [death.split()[0] for death in deaths] == [str(step) for step, _ in cases]
