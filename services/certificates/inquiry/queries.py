"""Reads of batch inquiries."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from onex.chassis.problems import NotFound
from services.certificates.inquiry import batch
from services.certificates.inquiry.actions import KEPT_FOR
from services.certificates.inquiry.errors import BatchFailed, NotFinished, ResultsExpired

_JOB = text("SELECT owner_id, created_by, state, created_at FROM job WHERE id = :id AND kind = :kind")
# The certificates as they stand now: one that was revoked since is shown as revoked.
_ANSWERS = text("""
    SELECT a.row_number, a.number, c.id IS NOT NULL AS found, c.state, c.masked_name, c.type_code, t.name_zh AS type_zh,
           t.name_en AS type_en, c.level, o.name_zh AS teo_zh, o.name_en AS teo_en, c.issued_on
    FROM batch_inquiry_answer a
    LEFT JOIN certificate c ON c.id = a.certificate_id
    LEFT JOIN certificate_type t ON t.id = c.certificate_type_id
    LEFT JOIN teo o ON o.id = c.teo_id
    WHERE a.job_id = :id
""")
_REFUSED = text(
    "SELECT DISTINCT ON (row_number) row_number, code, reason, reason_zh FROM job_refusal WHERE job_id = :id"
    " ORDER BY row_number, seq"
)


def results(session: Session, who: Caller, job_id: uuid.UUID, now: datetime) -> list[dict[str, Any]]:
    """What each row of the caller's own batch found, in the order in which it was sent.

    Raises NotFound, NotFinished, BatchFailed, ResultsExpired.
    """
    job = session.execute(_JOB, {"id": job_id, "kind": batch.KIND}).mappings().first()
    if job is None or not _is_of(job, who):
        raise NotFound()
    if job["created_at"] + KEPT_FOR <= now:
        raise ResultsExpired()
    if job["state"] == "failed":
        raise BatchFailed()
    if job["state"] != "done":
        raise NotFinished()
    rows = [_answered(row) for row in session.execute(_ANSWERS, {"id": job_id}).mappings()]
    rows += [_refused(row) for row in session.execute(_REFUSED, {"id": job_id}).mappings()]
    return sorted(rows, key=lambda row: row["row"])


def _is_of(job: RowMapping, who: Caller) -> bool:
    owner = job["owner_id"]
    return bool(job["created_by"] == who.client_id or (owner is not None and owner == who.organization_id))


def _answered(row: RowMapping) -> dict[str, Any]:
    outcome = {"row": row["row_number"], "outcome": "found" if row["found"] else "not_found", "number": row["number"]}
    return outcome | {name: row[name] for name in FACTS} if row["found"] else outcome


def _refused(row: RowMapping) -> dict[str, Any]:
    return {"row": row["row_number"], "outcome": "malformed"} | {
        name: row[name] for name in ("code", "reason", "reason_zh")
    }


FACTS = (
    "state", "masked_name", "type_code", "type_zh", "type_en", "level", "teo_zh", "teo_en", "issued_on",
)  # fmt: skip
COLUMNS = ("row", "outcome", "number", *FACTS, "code", "reason", "reason_zh")
