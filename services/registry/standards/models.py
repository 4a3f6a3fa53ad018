"""Certificate types, their standards and the reviews of these, and cancelled qualifications."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.standards import mapping_models, resource_models  # noqa: F401  # so that the metadata is whole
from services.registry.tables import Base


class CertificateType(Base):
    """A vocational skill level certificate and the TEO that answers for it."""

    __tablename__ = "certificate_type"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code ~ '^[0-9]{3}$' AND code <> '000'", name="code"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    selection_reference: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Of what other services know of it: 0 before its first publication."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Standard(Base):
    """One version of one level's standard (PP-11)."""

    __tablename__ = "standard"
    __table_args__ = (
        UniqueConstraint("certificate_type_id", "level", "version"),
        CheckConstraint("level IN ('primary', 'intermediate', 'advanced')", name="level"),
        CheckConstraint(
            "state IN ('draft', 'returned', 'reviewed', 'published', 'retired', 'withdrawn')", name="state"
        ),
        Index(None, "certificate_type_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    level: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(JSONB)
    what_changed: Mapped[str] = mapped_column(Text)
    new_technology: Mapped[str] = mapped_column(Text)
    """The new technologies, processes and norms that it reflects."""
    framework_level: Mapped[int | None] = mapped_column(Integer)
    """In the qualification framework (PP-06, PP-25), where it has been given one."""
    released_on: Mapped[date] = mapped_column(Date)
    interval_months: Mapped[int] = mapped_column(Integer)
    """How long it may be in force before a newer version is due (OP-21, OP-41 d)."""
    due_on: Mapped[date] = mapped_column(Date)
    """The last day on which it is up to date."""
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    reviewed_by: Mapped[str | None] = mapped_column(Text)
    """The technical body (PP-12) that spoke last."""
    review_opinion: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_by: Mapped[str | None] = mapped_column(Text)
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retired_by: Mapped[str | None] = mapped_column(Text)
    retirement_reason: Mapped[str | None] = mapped_column(Text)


class StandardReview(Base):
    """An opinion of the technical body on a draft (PP-12); never changed."""

    __tablename__ = "standard_review"
    __table_args__ = (
        CheckConstraint("decision IN ('approve', 'send_back')", name="decision"),
        Index(None, "standard_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    standard_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("standard.id"))
    decision: Mapped[str] = mapped_column(Text)
    reviewed_by: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str] = mapped_column(Text)
    reviewed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    recorded_by: Mapped[str] = mapped_column(Text)


class CancelledQualification(Base):
    """A professional qualification that was cancelled and may not come back as a certificate (PP-16)."""

    __tablename__ = "cancelled_qualification"
    __table_args__ = (UniqueConstraint("id"),)

    id: Mapped[uuid.UUID] = mapped_column(default=new_id)
    normalized_name: Mapped[str] = mapped_column(Text, primary_key=True)
    name_zh: Mapped[str] = mapped_column(Text)
    decision: Mapped[str] = mapped_column(Text)
    """The document that cancelled it."""
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
