"""Deliveries are sent again when a partner asks."""

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from services.notifications.deliveries import queue, rules
from services.notifications.deliveries.models import Delivery
from services.notifications.subscriptions.models import Subscription


def replay(session: UnitOfWork, subscription: Subscription, delivery: Delivery) -> Delivery:
    """Send a delivery again from its first attempt, with the same webhook-id."""
    rules.check_replayable(delivery.state, subscription.state)
    delivery.state, delivery.attempts, delivery.delivered_at = "pending", 0, None
    delivery.next_attempt_at = clock.now()
    queue.wake(session)
    return delivery
