"""Events set aside for an operator: listed, replayed after the fix, or discarded with a reason. Never deleted."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.ids import new_id
from onex.messaging.heard import ATTEMPT, PREFIX
from onex.messaging.publisher import Outgoing

_PARK = text(
    "INSERT INTO parked (id, consumer, event_id, headers, body, code, reason, attempts)"
    " SELECT :id, :consumer, CAST(:event_id AS uuid), CAST(:headers AS jsonb), :body, :code, :reason, :attempts"
    " WHERE NOT EXISTS (SELECT FROM parked WHERE outcome IS NULL AND consumer = :consumer AND body = :body"
    " AND event_id IS NOT DISTINCT FROM CAST(:event_id AS uuid))"
)
_LIST = text(
    "SELECT id, consumer, event_id, headers, code, reason, attempts, parked_at FROM parked"
    " WHERE outcome IS NULL ORDER BY parked_at LIMIT :limit"
)
_SETTLE = text(
    "UPDATE parked SET outcome = :outcome, decided_at = now(), decided_by = :who, note = :note"
    " WHERE id = :id AND outcome IS NULL RETURNING id"
)


def park(
    session: Session, consumer: str, headers: Mapping[str, Any], body: bytes, code: str, reason: str, attempts: int
) -> None:
    """Keep the message as it came, byte for byte, with why; one that waits here already is not kept twice."""
    event_id = headers.get(f"{PREFIX}id")
    session.execute(
        _PARK,
        {
            "id": new_id(),
            "consumer": consumer,
            "event_id": event_id if _is_uuid(event_id) else None,
            "headers": json.dumps(_storable(dict(headers)), default=str),
            "body": bytes(body),
            "code": code,
            "reason": reason[:2000],
            "attempts": attempts,
        },
    )


def waiting(session: Session, limit: int = 100) -> list[Any]:
    """The parked events nobody has decided about, oldest first."""
    return list(session.execute(_LIST, {"limit": limit}))


def one(session: Session, parked_id: uuid.UUID) -> Any | None:
    """The parked event with everything that is kept of it."""
    return session.execute(text("SELECT * FROM parked WHERE id = :id"), {"id": parked_id}).first()


def count(session: Session) -> int:
    """How many wait."""
    return session.execute(text("SELECT count(*) FROM parked WHERE outcome IS NULL")).scalar_one()


def settle(session: Session, parked_id: uuid.UUID, outcome: str, who: str, note: str) -> bool:
    """Mark it replayed or discarded, once; False when somebody else already did."""
    row = session.execute(_SETTLE, {"id": parked_id, "outcome": outcome, "who": who, "note": note}).first()
    return row is not None


def as_outgoing(row: Any) -> Outgoing:
    """The message to send a parked event to its queue again, with a fresh count of attempts."""
    headers = {name: value for name, value in row.headers.items() if name != ATTEMPT and not name.startswith("x-")}
    return Outgoing("", row.consumer, headers, bytes(row.body))


def _is_uuid(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


def _storable(value: Any) -> Any:
    """The value without what PostgreSQL's jsonb refuses: a message that cannot be parked would come back for ever."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else _storable(str(value))
