"""When a delivery is tried again, when it is given up, and how much of the sender a subscription may have.

The schedule is the one Standard Webhooks 1.0 gives as an example, and so is 410 as the word for "never again".
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services.notifications.deliveries.errors import DeliveryPending, SubscriptionDisabled

RETRY_DELAYS_S = (5, 30, 300, 1800, 7200, 18000, 36000, 86400)
"""5 s, 30 s, 5 min, 30 min, 2 h, 5 h, 10 h, 24 h: after so long comes the next attempt; after the last, none."""
PATIENCE = timedelta(days=5)
"""A subscription that nothing got through to for so long is disabled, when a delivery is given up or fails that is as old.

Not at any failure: where little is told, nothing may have been tried since the last one was given up.
"""
GONE = 410

IN_FLIGHT = 8
QUEUED = 200
SLOW_S = 1.0


class Outcome(StrEnum):
    DELIVERED = "delivered"
    RETRIED = "retried"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery; `delay_s` is set when it is tried again."""

    outcome: Outcome
    delay_s: int | None = None


def judge(status: int | None, attempts: int) -> Verdict:
    """What becomes of a delivery after its `attempts`-th attempt (1 is the first) was answered with `status`.

    None stands for no answer. 2xx is success; 410 disables the subscription; everything else, redirects included, is
    tried again while the schedule lasts.
    """
    if status is not None and 200 <= status < 300:
        return Verdict(Outcome.DELIVERED)
    if status == GONE:
        return Verdict(Outcome.GONE)
    if attempts <= len(RETRY_DELAYS_S):
        return Verdict(Outcome.RETRIED, RETRY_DELAYS_S[attempts - 1])
    return Verdict(Outcome.FAILED)


def in_flight_at_most(*, failing: bool, last_took_s: float) -> int:
    """So many attempts of one subscription may run at once: a failing or slow receiver gets one, and holds up nobody."""
    return 1 if failing or last_took_s > SLOW_S else IN_FLIGHT


def queued_at_most(*, failing: bool, last_took_s: float) -> int:
    """So many deliveries of one subscription are taken ahead."""
    return 1 if failing or last_took_s > SLOW_S else QUEUED


def check_replayable(delivery_state: str, subscription_state: str) -> None:
    """What is delivered or given up may be sent again; raise DeliveryPending or SubscriptionDisabled."""
    if subscription_state != "active":
        raise SubscriptionDisabled()
    if delivery_state == "pending":
        raise DeliveryPending()
