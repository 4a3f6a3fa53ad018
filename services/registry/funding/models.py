"""Allocations, receipts, uses, the headings of uses, and misuse."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Allocation(Base):
    """Funds that a document gives a college. What was received and used of it is kept here, under the row's lock."""

    __tablename__ = "allocation"
    __table_args__ = (
        Index(None, "kind", "id"),
        Index(None, "state", "id"),
        Index(None, "reference", "id"),
        # How long funds took is summed up from this index alone.
        Index(
            "ix_allocation_timeliness",
            "province_code",
            "allocated_on",
            postgresql_include=["source", "amount_fen", "received_fen", "received_in_full_on"],
            postgresql_where=text("state = 'allocated'"),
        ),
        CheckConstraint("source IN ('central_award', 'provincial', 'local', 'social')", name="source"),
        CheckConstraint("kind IN ('grant', 'purchase_of_services')", name="kind"),
        CheckConstraint("state IN ('allocated', 'withdrawn')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("received_fen BETWEEN 0 AND amount_fen", name="received"),
        CheckConstraint("used_fen BETWEEN 0 AND received_fen", name="used"),
        Index(
            "uq_allocation_document",
            "college_id",
            "source",
            "kind",
            "reference",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "source", "id"),
        Index(None, "allocated_on", "id"),
        Index(None, "province_code", "allocated_on", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    """The number of the document."""
    purpose: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    """Hundredths of a yuan."""
    allocated_on: Mapped[date] = mapped_column(Date)
    received_fen: Mapped[int] = mapped_column(BigInteger)
    used_fen: Mapped[int] = mapped_column(BigInteger)
    received_in_full_on: Mapped[date | None] = mapped_column(Date)
    """The day of the last receipt that was needed."""
    state: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_by: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Receipt(Base):
    """Funds of an allocation that have reached the college."""

    __tablename__ = "receipt"
    __table_args__ = (
        Index(None, "received_on", "id"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(None, "allocation_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    allocation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allocation.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date] = mapped_column(Date)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    cancelled_by: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_because: Mapped[str | None] = mapped_column(Text)


class UseCategory(Base):
    """A heading under which funds are used; whether they may be, is data."""

    __tablename__ = "use_category"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    allowed: Mapped[bool] = mapped_column(Boolean)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class FundUse(Base):
    """What a college used of an allocation, and for what."""

    __tablename__ = "fund_use"
    __table_args__ = (
        Index(None, "used_on", "id"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(None, "allocation_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "category", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    allocation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("allocation.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(ForeignKey("use_category.code"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    used_on: Mapped[date] = mapped_column(Date)
    purpose: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    cancelled_by: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_because: Mapped[str | None] = mapped_column(Text)


class Misuse(Base):
    """Funds that were not used by the rules: a ground for an exit case (OP-35, OP-42 c)."""

    __tablename__ = "misuse"
    __table_args__ = (
        Index(None, "found_at", "id"),
        UniqueConstraint("use_id"),
        CheckConstraint("what IN ('category', 'withheld', 'diverted')", name="what"),
        CheckConstraint("state IN ('found', 'put_right', 'dismissed', 'case_opened')", name="state"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    use_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("fund_use.id"))
    """The use that shows it; None where it was found otherwise."""
    what: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    finding: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text)
    exit_case_id: Mapped[uuid.UUID | None] = mapped_column()
    found_by: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
