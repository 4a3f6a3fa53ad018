"""What the credit bank says."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from onex.contracts.event import Event, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditDeposited(Event):
    """A certificate's credit was booked to a learner's account (PP-45)."""

    producer: ClassVar[str] = "creditbank"
    name: ClassVar[str] = "credit_deposited"
    subject: ClassVar[str] = "deposit_id"

    deposit_id: uuid.UUID
    certificate_id: uuid.UUID
    learner_id: uuid.UUID
    credit_hundredths: int
    """Credit in hundredths, so that no sum is ever rounded."""
    deposited_at: Moment
