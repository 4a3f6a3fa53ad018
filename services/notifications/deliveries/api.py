"""Doors: a subscription's deliveries."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, session
from services.notifications.deliveries import actions, queries
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.schemas import DeliveryPageSchema, DeliverySchema
from services.notifications.subscriptions.queries import subscription_of

blp = Blueprint("deliveries", "deliveries", url_prefix="/subscriptions", description="What was delivered")


@blp.route("/<uuid:subscription_id>/deliveries")
@allow(Role.PARTNER)
@blp.arguments(PageQuery, location="query")
@blp.response(200, DeliveryPageSchema)
def deliveries(arguments: dict[str, Any], subscription_id: uuid.UUID) -> dict[str, Any]:
    """The deliveries of one of the caller's subscriptions, newest first."""
    subscription = subscription_of(session(), subscription_id, caller())
    query = queries.deliveries_of(subscription.id)
    return page(session(), query, Delivery.id, arguments["cursor"], arguments["size"])


@blp.route("/<uuid:subscription_id>/deliveries/<uuid:delivery_id>/replay", methods=["POST"])
@allow(Role.PARTNER)
@blp.response(202, DeliverySchema)
def replay(subscription_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    """Send a delivery again, under the same webhook-id."""
    subscription = subscription_of(session(), subscription_id, caller())
    return actions.replay(session(), subscription, queries.delivery_of(session(), subscription.id, delivery_id))
