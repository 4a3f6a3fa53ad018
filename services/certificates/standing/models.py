"""The standing of certificates: who proposed a change and who decided, what changed, and the signed lists that show it."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Sequence, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.certificates.standing.entries import PURPOSES
from services.certificates.standing.rules import KINDS, PROPOSAL_STATES, REASONS, STANDINGS
from services.certificates.tables import Base

STATUS_POSITION = Sequence("status_position", metadata=Base.metadata, start=0, minvalue=0)
"""Gives each certificate its bit (positions.py)."""


class StandingProposal(Base):
    """That the standing of a certificate should change: what one person proposes, another decides."""

    __tablename__ = "standing_proposal"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"reason IN {REASONS}", name="reason"),
        CheckConstraint(f"state IN {PROPOSAL_STATES}", name="state"),
        CheckConstraint("decided_by <> proposed_by OR state <> 'approved'", name="two_persons"),
        # Whoever proposes the same twice, at once or after an event heard again.
        Index(
            "uq_standing_proposal_open",
            "certificate_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(None, "certificate_id", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[uuid.UUID]
    number: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    sealed_note: Mapped[str | None] = mapped_column(Text)
    """What the proposer wrote of it; it may name people."""
    sealed_name: Mapped[str | None] = mapped_column(Text)
    """The holder's name as it should have been, where that is what a replacement corrects."""
    masked_name: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_role: Mapped[str] = mapped_column(Text)
    """`assessment` where it came of a result that was annulled, not of a person."""
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_role: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sealed_answer: Mapped[str | None] = mapped_column(Text)


class StandingChange(Base):
    """A change of a certificate's standing, for ever: the table refuses every change."""

    __tablename__ = "standing_change"
    __table_args__ = (
        CheckConstraint(f"standing IN {STANDINGS}", name="standing"),
        CheckConstraint("(standing = 'replaced') = (successor_id IS NOT NULL)", name="successor"),
        UniqueConstraint("certificate_id", "version"),
        Index(None, "teo_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "issued_on", "teo_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    issued_on: Mapped[date]
    """Of the certificate: what a month's certificates have come to is counted by it (anomalies.py)."""
    version: Mapped[int]
    """Of the certificate from this change on; its issue is 1."""
    number: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID | None]
    standing: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    proposal_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    successor_id: Mapped[uuid.UUID | None]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AnnulledResult(Base):
    """A pass that was annulled: it earns no certificate, and one that it earned already is proposed to be revoked."""

    __tablename__ = "annulled_result"
    __table_args__ = (Index(None, "teo_id", "result_id"),)

    result_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    teo_id: Mapped[uuid.UUID]
    learner_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID | None]
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(Text)
    annulled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class StatusList(Base):
    """The bits of 131,072 certificates for one purpose, and the credential that says so, signed when a bit changes."""

    __tablename__ = "status_list"
    __table_args__ = (CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),)

    list: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    """16 KiB; the first index is the leftmost bit of the first byte."""
    credential: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PlatformKey(Base):
    """An Ed25519 key of the platform, which signs the status lists; its secret is sealed. A retired key stays."""

    __tablename__ = "platform_key"
    __table_args__ = (
        Index(
            "uq_platform_key_in_force",
            text("(retired_at IS NULL)"),
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    public_multibase: Mapped[str] = mapped_column(Text, unique=True)
    sealed_secret: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
