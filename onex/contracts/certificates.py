"""What the certificates service says."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Event):
    """A certificate exists, is signed and can be verified by anyone. Leaves the platform: names no person."""

    producer: ClassVar[str] = "certificates"
    name: ClassVar[str] = "certificate_issued"
    subject: ClassVar[str] = "certificate_id"

    certificate_id: uuid.UUID
    number: str
    result_id: uuid.UUID
    learner_id: uuid.UUID
    """Derived with a secret key: the same learner, and nobody outside can tell who."""
    certificate_type_id: uuid.UUID
    certificate_type_code: str
    level: Literal["primary", "intermediate", "advanced"]
    standard_version: str
    teo_id: uuid.UUID
    """The TEO that answers for it (PP-07)."""
    college_id: uuid.UUID | None
    issued_on: date
    entered_at: Moment
    credential_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStandingChanged(Event):
    """A certificate is suspended, valid again, revoked or replaced. Leaves the platform: names no person, gives no free text."""

    producer: ClassVar[str] = "certificates"
    name: ClassVar[str] = "certificate_standing_changed"
    subject: ClassVar[str] = "certificate_id"

    certificate_id: uuid.UUID
    certificate_version: int
    """The issue is 1; each change one more. A reader takes only a newer one."""
    number: str
    standing: Literal["valid", "suspended", "revoked", "replaced"]
    reason: Literal[
        "result_annulled", "issued_in_error", "obtained_by_fraud", "under_investigation", "cleared", "corrected"
    ]
    learner_id: uuid.UUID
    certificate_type_id: uuid.UUID
    level: Literal["primary", "intermediate", "advanced"]
    teo_id: uuid.UUID
    college_id: uuid.UUID | None
    successor_id: uuid.UUID | None = None
    """Where it is replaced: the certificate that stands in its place. It was not issued anew and earns no credit of its own."""
    successor_number: str | None = None
    changed_at: Moment
    certificate_type_code: str | None = None
    """As subscriptions name types. What was said before this field was added is without it: it is in the number, too."""
