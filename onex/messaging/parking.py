"""Events set aside for an operator: listed, replayed after the fix, or discarded with a reason. Never deleted."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.ids import new_id
from onex.messaging.heard import ATTEMPT, PREFIX
from onex.messaging.publisher import Outgoing

_PARK = text(
    "INSERT INTO parked (id, consumer, event_id, headers, body, code, reason, attempts)"
    " SELECT :id, :consumer, CAST(:event_id AS uuid), CAST(:headers AS jsonb), :body, :code, :reason, :attempts"
    # FOR SHARE: one that is being replayed at this moment (take) may be back here before its replay is committed. Without
    # waiting for that it would look as if it waited here still, and then be marked as replayed: it would be gone.
    " WHERE NOT EXISTS (SELECT FROM parked WHERE outcome IS NULL AND consumer = :consumer AND body = :body"
    " AND event_id IS NOT DISTINCT FROM CAST(:event_id AS uuid) FOR SHARE)"
)
_SELECTED = """
    FROM parked WHERE outcome IS NULL AND parked_at <= :until AND parked_at >= :since
    AND (CAST(:id AS uuid) IS NULL OR id = :id) AND (CAST(:after AS uuid) IS NULL OR id > :after)
    AND (CAST(:code AS text) IS NULL OR code = :code) AND (CAST(:consumer AS text) IS NULL OR consumer = :consumer)
"""
_LIST = text(
    f"SELECT id, consumer, event_id, headers, code, reason, attempts, parked_at {_SELECTED} ORDER BY id LIMIT :limit"
)
_TAKE = text(f"SELECT * {_SELECTED} ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED")
_SETTLE = text(
    "UPDATE parked SET outcome = :outcome, decided_at = now(), decided_by = :who, note = :note"
    " WHERE id = ANY (CAST(:ids AS uuid[])) AND outcome IS NULL RETURNING id"
)
_STANDING = text(
    "SELECT count(*) AS count, COALESCE(EXTRACT(epoch FROM now() - min(parked_at)), 0) AS oldest_s FROM parked"
    " WHERE outcome IS NULL"
)


@dataclass(frozen=True)
class Selection:
    """Which of the parked events are meant; None leaves open."""

    id: uuid.UUID | None = None
    code: str | None = None
    consumer: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def parameters(self, limit: int, after: uuid.UUID | None) -> dict[str, Any]:
        open_ends = {"since": self.since or datetime.min, "until": self.until or datetime.max}
        return asdict(self) | open_ends | {"limit": limit, "after": after}


EVERYTHING = Selection()


def park(
    session: Session, consumer: str, headers: Mapping[str, Any], body: bytes, code: str, reason: str, attempts: int
) -> None:
    """Keep the message as it came, byte for byte, with why; one that waits here already is not kept twice."""
    session.execute(
        _PARK,
        {
            "id": new_id(),
            "consumer": consumer,
            "event_id": _uuid(headers.get(f"{PREFIX}id")),
            "headers": json.dumps(_storable(dict(headers)), default=str),
            "body": bytes(body),
            "code": code,
            "reason": reason[:2000],
            "attempts": attempts,
        },
    )


def waiting(
    session: Session, limit: int = 100, selection: Selection = EVERYTHING, after: uuid.UUID | None = None
) -> list[Any]:
    """The parked events nobody has decided about, oldest first; a next page begins `after` the last id of this one."""
    return list(session.execute(_LIST, selection.parameters(limit, after)))


def take(session: Session, limit: int, selection: Selection, after: uuid.UUID | None = None) -> list[Any]:
    """The same with everything that is kept of them, and locked: what another operator has taken is not among them."""
    return list(session.execute(_TAKE, selection.parameters(limit, after)))


def one(session: Session, parked_id: uuid.UUID) -> Any | None:
    """The parked event with everything that is kept of it."""
    return session.execute(text("SELECT * FROM parked WHERE id = :id"), {"id": parked_id}).first()


def count(session: Session) -> int:
    """How many wait."""
    return standing(session)[0]


def standing(session: Session) -> tuple[int, float]:
    """How many wait, and for how many seconds the oldest has."""
    row = session.execute(_STANDING).one()
    return int(row[0]), float(row[1])  # `count` is also a method of a row


def settle(session: Session, parked_id: uuid.UUID, outcome: str, who: str, note: str) -> bool:
    """Mark it replayed or discarded, once; False when somebody else already did."""
    return settle_all(session, [parked_id], outcome, who, note) == 1


def settle_all(session: Session, ids: Sequence[uuid.UUID], outcome: str, who: str, note: str) -> int:
    """Mark them; how many nobody had decided about before."""
    rows = session.execute(_SETTLE, {"ids": list(ids), "outcome": outcome, "who": who, "note": note})
    return len(rows.all())


def as_outgoing(row: Any) -> Outgoing:
    """The message to send a parked event to its queue again, with a fresh count of attempts."""
    headers = {name: value for name, value in row.headers.items() if name != ATTEMPT and not name.startswith("x-")}
    return Outgoing("", row.consumer, headers, bytes(row.body))


def _uuid(value: Any) -> str | None:
    """In the one spelling that PostgreSQL reads: Python reads more of them (`urn:uuid:…`)."""
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return None


def _storable(value: Any) -> Any:
    """The value without what PostgreSQL's jsonb refuses: a message that cannot be parked would come back for ever."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode().replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else _storable(str(value))
