"""Reads of deliveries."""

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.notifications.deliveries.models import Delivery


def deliveries_of(subscription_id: uuid.UUID) -> Select[Delivery]:
    return owned_by(select(Delivery), Delivery.subscription_id, subscription_id)


def delivery_of(session: Session, subscription_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    """One delivery of a subscription, locked; raise NotFound."""
    query = deliveries_of(subscription_id).where(Delivery.id == delivery_id).with_for_update(of=Delivery)
    return there(session.scalar(query))
