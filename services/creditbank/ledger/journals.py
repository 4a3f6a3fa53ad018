"""Journals are claimed by their cause: a cause of one kind is booked once, whatever is heard twice and by however many."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, text

from onex.chassis.database import UnitOfWork, uuid_array
from onex.chassis.ids import new_ids

CERTIFICATE_CREDIT, CERTIFICATE_REVOKED = "certificate_credit", "certificate_revoked"
ENTRY_COLUMNS = ("id", "journal_id", "account_id", "amount_hundredths", "booked_at")

_CLAIM = text(
    "INSERT INTO journal (id, kind, cause_id, booked_at) SELECT one.id, :kind, one.cause_id, :now"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:causes AS uuid[])) AS one (id, cause_id)"
    " ON CONFLICT (kind, cause_id) DO NOTHING"
)
_CLAIMED = text("SELECT cause_id, id FROM journal WHERE id = ANY(CAST(:ids AS uuid[]))")


def claim(session: UnitOfWork, kind: str, causes: Sequence[uuid.UUID], now: datetime) -> dict[uuid.UUID, uuid.UUID]:
    """The journal of each cause that had none. Nearly always that is all of them, and then nothing is read."""
    ids = new_ids(len(causes))
    array = uuid_array(ids)
    values = {"kind": kind, "now": now, "ids": array, "causes": uuid_array(causes)}
    if cast("CursorResult[Any]", session.execute(_CLAIM, values)).rowcount == len(causes):
        return dict(zip(causes, ids, strict=True))
    return {row.cause_id: row.id for row in session.execute(_CLAIMED, {"ids": array})}
