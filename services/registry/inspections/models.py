"""Monitoring points, inspectors, draws and inspections."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.inspections.rules import DRAW_STATES, INSPECTION_STATES, INSPECTOR_STATES, OUTCOMES, POINT_STATES
from services.registry.tables import Base


class MonitoringDraw(Base):
    """How the monitoring points of a certificate type were drawn (OP-38). Never changed."""

    __tablename__ = "monitoring_draw"
    __table_args__ = (UniqueConstraint("certificate_type_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    seed: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(Integer)
    """How many were asked for; there may have been fewer."""
    candidates: Mapped[dict[str, list[str]]] = mapped_column(JSONB, deferred=True)
    """The colleges that there were to draw from, by province."""
    candidates_digest: Mapped[str] = mapped_column(Text)
    drawn_by: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class MonitoringPoint(Base):
    """A college at which a certificate type is watched (OP-38)."""

    __tablename__ = "monitoring_point"
    __table_args__ = (
        CheckConstraint(f"state IN {POINT_STATES}", name="state"),
        Index(None, "certificate_type_id", "id"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(
            "uq_monitoring_point_watched",
            "certificate_type_id",
            "college_id",
            unique=True,
            postgresql_where=text("state = 'watched'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    draw_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("monitoring_draw.id"))
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("monitoring_point.id"))
    ended_by: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_because: Mapped[str | None] = mapped_column(Text)


class Inspector(Base):
    """Someone who may be drawn to inspect. In public known by a code alone."""

    __tablename__ = "inspector"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint(f"state IN {INSPECTOR_STATES}", name="state"),
        Index(None, "province_code", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    sealed_name: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    """Whose pool: a province's, or None for the national one."""
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """Where the inspector works, if that is an organization on the platform."""
    interests: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    """Organizations in which the inspector has declared an interest."""
    state: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    interests_declared_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class InspectionDraw(Base):
    """Who is inspected and by whom, drawn from a seed that was committed to beforehand (PP-28)."""

    __tablename__ = "inspection_draw"
    __table_args__ = (
        CheckConstraint(f"state IN {DRAW_STATES}", name="state"),
        CheckConstraint("kind IN ('teo', 'college')", name="kind"),
        CheckConstraint("count > 0", name="count"),
        CheckConstraint("inspectors_each > 0", name="inspectors_each"),
        # No seed is known before the draw is over.
        CheckConstraint("(state = 'committed') = (seed IS NULL)", name="seed"),
        Index(None, "state", "id"),
        Index(None, "province_code", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    """Where from the candidates are, and which pool the inspectors; None: the nation."""
    count: Mapped[int] = mapped_column(Integer)
    inspectors_each: Mapped[int] = mapped_column(Integer)
    draw_on: Mapped[date] = mapped_column(Date)
    """The first day on which it may be held."""
    public_source: Mapped[str | None] = mapped_column(Text)
    """Where a number will be published that nobody knows at the commitment."""
    commitment: Mapped[str] = mapped_column(Text)
    candidates_digest: Mapped[str] = mapped_column(Text)
    inspectors_digest: Mapped[str] = mapped_column(Text)
    candidates: Mapped[list[str]] = mapped_column(JSONB, deferred=True)
    inspectors: Mapped[dict[str, list[str]]] = mapped_column(JSONB, deferred=True)
    """By code, the candidates that each may not inspect."""
    sealed_seed: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    committed_by: Mapped[str] = mapped_column(Text)
    committed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    seed: Mapped[str | None] = mapped_column(Text)
    public_value: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    cancelled_because: Mapped[str | None] = mapped_column(Text)


class Inspection(Base):
    """One visit that was drawn, and its result, which is public (PP-28)."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("draw_id", "place"),
        CheckConstraint(f"state IN {INSPECTION_STATES}", name="state"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint("(state = 'inspected') = (outcome IS NOT NULL)", name="recorded"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        # The summary of everybody's quality reads a year of this index, and nothing of the table.
        Index("ix_inspection_visits", "inspected_on", postgresql_include=["organization_id", "outcome"]),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    draw_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection_draw.id"))
    place: Mapped[int] = mapped_column(Integer)
    """Its place in the draw, from 0."""
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str | None] = mapped_column(Text)
    """As in its draw: who holds it."""
    inspectors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(Text)
    inspected_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class InspectionFinding(Base):
    """Something that an inspection found. Public, so it names no person."""

    __tablename__ = "inspection_finding"
    __table_args__ = (Index(None, "inspection_id", "id"), Index(None, "organization_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    inspection_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inspection.id"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    clause: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    rectification_id: Mapped[uuid.UUID | None]
    """The order that came of it."""
