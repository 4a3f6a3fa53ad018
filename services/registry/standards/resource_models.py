"""What is taught from: the publishers that qualify, textbooks, case and question banks, and when they were renewed."""

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


class Publisher(Base):
    """A publisher that qualifies for textbooks (OP-20), until it is struck off."""

    __tablename__ = "publisher"
    __table_args__ = (UniqueConstraint("name_zh"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    qualification: Mapped[str] = mapped_column(Text)
    """The document that says that it qualifies."""
    isbn_prefixes: Mapped[list[str]] = mapped_column(JSONB)
    """The group and registrant of its ISBNs, such as `7-04`; empty where they are not on record."""
    listed_by: Mapped[str] = mapped_column(Text)
    listed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    struck_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    struck_by: Mapped[str | None] = mapped_column(Text)
    struck_reason: Mapped[str | None] = mapped_column(Text)


class Resource(Base):
    """A textbook, case bank or question bank of a certificate type, with the day until which it is up to date (OP-21)."""

    __tablename__ = "resource"
    __table_args__ = (
        Index(None, "kind", "id"),
        Index(None, "level", "id"),
        CheckConstraint("kind IN ('textbook', 'case_bank', 'question_bank')", name="kind"),
        CheckConstraint("level IN ('primary', 'intermediate', 'advanced')", name="level"),
        CheckConstraint("state IN ('offered', 'withdrawn')", name="state"),
        CheckConstraint("(kind = 'textbook') = (isbn IS NOT NULL)", name="isbn"),
        CheckConstraint("(kind = 'textbook') = (publisher_id IS NOT NULL)", name="publisher"),
        CheckConstraint("price_fen >= 0", name="price"),
        Index(
            "uq_resource_isbn", "certificate_type_id", "isbn",
            unique=True, postgresql_where=text("state = 'offered'"),
        ),
        Index(None, "teo_id", "id"),
        Index(None, "certificate_type_id", "id"),
        Index("ix_resource_due_on", "due_on", "id", postgresql_where=text("state = 'offered'")),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    level: Mapped[str | None] = mapped_column(Text)
    """None where it serves every level."""
    title_zh: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    """Where it is had: a web address, or how a textbook is ordered."""
    isbn: Mapped[str | None] = mapped_column(Text)
    """Thirteen digits."""
    edition: Mapped[str | None] = mapped_column(Text)
    publisher_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("publisher.id"))
    interval_months: Mapped[int] = mapped_column(Integer)
    updated_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    """The last day on which it is up to date: `updated_on` and the interval."""
    price_fen: Mapped[int] = mapped_column(BigInteger)
    users: Mapped[int] = mapped_column(Integer)
    """Over how many users the cost is spread."""
    cost_items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class ResourceUpdate(Base):
    """A renewal of a resource, and whether it came late (OP-21); never changed."""

    __tablename__ = "resource_update"
    __table_args__ = (UniqueConstraint("resource_id", "updated_on"), Index(None, "resource_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    resource_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resource.id"))
    updated_on: Mapped[date] = mapped_column(Date)
    what_changed: Mapped[str] = mapped_column(Text)
    late: Mapped[bool]
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
