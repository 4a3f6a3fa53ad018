"""Accounts. They hold no balance: that is the sum of their entries."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from services.creditbank.tables import Base


class Account(Base):
    """A learner's personal account (PP-23), or the account that credit of one certificate type is issued from."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'learner' AND learner_id IS NOT NULL AND certificate_type_id IS NULL) OR"
            " (kind = 'issuance' AND learner_id IS NULL AND certificate_type_id IS NOT NULL)",
            name="kind",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    learner_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    certificate_type_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
