"""What subscriptions are refused for."""

from onex.chassis.problems import Refusal


class UrlRefused(Refusal):
    status, code, title = 422, "webhook_url_refused", "Webhooks are not sent to this address"


class TooManySubscriptions(Refusal):
    code, title = "too_many_subscriptions", "A client has no more than this many subscriptions"
