"""The counts of OP-32, kept as certificates are entered and judged: counting millions would take a request seconds."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.database import in_order, uuid_array

_ADD = text(
    "INSERT INTO entry_tally (teo_id, on_time, late, unknown) SELECT * FROM"
    " unnest(CAST(:teo_ids AS uuid[]), CAST(:on_time AS bigint[]), CAST(:late AS bigint[]), CAST(:unknown AS bigint[]))"
)
# What another process adds meanwhile is neither taken away nor summed.
_FOLD = text(
    "WITH parts AS (DELETE FROM entry_tally WHERE teo_id IN"
    " (SELECT teo_id FROM entry_tally GROUP BY teo_id HAVING count(*) > 1) RETURNING *)"
    " INSERT INTO entry_tally (teo_id, on_time, late, unknown)"
    " SELECT teo_id, sum(on_time), sum(late), sum(unknown) FROM parts GROUP BY teo_id"
)
Part = tuple[uuid.UUID, int, int, int]
"""A TEO, and how many of its certificates more are on time, late, not judged."""


def entered(session: Session, certificates: Iterable[tuple[uuid.UUID, bool | None]]) -> None:
    """Count certificates that are entered, each by its TEO and whether it is late (None: not judged yet)."""
    counts = Counter(certificates)
    teo_ids = in_order(teo_id for teo_id, _ in counts)
    add(session, [(one, counts[one, False], counts[one, True], counts[one, None]) for one in teo_ids])


def add(session: Session, parts: Sequence[Part]) -> None:
    """Add to the counts of TEOs."""
    if parts:
        teo_ids, on_time, late, unknown = zip(*parts, strict=True)
        counts = {"on_time": list(on_time), "late": list(late), "unknown": list(unknown)}
        session.execute(_ADD, {"teo_ids": uuid_array(teo_ids)} | counts)


def fold(session: Session) -> None:
    """Make one row of each TEO's rows; no count changes."""
    session.execute(_FOLD)
