"""Doors: a partner's subscriptions. Nobody enters on a partner's behalf."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, runtime, session
from services.notifications.subscriptions import actions, queries
from services.notifications.subscriptions.models import Subscription
from services.notifications.subscriptions.schemas import (
    NewSubscriptionSchema,
    RecordedSubscriptionSchema,
    SecretSchema,
    SubscriptionPageSchema,
    SubscriptionSchema,
)

blp = Blueprint("subscriptions", "subscriptions", url_prefix="/subscriptions", description="Partners' webhooks")


@blp.route("", methods=["POST"])
@allow(Role.PARTNER)
@blp.arguments(SubscriptionSchema)
@blp.response(201, NewSubscriptionSchema)
def subscribe(body: dict[str, Any]) -> dict[str, Any]:
    """Subscribe an address; the answer has the secret its messages are signed with, which is never shown again."""
    rt = runtime()
    allow_private = rt.settings.webhook_allow_private
    subscription, secret = actions.subscribe(session(), rt.vault, body, by=caller(), allow_private=allow_private)
    shown = {name: getattr(subscription, name) for name in RecordedSubscriptionSchema().fields}
    return shown | {"secret": secret}


@blp.route("")
@allow(Role.PARTNER)
@blp.arguments(PageQuery, location="query")
@blp.response(200, SubscriptionPageSchema)
def subscriptions(arguments: dict[str, Any]) -> dict[str, Any]:
    """The caller's subscriptions, newest first."""
    query = queries.subscriptions_of(caller())
    return page(session(), query, Subscription.id, arguments["cursor"], arguments["size"])


@blp.route("/<uuid:subscription_id>", methods=["DELETE"])
@allow(Role.PARTNER)
@blp.response(204)
def delete(subscription_id: uuid.UUID) -> None:
    """Stop a subscription for good."""
    actions.delete(queries.subscription_of(session(), subscription_id, caller()))


@blp.route("/<uuid:subscription_id>/secret", methods=["POST"])
@allow(Role.PARTNER)
@blp.response(201, SecretSchema)
def replace_secret(subscription_id: uuid.UUID) -> dict[str, Any]:
    """Replace the secret; messages are signed with both for 24 hours."""
    subscription = queries.subscription_of(session(), subscription_id, caller())
    secret = actions.replace_secret(runtime().vault, subscription)
    return {"secret": secret, "previous_secret_until": subscription.previous_secret_until}


@blp.route("/<uuid:subscription_id>/activation", methods=["POST"])
@allow(Role.PARTNER)
@blp.response(200, RecordedSubscriptionSchema)
def activate(subscription_id: uuid.UUID) -> Subscription:
    """Let a disabled subscription be told of events again. What came meanwhile is in the partners' stream."""
    return actions.activate(queries.subscription_of(session(), subscription_id, caller()))
