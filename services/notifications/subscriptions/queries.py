"""Reads of subscriptions."""

import uuid

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from onex.chassis.problems import there
from services.notifications.subscriptions.models import Subscription


def subscriptions_of(who: Caller) -> Select[Subscription]:
    """The caller's own subscriptions."""
    return select(Subscription).where(Subscription.client_id == who.client_id, Subscription.state != "deleted")


def subscription_of(session: Session, subscription_id: uuid.UUID, who: Caller) -> Subscription:
    """One of the caller's own subscriptions, locked; raise NotFound for any other."""
    query = subscriptions_of(who).where(Subscription.id == subscription_id).with_for_update()
    return there(session.scalar(query))


def count(session: Session, who: Caller) -> int:
    return session.scalar(select(func.count()).select_from(subscriptions_of(who).subquery())) or 0


def active(session: Session) -> list[Subscription]:
    """Every subscription that is told of events now."""
    return list(session.scalars(select(Subscription).where(Subscription.state == "active")))
