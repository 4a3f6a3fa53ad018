"""Partners subscribe, change their secret, stop and go on."""

import base64
import secrets
from typing import Any

from sqlalchemy import text

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
    secret = _new_secret()
    subscription = Subscription(
        **body,
        id=new_id(),
        client_id=by.client_id,
        sealed_secret=vault.seal(secret.encode(), SECRET_PURPOSE),
        state="active",
        created_at=clock.now(),
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


def delete(session: UnitOfWork, subscription: Subscription) -> None:
    """Stop a subscription for good; what was not delivered is given up, the record of it stays."""
    subscription.state = "deleted"
    session.flush()
    session.execute(
        text(
            "UPDATE delivery SET state = 'failed', last_error_code = 'subscription_deleted'"
            " WHERE subscription_id = :id AND state = 'pending'"
        ),
        {"id": subscription.id},
    )


def activate(subscription: Subscription) -> Subscription:
    """Let a disabled subscription be told of events again; what it missed can be replayed."""
    subscription.state, subscription.disabled_reason, subscription.failing_since = "active", None, None
    return subscription


def _new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
