"""What deliveries are refused for."""

from onex.chassis.problems import Refusal


class DeliveryPending(Refusal):
    code, title = "delivery_pending", "This delivery is still being tried"


class SubscriptionDisabled(Refusal):
    code, title = "subscription_disabled", "The subscription is disabled: activate it first"
