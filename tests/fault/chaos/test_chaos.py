"""A published batch flows while everything breaks: 0 lost, 0 doubled, queues empty, drained within a minute."""

import pytest

from tests.fault.chaos import plan
from tests.fault.chaos.aftermath import nothing_is_left, nothing_lost_and_nothing_doubled
from tests.fault.chaos.breaking import Breaker
from tests.fault.chaos.flow import Flow
from tests.fault.chaos.proxied import Proxied
from tests.harness.report import Found

SHORT = pytest.param(500, 10, 30, 2, id="500-certificates", marks=pytest.mark.timeout(1200))
LONG = pytest.param(10_000, 40, 300, 15, id="10000-certificates", marks=[pytest.mark.long, pytest.mark.timeout(7200)])


@pytest.mark.fault
@pytest.mark.parametrize(("certificates", "plans", "service_kills", "broker_kills"), [SHORT, LONG])
def test_whatever_dies_every_pass_becomes_one_certificate_one_deposit_and_one_notice(
    proxied: Proxied, seed: int, found: Found, certificates: int, plans: int, service_kills: int, broker_kills: int
) -> None:
    faults = plan.drawn(seed, service_kills, broker_kills)
    print(*faults, sep="\n")
    breaker = Breaker(proxied)
    with Flow(proxied, certificates, plans, seed) as flow:
        flow.publish_in_background(pause_s=len(faults) / plans)
        breaker.carry_out(faults)
        found(broken=str(breaker))
        breaker.all_back()
        flow.finish_publishing()
        nothing_lost_and_nothing_doubled(flow, certificates, found, since=breaker.over_at)
    assert breaker.done.total() == len(faults)
    nothing_is_left(proxied)
