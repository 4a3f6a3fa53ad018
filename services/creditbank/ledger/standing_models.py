"""What became of certificates after they were issued, and of the credit that was booked for them.

A deposit is never changed: a hold lies on it, a reversal undoes it by entries of its own, a bearer says under which number its
credit stands now. All three belong to the certificate that was issued first, whose deposit it is.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.creditbank.ledger.rules import STANDINGS
from services.creditbank.tables import Base


class CertificateStanding(Base):
    """A certificate whose standing ever changed, as certificates last said it; a higher version replaces a lower.

    A certificate that is not here is valid, or was never issued.
    """

    __tablename__ = "certificate_standing"
    __table_args__ = (
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
        CheckConstraint("(standing = 'replaced') = (successor_id IS NOT NULL)", name="successor"),
        Index(
            "ix_certificate_standing_successor_id", "successor_id", postgresql_where=text("successor_id IS NOT NULL")
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The certificate's."""
    version: Mapped[int]
    number: Mapped[str] = mapped_column(Text)
    standing: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    successor_id: Mapped[uuid.UUID | None]
    successor_number: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Hold(Base):
    """Credit that does not count as available while its certificate is suspended."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("uq_hold_open", "certificate_id", unique=True, postgresql_where=text("released_at IS NULL")),
        Index("ix_hold_open_learner_id", "learner_id", postgresql_where=text("released_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deposit.certificate_id"))
    learner_id: Mapped[uuid.UUID]
    credit_hundredths: Mapped[int]
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Reversal(Base):
    """The journal that gave a revoked certificate's credit back; append-only like the deposit it undoes."""

    __tablename__ = "reversal"

    certificate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deposit.certificate_id"), primary_key=True)
    journal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    reversed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Bearer(Base):
    """The certificate that stands in place of the one a deposit was booked for, and bears its credit."""

    __tablename__ = "bearer"

    certificate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The certificate that was issued first."""
    bearer_id: Mapped[uuid.UUID]
    bearer_number: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class UnbookedCertificate:
    """What is kept of a certificate that was said and is not booked: the fields of `actions.Certificate`."""

    certificate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    learner_id: Mapped[uuid.UUID]
    number: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID]
    certificate_type_code: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    standard_version: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]
    event_id: Mapped[uuid.UUID]
    traceparent: Mapped[str] = mapped_column(Text)


class WithheldCertificate(UnbookedCertificate, Base):
    """A certificate that was revoked before its credit was booked: it never will be."""

    __tablename__ = "withheld_certificate"

    withheld_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
