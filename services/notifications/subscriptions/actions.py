"""Partners subscribe, change their secret, stop and go on."""

import base64
import secrets
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from services.notifications.channels.signing import SECRET_PREFIX, SECRET_PURPOSE
from services.notifications.subscriptions import queries, rules
from services.notifications.subscriptions.models import Subscription

SECRET_BYTES = 32


def subscribe(
    session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller, allow_private: bool
) -> tuple[Subscription, str]:
    """Record a subscription; returns it with its secret, which is never shown again."""
    rules.check_url(body["url"], allow_private=allow_private)
    rules.check_count(queries.count(session, by))
    secret, now = _new_secret(), clock.now()
    subscription = Subscription(
        **body,
        id=new_id(),
        client_id=by.client_id,
        sealed_secret=vault.seal(secret.encode(), SECRET_PURPOSE),
        state="active",
        created_at=now,
        told_since=now,
    )
    session.add(subscription)
    session.flush()
    return subscription, secret


def replace_secret(vault: Vault, subscription: Subscription) -> str:
    """Give a subscription a new secret; the one before signs beside it for 24 hours. Returns the new one."""
    secret = _new_secret()
    subscription.sealed_previous_secret = subscription.sealed_secret
    subscription.previous_secret_until = clock.now() + rules.PREVIOUS_SECRET_LIVES
    subscription.sealed_secret = vault.seal(secret.encode(), SECRET_PURPOSE)
    return secret


def delete(subscription: Subscription) -> None:
    """Stop a subscription for good; what was not delivered is given up soon (deliveries/giving_up.py), the record stays."""
    subscription.state = "deleted"


def activate(subscription: Subscription) -> Subscription:
    """Let a disabled subscription be told of events again.

    What was given up can be replayed. Of what was noted meanwhile there are no deliveries: the partners' stream has it.
    """
    if subscription.state != "active":
        subscription.told_since = clock.now()
    subscription.state, subscription.disabled_reason, subscription.failing_since = "active", None, None
    return subscription


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
