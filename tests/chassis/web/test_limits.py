"""One address knocks so often at a door that is open to everyone, and then waits."""

import pytest

from onex.chassis.web import limits
from onex.chassis.web.limits import Buckets


def test_so_many_at_once_and_then_one_by_one() -> None:
    buckets = Buckets(burst=3, rate_per_s=0.5)
    assert [buckets.take("a", 10.0) for _ in range(4)] == [0, 0, 0, 2.0]
    assert buckets.take("a", 11.0) == 1.0
    assert buckets.take("a", 12.0) == 0
    assert buckets.take("a", 12.0) == 2.0


def test_who_waits_has_no_more_than_the_burst() -> None:
    buckets = Buckets(burst=2, rate_per_s=1.0)
    buckets.take("a", 0.0)
    assert [bool(buckets.take("a", 1_000_000.0)) for _ in range(3)] == [False, False, True]


def test_each_address_has_its_own_tokens() -> None:
    buckets = Buckets(burst=1, rate_per_s=1.0)
    assert buckets.take("a", 0.0) == 0
    assert buckets.take("b", 0.0) == 0
    assert buckets.take("a", 0.0) > 0


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    buckets = Buckets(burst=1, rate_per_s=1.0)
    buckets.take("a", 100.0)
    assert buckets.take("a", 50.0) == 1.0


def test_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 10)
    buckets = Buckets(burst=1, rate_per_s=0.001)
    for number in range(100):
        buckets.take(str(number), 0.0)
    assert len(buckets._left) == 10
    assert buckets.take("99", 0.0) > 0, "the newest are kept"
    assert buckets.take("0", 0.0) == 0, "the oldest are forgotten"
