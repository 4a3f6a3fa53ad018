"""Filed activities, invitations, good cases and suggestions."""

import uuid
from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Activity(Base):
    """Something a TEO holds in a province, filed there before it begins, or on record as a breach (OP-04)."""

    __tablename__ = "activity"
    __table_args__ = (
        Index(None, "kind", "id"),
        Index(None, "state", "id"),
        Index(None, "unfiled", "id"),
        CheckConstraint("kind IN ('promotion', 'training', 'assessment', 'large_meeting')", name="kind"),
        CheckConstraint("state IN ('filed', 'noted', 'withdrawn')", name="state"),
        CheckConstraint("starts_at <= ends_at", name="days"),
        Index(None, "teo_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "starts_at", "id"),
        Index(None, "province_code", "starts_at", "id"),
        Index(None, "teo_id", "starts_at", "id"),
        Index("ix_activity_breach", "province_code", "id", postgresql_where=text("breach")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    division_code: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    participants: Mapped[int] = mapped_column(Integer)
    """How many are expected."""
    state: Mapped[str] = mapped_column(Text)
    breach: Mapped[bool] = mapped_column(Boolean)
    """It had begun when it was put on record."""
    unfiled: Mapped[bool] = mapped_column(Boolean)
    """The TEO filed nothing: the province put it on record."""
    explanation: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    filed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[str | None] = mapped_column(Text)
    noted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    noted_by: Mapped[str | None] = mapped_column(Text)


class Invitation(Base):
    """A province asks a TEO to a seminar or training of its own; the TEO answers and comes (OP-05)."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index(None, "occasion", "id"),
        Index(None, "starts_on", "id"),
        Index(None, "state", "id"),
        CheckConstraint("occasion IN ('seminar', 'training')", name="occasion"),
        CheckConstraint(
            "state IN ('invited', 'accepted', 'declined', 'attended', 'absent', 'withdrawn')", name="state"
        ),
        CheckConstraint("starts_on <= ends_on", name="days"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        # Who was ever asked, and who ever came: both are one look into an index a TEO.
        Index(None, "organization_id", "state", "starts_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """The TEO that is invited."""
    province_code: Mapped[str] = mapped_column(Text)
    occasion: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    """Why the TEO declined."""
    invited_by: Mapped[str] = mapped_column(Text)
    invited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When attendance was recorded, or the invitation withdrawn."""


class GoodCase(Base):
    """A case worth knowing, proposed from a report and published to everyone (OP-44)."""

    __tablename__ = "good_case"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'published', 'declined', 'withdrawn')", name="state"),
        Index(None, "published_at", "id"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """Whose case it is."""
    organization_kind: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("report.id"))
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Suggestion(Base):
    """What an organization suggests to change, with what became of it (OP-06, OP-44)."""

    __tablename__ = "suggestion"
    __table_args__ = (
        Index(None, "made_at", "id"),
        CheckConstraint("state IN ('received', 'under_review', 'adopted', 'declined', 'withdrawn')", name="state"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    organization_kind: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("report.id"))
    topic: Mapped[str] = mapped_column(Text)
    suggested: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
