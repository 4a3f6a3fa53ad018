"""Batch inquiries are taken on, and what is spent is forgotten."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import text

from onex.chassis import clock, jobs
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.certificates.inquiry import batch, sharing
from services.certificates.inquiry.limits import HOUR_S, TooManyRequests

KEPT_FOR = timedelta(days=7)
FORGET_AT_ONCE = 20_000
_ONE_DAY = timedelta(days=1)
_SENT = text(
    "SELECT created_at FROM job WHERE id > :since AND kind = :kind AND created_by = :by ORDER BY id DESC LIMIT :allowed"
)
# As an array they are looked up once; joined, they may be looked up again for every row.
_FORGET = text(
    "DELETE FROM batch_inquiry_answer WHERE ctid = ANY(ARRAY"
    "(SELECT ctid FROM batch_inquiry_answer WHERE job_id < :before ORDER BY job_id LIMIT :most))"
)


def accept(
    session: UnitOfWork, vault: Vault, by: Caller, allowed: int, *, form: str, source: bytes, file_name: str | None
) -> uuid.UUID:
    """OP-32: take a batch on as a job; returns its id. `allowed` batches a caller may send in 24 hours, 0 for any number.

    Raises TooManyRequests.
    """
    if allowed:
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:by))"), {"by": f"{batch.KIND} {by.client_id}"})
        now = clock.now()
        asked = {"since": _first_id(now - _ONE_DAY), "kind": batch.KIND, "by": by.client_id, "allowed": allowed}
        sent = session.scalars(_SENT, asked).all()
        if len(sent) == allowed:
            raise TooManyRequests(max(1, int((sent[-1] + _ONE_DAY - now).total_seconds()) + 1))
    return jobs.accept(
        session, vault, batch.KIND, owner_id=by.organization_id, created_by=by.client_id, parameters={"form": form},
        source=source, file_name=file_name,
    )  # fmt: skip


def forget(session: UnitOfWork, now: datetime) -> bool:
    """Drop the answers of batches that are older than KEPT_FOR, and counts of misses that no limit looks at any more.
    True when there is more to drop."""
    session.execute(text(sharing.FORGET), {"hour": int(now.timestamp() // HOUR_S) - 1})
    dropped = session.execute(_FORGET, {"before": _first_id(now - KEPT_FOR), "most": FORGET_AT_ONCE})
    return dropped.rowcount == FORGET_AT_ONCE  # type: ignore[attr-defined,no-any-return]


def _first_id(moment: datetime) -> uuid.UUID:
    """The least UUIDv7 of that millisecond (RFC 9562 section 5.7)."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)
