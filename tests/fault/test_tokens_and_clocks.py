"""A token between machines whose clocks differ: they may differ by the leeway, and no token is good outside its life."""

from collections.abc import Callable

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import LEEWAY_S, Role
from tests.harness.service import Service

pytestmark = pytest.mark.fault
LIFETIME_S = 900
DOOR = "/notifications/v1/subscriptions"


def answer(one: Service, token: str, off_s: int) -> int:
    """The status for a token of now at a door whose clock is `off_s` seconds ahead."""
    with time_machine.travel(clock.now().timestamp() + off_s, tick=False):
        return one.call("GET", DOOR, token=token).status_code


@pytest.mark.parametrize(
    ("off_s", "status"),
    [
        (0, 200),
        (-(LEEWAY_S - 5), 200),
        (-(LEEWAY_S + 5), 401),  # read by a clock behind: signed in the future
        (-86_400, 401),
        (LIFETIME_S + LEEWAY_S - 5, 200),
        (LIFETIME_S + LEEWAY_S + 5, 401),
        (86_400, 401),  # read by a clock ahead: it is over, and a new one is asked for
    ],
)
def test_a_token_ends_by_the_clock_of_who_reads_it(service: Callable[[str], Service], off_s: int, status: int) -> None:
    one = service("notifications")
    token = one.token(Role.PARTNER, lifetime_s=LIFETIME_S)
    assert answer(one, token, off_s) == status


def test_after_the_clock_is_right_again_new_tokens_are_taken(service: Callable[[str], Service]) -> None:
    one = service("notifications")
    with time_machine.travel(clock.now().timestamp() - 86_400, tick=False):
        stale = one.token(Role.PARTNER, lifetime_s=LIFETIME_S)
    assert answer(one, stale, 0) == 401
    assert answer(one, one.token(Role.PARTNER, lifetime_s=LIFETIME_S), 0) == 200
