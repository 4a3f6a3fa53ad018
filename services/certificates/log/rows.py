"""A certificate's row as its entry seals it: whatever of it is altered afterwards, the audit finds.

An entry says the SHA-256 of the row's columns, of those that never change. PostgreSQL makes it, in the one expression below,
for the sequencer as for the audit. Nobody can guess a row from it: the name's blind index is among the columns, and is keyed.
"""

from sqlalchemy import DateTime, LargeBinary

from services.certificates.issuing.models import Certificate

SEALED = (
    "id", "number", "result_id", "learner_id", "name_index", "sealed_name", "masked_name", "certificate_type_id",
    "type_code", "level", "standard_version", "teo_id", "college_id", "issued_on", "entered_at", "published_at",
    "status_list", "status_index", "replaces", "source", "foreign_number", "sitting_id",
)  # fmt: skip
"""In this order, for ever. A column that comes later needs a new version of entries."""
NOT_SEALED = {
    "credential": "the entry says its digest",
    "state": "the entry's kind says it",
    "version": "counts the entries",
    "entry_due_on": "judged again when the calendar changes (OP-32)",
    "entered_late": "the same",
}


def _written(name: str) -> str:
    """The column in SQL, so that its text depends on no setting of the connection."""
    column = Certificate.__table__.columns[name]
    if isinstance(column.type, DateTime):
        return f"certificate.{name} AT TIME ZONE 'UTC'"
    return f"encode(certificate.{name}, 'hex')" if isinstance(column.type, LargeBinary) else f"certificate.{name}"


_COLUMNS = ", ".join(_written(name) for name in SEALED)
DIGEST = f"encode(sha256(convert_to(CAST(jsonb_build_array({_COLUMNS}) AS text), 'UTF8')), 'hex')"
"""SQL: the digest of a row of `certificate`, in hex."""
