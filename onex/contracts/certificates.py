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
