"""Publicity filings, authorizations and findings."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.publicity.phrases import CLAIMS
from services.registry.publicity.rules import AUTHORIZATION_STATES, CHANNELS, FILING_STATES, FINDING_STATES
from services.registry.tables import Base


class PublicityFiling(Base):
    """What a TEO or college will say in public, and from when to when. Its claims are authorized on all these days."""

    __tablename__ = "publicity_filing"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint(f"state IN {FILING_STATES}", name="state"),
        CheckConstraint("shown_from <= shown_to", name="days"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        Index(None, "shown_from", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str | None] = mapped_column(Text)
    """The organization's province, which reads it (OP-01)."""
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    shown_from: Mapped[date] = mapped_column(Date)
    shown_to: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    claims: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The claims it makes, each of them authorized when it was filed."""
    hits: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    corrected_by: Mapped[str | None] = mapped_column(Text)
    corrected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    suspended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When an authorization that it needs was revoked."""
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PublicityAuthorization(Base):
    """That an organization may make a claim, from a day to a day. Anyone may look it up."""

    __tablename__ = "publicity_authorization"
    __table_args__ = (
        CheckConstraint(f"claim IN {CLAIMS}", name="claim"),
        CheckConstraint(f"state IN {AUTHORIZATION_STATES}", name="state"),
        CheckConstraint("in_force_from <= in_force_to", name="days"),
        Index(None, "organization_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    claim: Mapped[str] = mapped_column(Text)
    authorized_by: Mapped[str] = mapped_column(Text)
    """The body that authorized it."""
    reference: Mapped[str] = mapped_column(Text)
    """The number of its document."""
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    state: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    revoked_on: Mapped[date | None] = mapped_column(Date)
    """The first day on which it does not hold any more."""
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revoked_because: Mapped[str | None] = mapped_column(Text)


class PublicityFinding(Base):
    """A claim found in public that nobody had authorized."""

    __tablename__ = "publicity_finding"
    __table_args__ = (
        CheckConstraint(f"state IN {FINDING_STATES}", name="state"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        # One finding a source and day, whoever reports it twice.
        Index(
            "uq_publicity_finding_source",
            "organization_id",
            "source_url",
            "seen_on",
            unique=True,
            postgresql_where=text("state <> 'dismissed'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str | None] = mapped_column(Text)
    """The territory in which it was found; None for a TEO that nobody in a province looked at."""
    source_url: Mapped[str] = mapped_column(Text)
    seen_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    """What it says there, copied on that day."""
    hits: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    rectification_id: Mapped[uuid.UUID | None]
    """The order that came of it."""
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dismissed_because: Mapped[str | None] = mapped_column(Text)
