"""Certificate types as heard from the registry, the one-month clocks, and proposals."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.creditbank.tables import Base


class CertificateType(Base):
    """A certificate type as the registry last said it; a higher version replaces a lower."""

    __tablename__ = "certificate_type"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    type_version: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]


class CreditClock(Base):
    """The time a TEO has to propose the credit record of one published standard (OP-33)."""

    __tablename__ = "credit_clock"
    __table_args__ = (
        UniqueConstraint("certificate_type_id", "level", "standard_version", name="uq_credit_clock_standard"),
        Index("ix_credit_clock_due_on", "due_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    standard_version: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    released_on: Mapped[date]
    due_on: Mapped[date]
    type_version: Mapped[int]


class Proposal(Base):
    """What a TEO proposes one certificate of a type, level and standard to be worth. One for each standard."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("certificate_type_id", "level", "standard_version", name="uq_proposal_standard"),
        CheckConstraint("credit_hundredths > 0", name="credit"),
        CheckConstraint("state IN ('proposed', 'approved')", name="state"),
        Index("ix_proposal_teo_id", "teo_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    standard_version: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    credit_hundredths: Mapped[int]
    hours: Mapped[int]
    rationale: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    late: Mapped[bool]
    """Whether it came after the due day: the breach of OP-33 that stays on record."""
    proposed_on: Mapped[date]
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    proposed_by: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    approved_by: Mapped[str | None] = mapped_column(Text)
