"""The queue of deliveries: put in, taken under a lease, settled. Each in one statement, however many there are."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.database import in_order, uuid_array
from services.notifications.deliveries import rules
from services.notifications.deliveries.rules import Outcome

LEASE_S = 30
CHANNEL = "delivery"

_ADD = text(
    "INSERT INTO delivery (id, notice_id, subscription_id)"
    " SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:notices AS uuid[]), CAST(:subscriptions AS uuid[]))"
    " ON CONFLICT (notice_id, subscription_id) DO NOTHING"
)
_WAKE = text(f"SELECT pg_notify('{CHANNEL}', '')")
# Every subscription is asked for what is due, up to its own room: none can crowd out another.
_TAKE = text(
    """
    WITH room AS (
        SELECT one.id, one.most FROM unnest(CAST(:ids AS uuid[]), CAST(:most AS int[])) AS one (id, most)
    ), due AS (
        SELECT next.id FROM subscription LEFT JOIN room ON room.id = subscription.id
        CROSS JOIN LATERAL (
            SELECT delivery.id FROM delivery
            WHERE delivery.subscription_id = subscription.id AND delivery.state = 'pending'
                AND delivery.next_attempt_at <= :now
            ORDER BY delivery.next_attempt_at LIMIT COALESCE(room.most,
                CASE WHEN subscription.failing_since IS NULL THEN :most_of_others ELSE 1 END)
            FOR UPDATE SKIP LOCKED
        ) AS next
        WHERE subscription.state = 'active'
    )
    UPDATE delivery SET next_attempt_at = :lease_ends
    FROM due, notice, subscription
    WHERE delivery.id = due.id AND notice.event_id = delivery.notice_id
        AND subscription.id = delivery.subscription_id
    RETURNING delivery.id, delivery.attempts, delivery.subscription_id, notice.event_id, notice.name,
        notice.occurred_at, notice.body AS data, subscription.url, subscription.sealed_secret,
        subscription.sealed_previous_secret, subscription.previous_secret_until, subscription.failing_since
    """
)
# A replay locks a subscription, then a delivery: so does settling. Subscriptions that do well are not changed, nor locked.
_LOCK = text(
    """
    SELECT FROM subscription WHERE id = ANY(CAST(:ids AS uuid[]))
        AND (failing_since IS NOT NULL OR id = ANY(CAST(:failed AS uuid[])))
    ORDER BY id FOR NO KEY UPDATE
    """
)
_SETTLE = text(
    """
    UPDATE delivery SET state = one.state, attempts = one.attempts, last_status = one.status,
        last_error_code = one.code, next_attempt_at = COALESCE(one.next_attempt_at, delivery.next_attempt_at),
        delivered_at = CASE WHEN one.state = 'delivered' THEN :now END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[]), CAST(:states AS text[]), CAST(:statuses AS int[]),
        CAST(:codes AS text[]), CAST(:next_attempts_at AS timestamptz[]))
        AS one (id, attempts, state, status, code, next_attempt_at)
    WHERE delivery.id = one.id AND delivery.state <> 'delivered'
        AND (one.state = 'delivered' OR (delivery.state = 'pending' AND delivery.attempts = one.attempts - 1))
    """
)
_RELEASE = text("UPDATE delivery SET next_attempt_at = :now WHERE id = ANY(CAST(:ids AS uuid[])) AND state = 'pending'")
_MARK = text(
    """
    UPDATE subscription SET failing_since = CASE WHEN one.worked THEN NULL ELSE COALESCE(failing_since, :now) END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:worked AS bool[])) AS one (id, worked)
    WHERE subscription.id = one.id AND (failing_since IS NULL) <> one.worked
    """
)
# Its deliveries are given up later, some at a time (giving_up.py).
_DISABLE = text(
    """
    UPDATE subscription SET state = 'disabled', disabled_reason = CASE WHEN id = ANY(CAST(:gone AS uuid[]))
        THEN 'gone' ELSE 'failing_too_long' END
    WHERE state = 'active' AND (id = ANY(CAST(:gone AS uuid[]))
        OR (id = ANY(CAST(:telling AS uuid[])) AND failing_since <= :hopeless_since))
    """
)
_PENDING = text("SELECT count(*) FROM (SELECT 1 FROM delivery WHERE state = 'pending' LIMIT 100000) AS waiting")


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery under lease, with all that an attempt needs."""

    id: uuid.UUID
    attempts: int
    subscription_id: uuid.UUID
    event_id: uuid.UUID
    name: str
    occurred_at: datetime
    data: str
    url: str
    sealed_secret: str
    sealed_previous_secret: str | None
    previous_secret_until: datetime | None
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of an attempt."""

    due: Due
    outcome: Outcome
    status: int | None
    error_code: str | None
    next_attempt_at: datetime | None


def add(session: Session, ids: Sequence[uuid.UUID], pairs: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Put in a delivery for each (notice, subscription) that has none yet, and wake the senders at the commit."""
    if pairs:
        notices, subscriptions = zip(*pairs, strict=True)
        session.execute(
            _ADD, {"ids": uuid_array(ids), "notices": uuid_array(notices), "subscriptions": uuid_array(subscriptions)}
        )
        wake(session)


def wake(session: Session) -> None:
    """Wake the senders when the transaction commits."""
    session.execute(_WAKE)


def take(
    session: Session, room: Mapping[uuid.UUID, int], *, most_of_others: int = rules.QUEUED, lease_s: float = LEASE_S
) -> list[Due]:
    """Take what is due: of each subscription up to its `room`, of those not named up to `most_of_others`, or
    one while they fail.

    Nobody else takes it before the lease ends; a sender that dies only delays it so long.
    """
    now = clock.now()
    rows = session.execute(
        _TAKE,
        {
            "ids": list(room),
            "most": list(room.values()),
            "most_of_others": most_of_others,
            "now": now,
            "lease_ends": now + timedelta(seconds=lease_s),
        },
    )
    return [Due(*row) for row in rows]


def settle(session: Session, settled: Sequence[Settled]) -> None:
    """Write what came of attempts, and what it says of their subscriptions. Repeating it changes nothing.

    An attempt whose lease had ended and that somebody else settled before only counts when it got through.
    """
    if not settled:
        return
    now = clock.now()
    had: dict[Outcome, set[uuid.UUID]] = {outcome: set() for outcome in Outcome}
    for one in settled:
        had[one.outcome].add(one.due.subscription_id)
    worked, failed = had[Outcome.DELIVERED], had[Outcome.RETRIED] | had[Outcome.FAILED] | had[Outcome.GONE]
    marked = in_order(worked | failed)
    session.execute(_LOCK, {"ids": uuid_array(marked), "failed": uuid_array(failed)})
    states = {Outcome.DELIVERED: "delivered", Outcome.RETRIED: "pending"}
    session.execute(
        _SETTLE,
        {
            "now": now,
            "ids": uuid_array(one.due.id for one in settled),
            "attempts": [one.due.attempts + 1 for one in settled],
            "states": [states.get(one.outcome, "failed") for one in settled],
            "statuses": [one.status for one in settled],
            "codes": [one.error_code for one in settled],
            "next_attempts_at": [one.next_attempt_at for one in settled],
        },
    )
    session.execute(_MARK, {"now": now, "ids": marked, "worked": [key in worked for key in marked]})
    hopeless_since = now - rules.PATIENCE
    gone, telling = had[Outcome.GONE], {one.due.subscription_id for one in settled if _tells(one, hopeless_since)} - worked
    if gone or telling:
        session.execute(
            _DISABLE, {"gone": uuid_array(gone), "telling": uuid_array(telling), "hopeless_since": hopeless_since}
        )


def _tells(one: Settled, hopeless_since: datetime) -> bool:
    """Whether a failure says that nothing got through in all the time: its delivery was given up, or has waited so long."""
    return one.outcome is Outcome.FAILED or (one.outcome is Outcome.RETRIED and one.due.occurred_at <= hopeless_since)


def release(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Give back what was taken and not tried."""
    if ids:
        session.execute(_RELEASE, {"now": clock.now(), "ids": uuid_array(ids)})


def pending(session: Session) -> int:
    """How many are not delivered and not given up, counted up to 100,000."""
    return int(session.execute(_PENDING).scalar_one())
