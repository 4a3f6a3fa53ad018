"""Each event is handled once: its claim is a row in the transaction that handles it."""

import uuid
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.database import in_order, uuid_array

# Nearly always all of them are new, and then none is named.
_CLAIM = text(
    "WITH new AS (INSERT INTO inbox (consumer, event_id) SELECT :consumer, unnest(CAST(:ids AS uuid[]))"
    " ON CONFLICT DO NOTHING RETURNING event_id)"
    " SELECT CASE WHEN count(*) < :count THEN coalesce(array_agg(event_id), '{}') END FROM new"
)
_START = text(
    "INSERT INTO event_start (consumer, event_id, starts) VALUES (:consumer, :id, 1)"
    " ON CONFLICT (consumer, event_id) DO UPDATE SET starts = event_start.starts + 1, last_started_at = now()"
    " RETURNING starts"
)


def claim(session: Session, consumer: str, event_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """The ids that nobody has handled before; the claim stands or falls with the session's transaction."""
    # In order, so that two consumers that hold the same redelivered events wait for each other and never deadlock.
    ids = in_order(event_ids)
    values = {"consumer": consumer, "ids": uuid_array(ids), "count": len(ids)}
    some: list[uuid.UUID] | None = session.execute(_CLAIM, values).scalar_one()
    return set(ids if some is None else some)


def note_start(session: Session, consumer: str, event_id: uuid.UUID) -> int:
    """Count a start of an event that may have killed its process; committed before the event is handled."""
    return session.execute(_START, {"consumer": consumer, "id": event_id}).scalar_one()


def is_claimed(session: Session, consumer: str, event_id: uuid.UUID) -> bool:
    """Whether the event was handled before."""
    query = text("SELECT EXISTS (SELECT FROM inbox WHERE consumer = :consumer AND event_id = :id)")
    return bool(session.execute(query, {"consumer": consumer, "id": event_id}).scalar_one())
