"""What the credit bank says."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposited:
    """One certificate's credit in one learner's account."""

    deposit_id: uuid.UUID
    certificate_id: uuid.UUID
    learner_id: uuid.UUID
    credit_hundredths: int
    """Credit in hundredths, so that no sum is ever rounded."""
    traceparent: str
    """The trace of the certificate, which its deposit carries on (W3C Trace Context)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsDeposited(Event):
    """The credit of certificates was booked to their learners' accounts (PP-45): at most 500 deposits, booked together."""

    producer: ClassVar[str] = "creditbank"
    name: ClassVar[str] = "credits_deposited"
    subject: ClassVar[str] = "booking_id"

    booking_id: uuid.UUID
    deposited_at: Moment
    deposits: tuple[Deposited, ...]
