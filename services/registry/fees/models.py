"""Fee ceilings, provincial fee policies, three-party fee agreements, cost accounts. Money is in fen, a hundredth of a yuan."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base

LEVEL = "level IN ('primary', 'intermediate', 'advanced')"


class FeeCeiling(Base):
    """What the assessment at a type's level may cost a candidate at most: argued, then published for good (OP-27)."""

    __tablename__ = "fee_ceiling"
    __table_args__ = (
        UniqueConstraint("certificate_type_id", "level", "version"),
        CheckConstraint(LEVEL, name="level"),
        CheckConstraint("state IN ('argued', 'published', 'withdrawn')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(state = 'published') = (version IS NOT NULL)", name="version"),
        Index(
            "uq_fee_ceiling_begins", "certificate_type_id", "level", "in_force_from",
            unique=True, postgresql_where=text("state = 'published'"),
        ),
        Index(None, "certificate_type_id", "id"),
        Index(None, "teo_id", "id"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    level: Mapped[str] = mapped_column(Text)
    version: Mapped[int | None] = mapped_column(Integer)
    """1 for a level's first published ceiling, then one more each time."""
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    cost_items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What the amount is made of, for one candidate."""
    argument: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    argued_by: Mapped[str] = mapped_column(Text)
    argued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    published_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class FeePolicy(Base):
    """What a province decided on fees, for one level or for every certificate, with or without a ceiling of its own (PP-38)."""

    __tablename__ = "fee_policy"
    __table_args__ = (
        CheckConstraint(LEVEL, name="level"),
        CheckConstraint("subject IN ('assessment', 'training')", name="subject"),
        CheckConstraint("state IN ('announced', 'withdrawn')", name="state"),
        CheckConstraint("(certificate_type_id IS NULL) = (level IS NULL)", name="reach"),
        CheckConstraint("ceiling_fen IS NULL OR (subject = 'assessment' AND ceiling_fen >= 0)", name="ceiling"),
        Index(None, "province_code", "id"),
        Index(None, "certificate_type_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    province_code: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("certificate_type.id"))
    """With the level; None where the policy is for every certificate."""
    level: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    ceiling_fen: Mapped[int | None] = mapped_column(BigInteger)
    in_force_from: Mapped[date] = mapped_column(Date)
    """Until a later policy of the province for the same certificates begins."""
    state: Mapped[str] = mapped_column(Text)
    announced_by: Mapped[str] = mapped_column(Text)
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class FeeAgreement(Base):
    """What TEO, province and college agree that a candidate of the college costs at a type's level (OP-28)."""

    __tablename__ = "fee_agreement"
    __table_args__ = (
        Index(None, "level", "id"),
        Index(None, "in_force_from", "id"),
        Index(None, "in_force_to", "id"),
        CheckConstraint(LEVEL, name="level"),
        CheckConstraint("state IN ('proposed', 'agreed', 'withdrawn', 'ended')", name="state"),
        CheckConstraint("proposed_by_side IN ('teo', 'province', 'college')", name="side"),
        CheckConstraint("amount_fen >= 0", name="amount"),
        CheckConstraint(
            "state NOT IN ('agreed', 'ended') OR (teo_consented_at IS NOT NULL"
            " AND province_consented_at IS NOT NULL AND college_consented_at IS NOT NULL)",
            name="consents",
        ),
        Index("ix_fee_agreement_period", "college_id", "certificate_type_id", "level", "in_force_from"),
        Index(None, "college_id", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "certificate_type_id", "id"),
        Index(None, "state", "id"),
        Index(None, "certificate_type_id", "level", "amount_fen"),
        Index(None, "province_code", "amount_fen"),
        Index("ix_fee_agreement_of_province", "province_code", "certificate_type_id", "level", "amount_fen"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    level: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date] = mapped_column(Date)
    """The last day, included; earlier than `agreed_to` where the agreement was ended."""
    agreed_to: Mapped[date] = mapped_column(Date)
    """The last day as it was proposed and agreed."""
    state: Mapped[str] = mapped_column(Text)
    proposed_by_side: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    teo_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    teo_consented_by: Mapped[str | None] = mapped_column(Text)
    province_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    province_consented_by: Mapped[str | None] = mapped_column(Text)
    college_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    college_consented_by: Mapped[str | None] = mapped_column(Text)
    agreed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When it was withdrawn or ended."""
    closed_by: Mapped[str | None] = mapped_column(Text)
    closing_reason: Mapped[str | None] = mapped_column(Text)


class CostAccount(Base):
    """What a sitting at a site took in and cost, beside the fee that was agreed (OP-30)."""

    __tablename__ = "cost_account"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "level", "id"),
        Index(None, "held_on", "id"),
        UniqueConstraint("sitting_id"),
        CheckConstraint(LEVEL, name="level"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint("candidates > 0", name="candidates"),
        CheckConstraint("income_fen >= 0 AND cost_fen >= 0", name="amounts"),
        Index(None, "college_id", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "site_id", "id"),
        Index("ix_cost_account_over", "id", postgresql_where=text("fees_over OR cost_over")),
        Index("ix_cost_account_over_in", "province_code", "id", postgresql_where=text("fees_over OR cost_over")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sitting_id: Mapped[uuid.UUID]
    """The sitting's id in the assessment service."""
    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("site.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    level: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    candidates: Mapped[int] = mapped_column(Integer)
    income_items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    income_fen: Mapped[int] = mapped_column(BigInteger)
    cost_items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    cost_fen: Mapped[int] = mapped_column(BigInteger)
    agreed_fee_fen: Mapped[int | None] = mapped_column(BigInteger)
    """For one candidate, on the day; None where nothing was agreed."""
    fees_over: Mapped[bool]
    """The candidates paid more than the agreed fee."""
    cost_over: Mapped[bool]
    """The sitting cost more than the agreed fee for each candidate."""
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[str | None] = mapped_column(Text)
