"""Journals, their entries, deposits, and the certificates that wait for a credit record.

Journals, entries and deposits are append-only, and a journal's entries sum to zero: the database refuses anything else.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.creditbank.ledger.standing_models import Bearer, Hold, Reversal, UnbookedCertificate
from services.creditbank.proposals.models import CertificateType
from services.creditbank.tables import Base


class Journal(Base):
    """One booking with its cause; a cause of one kind is booked once."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("kind", "cause_id", name="uq_journal_cause"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    cause_id: Mapped[uuid.UUID]
    booked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Deposit(Base):
    """The credit of one certificate, booked to its learner (PP-45)."""

    __tablename__ = "deposit"
    __table_args__ = (CheckConstraint("credit_hundredths > 0", name="credit"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    learner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    journal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal.id"), unique=True)
    credit_hundredths: Mapped[int]
    number: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID]
    certificate_type_code: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    standard_version: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]
    cause: Mapped[uuid.UUID]
    """The id of the event that said the certificate was issued."""
    deposited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    certificate_type: Mapped[CertificateType | None] = relationship(
        primaryjoin="foreign(Deposit.certificate_type_id) == CertificateType.id", viewonly=True, lazy="joined"
    )

    open_hold: Mapped[Hold | None] = relationship(
        primaryjoin="and_(foreign(Deposit.certificate_id) == Hold.certificate_id, Hold.released_at.is_(None))",
        viewonly=True,
        lazy="joined",
    )
    bearer: Mapped[Bearer | None] = relationship(
        primaryjoin="foreign(Deposit.certificate_id) == Bearer.certificate_id", viewonly=True, lazy="joined"
    )

    @property
    def bearer_id(self) -> uuid.UUID:
        """The certificate that its credit stands for now."""
        return self.bearer.bearer_id if self.bearer else self.certificate_id

    @property
    def bearer_number(self) -> str:
        return self.bearer.bearer_number if self.bearer else self.number


class Entry(Base):
    """One side of a booking, in hundredths of a credit: what an account is given is positive, what it gives negative."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("amount_hundredths <> 0", name="amount"),
        Index("ix_entry_account_id", "account_id", "id"),
        Index("ix_entry_journal_id", "journal_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    journal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    amount_hundredths: Mapped[int]
    booked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    deposit: Mapped[Deposit | None] = relationship(
        primaryjoin="foreign(Entry.journal_id) == Deposit.journal_id", viewonly=True, lazy="joined", uselist=False
    )
    reversal: Mapped[Reversal | None] = relationship(
        primaryjoin="foreign(Entry.journal_id) == Reversal.journal_id", viewonly=True, lazy="joined", uselist=False
    )
    reversed_deposit: Mapped[Deposit | None] = relationship(
        secondary="reversal",
        primaryjoin="Entry.journal_id == Reversal.journal_id",
        secondaryjoin="Reversal.certificate_id == Deposit.certificate_id",
        viewonly=True,
        lazy="joined",
        uselist=False,
    )

    @property
    def of(self) -> Deposit | None:
        """The deposit that it books, or that it undoes."""
        return self.deposit or self.reversed_deposit

    @property
    def kind(self) -> str:
        """`deposit`, or `reversal` where the certificate was revoked."""
        return "reversal" if self.reversal else "deposit"

    @property
    def held(self) -> bool:
        """Whether its credit does not count as available now, as its certificate is suspended."""
        return self.deposit is not None and self.deposit.open_hold is not None


class WaitingCertificate(UnbookedCertificate, Base):
    """A certificate whose standard has no approved credit record yet."""

    __tablename__ = "waiting_certificate"
    __table_args__ = (Index("ix_waiting_certificate_standard", "certificate_type_id", "level", "standard_version"),)

    waiting_since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
