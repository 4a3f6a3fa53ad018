"""The counts of OP-32, kept as certificates are entered and judged: counting millions would take a request seconds."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.database import uuid_array

_ADD = text(
    "INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown) SELECT * FROM"
    " unnest(CAST(:teo_ids AS uuid[]), CAST(:type_ids AS uuid[]), CAST(:months AS date[]), CAST(:on_time AS bigint[]),"
    " CAST(:late AS bigint[]), CAST(:unknown AS bigint[]))"
)
# What another process adds meanwhile is neither taken away nor summed.
_FOLD = text(
    "WITH parts AS (DELETE FROM entry_tally WHERE (teo_id, certificate_type_id, month) IN"
    " (SELECT teo_id, certificate_type_id, month FROM entry_tally GROUP BY 1, 2, 3 HAVING count(*) > 1) RETURNING *)"
    " INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown)"
    " SELECT teo_id, certificate_type_id, month, sum(on_time), sum(late), sum(unknown) FROM parts GROUP BY 1, 2, 3"
)
Entered = tuple[uuid.UUID, uuid.UUID, date, bool | None]
"""A certificate: its TEO, its type, its day of issue, and whether it is late (None: not judged yet)."""
Part = tuple[uuid.UUID, uuid.UUID, date, int, int, int]
"""A TEO, a type, a month by its first day, and how many of their certificates more are on time, late, not judged."""


def entered(session: Session, certificates: Iterable[Entered]) -> None:
    """Count certificates that are entered."""
    months: dict[date, date] = {}
    counts: dict[tuple[uuid.UUID, uuid.UUID, date], list[int]] = {}
    for (teo_id, type_id, issued_on, late), count in Counter(certificates).items():
        month = months.setdefault(issued_on, issued_on.replace(day=1))
        of_one = counts.setdefault((teo_id, type_id, month), [0, 0, 0])
        of_one[place_of(late)] += count
    add(session, [(*one, three[0], three[1], three[2]) for one, three in counts.items()])


def place_of(late: bool | None) -> int:
    """Which of the three counts a certificate belongs to: on time 0, late 1, not judged 2."""
    return 2 if late is None else int(late)


def add(session: Session, parts: Sequence[Part]) -> None:
    """Add to the counts of TEOs."""
    if parts:
        teo_ids, type_ids, months, on_time, late, unknown = zip(*parts, strict=True)
        counts = {"months": list(months), "on_time": list(on_time), "late": list(late), "unknown": list(unknown)}
        session.execute(_ADD, {"teo_ids": uuid_array(teo_ids), "type_ids": uuid_array(type_ids)} | counts)


def fold(session: Session) -> None:
    """Make one row of the rows of a TEO's type and month; no count changes."""
    session.execute(_FOLD)
