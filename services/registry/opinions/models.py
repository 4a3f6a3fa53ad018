"""Opinions. What people wrote, and how to reach them, lies sealed."""

import uuid
from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.opinions.rules import GROUNDS, OPEN, STATES
from services.registry.tables import Base


class Opinion(Base):
    """What someone from the public had to say, and what became of it (OP-40, PP-30)."""

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint(f"ground IN {GROUNDS}", name="ground"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("(state = 'answered') = (in_time IS NOT NULL)", name="answered"),
        Index("uq_opinion_reference_hash", "reference_hash", unique=True),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "assigned_teo_id", "id"),
        Index(None, "state", "id"),
        Index(None, "ground", "id"),
        Index(None, "received_on", "id"),
        Index("ix_opinion_overdue", "id", postgresql_where=text("overdue")),
        Index("ix_opinion_released", "id", postgresql_where=text("released_at IS NOT NULL")),
        # What the timer looks for, and nothing else.
        Index("ix_opinion_awaited", "due_on", postgresql_where=text(f"state IN {OPEN} AND NOT overdue")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    reference_hash: Mapped[bytes] = mapped_column(LargeBinary)
    ground: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """Whom it is about, if that is known."""
    province_code: Mapped[str | None] = mapped_column(Text)
    """Where it happened, or the province that is asked to reply: that province sees it (OP-01)."""
    sealed_text: Mapped[str] = mapped_column(Text)
    sealed_contact: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    """The last day for the answer, included; None while the calendar up to then is not published."""
    state: Mapped[str] = mapped_column(Text)
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    overdue_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    classified_by: Mapped[str | None] = mapped_column(Text)
    classified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    assigned_teo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The TEO that is asked to reply; where it is None and the opinion is assigned, its province is."""
    assigned_by: Mapped[str | None] = mapped_column(Text)
    assigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sealed_reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sealed_answer: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    in_time: Mapped[bool | None] = mapped_column(Boolean)
    set_aside_because: Mapped[str | None] = mapped_column(Text)
    public_text: Mapped[str | None] = mapped_column(Text)
    """What the operator released of it: worded anew where it named people."""
    public_answer: Mapped[str | None] = mapped_column(Text)
    released_by: Mapped[str | None] = mapped_column(Text)
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rectification_id: Mapped[uuid.UUID | None]
    exit_case_id: Mapped[uuid.UUID | None]
