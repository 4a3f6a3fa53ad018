"""What was not delivered when its subscription ended is given up, some at a time.

Whoever disables or deletes a subscription changes that row alone: millions may be pending, and one statement over all of them
would run into its time limit, and hold up what everybody else's attempts came to, for ever.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

AT_ONCE = 1_000
# In the order of the index of what is due: by any other, what was delivered long ago would be walked through.
_GIVE_UP = text(
    """
    WITH left_over AS (
        SELECT next.id, subscription.state FROM subscription
        CROSS JOIN LATERAL (
            SELECT delivery.id FROM delivery
            WHERE delivery.subscription_id = subscription.id AND delivery.state = 'pending'
            ORDER BY delivery.next_attempt_at LIMIT :most
            FOR UPDATE SKIP LOCKED
        ) AS next
        WHERE subscription.state <> 'active' LIMIT :most
    )
    UPDATE delivery SET state = 'failed', last_error_code = COALESCE(last_error_code, 'subscription_' || left_over.state)
    FROM left_over WHERE delivery.id = left_over.id
    """
)


def give_up(session: Session, most: int = AT_ONCE) -> bool:
    """Give up what is pending for subscriptions that are not active; True when there may be more.

    A delivery that was made while its subscription was being deleted is found here too.
    """
    return session.execute(_GIVE_UP, {"most": most}).rowcount == most  # type: ignore[attr-defined]
