"""The schedule of attempts, and when a receiver is given up."""

import pytest

from services.notifications.deliveries import rules
from services.notifications.deliveries.errors import DeliveryPending, SubscriptionDisabled
from services.notifications.deliveries.rules import Outcome, Verdict, judge

RETRYABLE = [None, 100, 301, 302, 400, 401, 404, 409, 429, 500, 502, 503, 599]


def test_the_schedule_can_be_read_aloud() -> None:
    assert rules.RETRY_DELAYS_S == (5, 30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 24 * 3600)


@pytest.mark.parametrize("status", RETRYABLE)
def test_a_receiver_that_never_says_yes_is_tried_nine_times_by_the_schedule(status: int | None) -> None:
    verdicts = [judge(status, attempts) for attempts in range(1, 10)]
    assert verdicts[:8] == [Verdict(Outcome.RETRIED, delay_s) for delay_s in rules.RETRY_DELAYS_S]
    assert verdicts[8] == Verdict(Outcome.FAILED)


@pytest.mark.parametrize("attempts", [1, 5, 9, 10])
@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_success_at_any_attempt(status: int, attempts: int) -> None:
    assert judge(status, attempts) == Verdict(Outcome.DELIVERED)


@pytest.mark.parametrize("attempts", [1, 9])
def test_410_means_never_again(attempts: int) -> None:
    assert judge(410, attempts) == Verdict(Outcome.GONE)


def test_a_failing_or_slow_receiver_has_one_attempt_at_once_and_nothing_queued() -> None:
    for trouble in ({"failing": True, "last_took_s": 0.0}, {"failing": False, "last_took_s": 1.1}):
        assert rules.in_flight_at_most(**trouble) == rules.queued_at_most(**trouble) == 1
    assert rules.in_flight_at_most(failing=False, last_took_s=1.0) == rules.IN_FLIGHT
    assert rules.queued_at_most(failing=False, last_took_s=1.0) == rules.QUEUED


def test_only_what_is_settled_is_replayed_and_only_to_an_active_subscription() -> None:
    rules.check_replayable("failed", "active")
    rules.check_replayable("delivered", "active")
    with pytest.raises(DeliveryPending):
        rules.check_replayable("pending", "active")
    with pytest.raises(SubscriptionDisabled):
        rules.check_replayable("failed", "disabled")
    with pytest.raises(SubscriptionDisabled):
        rules.check_replayable("pending", "disabled")
