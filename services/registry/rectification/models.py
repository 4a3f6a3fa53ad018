"""Rectification orders, and what the organizations reported on them."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.rectification.rules import ABOUT, STATES
from services.registry.tables import Base


class Rectification(Base):
    """Something that an organization has to put right by a day (OP-43)."""

    __tablename__ = "rectification"
    __table_args__ = (
        Index(None, "about", "id"),
        Index(
            "ix_rectification_overdue",
            "organization_id",
            postgresql_where=text("missed_at IS NOT NULL AND state IN ('ordered', 'reported', 'sent_back', 'overdue')"),
        ),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"about IN {ABOUT}", name="about"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        Index(None, "due_on", "id"),
        # What the daily check looks for, and nothing else.
        Index(
            "ix_rectification_awaited",
            "due_on",
            postgresql_where=text("state IN ('ordered', 'sent_back')"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str | None] = mapped_column(Text)
    """The organization's province, whose authority sees the order (OP-01)."""
    about: Mapped[str] = mapped_column(Text)
    matter: Mapped[str] = mapped_column(Text)
    """What is to be put right. It travels in an event, so it names no person."""
    due_on: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    state: Mapped[str] = mapped_column(Text)
    ordered_by: Mapped[str] = mapped_column(Text)
    ordering_province: Mapped[str | None] = mapped_column(Text)
    """The province that ordered it; None for the Ministry, and for the operator on its behalf."""
    ordered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    missed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When the due day had passed without a report; None again once the orderer gave a later day."""
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[str | None] = mapped_column(Text)
    closing_remark: Mapped[str | None] = mapped_column(Text)


class RectificationReport(Base):
    """What an organization says it did, and what the orderer made of it."""

    __tablename__ = "rectification_report"
    __table_args__ = (Index(None, "rectification_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    rectification_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rectification.id"))
    what_was_done: Mapped[str] = mapped_column(Text)
    reported_by: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    accepted: Mapped[bool | None]
    """None while the orderer has not looked at it."""
    remark: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
