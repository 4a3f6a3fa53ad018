"""Recruitment rounds, applications, experts, panels, objections, and the colleges that provinces file."""

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
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Round(Base):
    """A public recruitment of TEOs, with how many of each tier it takes at most (PP-04, PP-08)."""

    __tablename__ = "recruitment_round"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("closes_on >= opens_on", name="days"),
        CheckConstraint("cap_mature >= 0 AND cap_growing >= 0 AND cap_planned >= 0", name="caps"),
        CheckConstraint("objection_days > 0", name="objection_days"),
        CheckConstraint("state IN ('draft', 'announced', 'withdrawn')", name="state"),
        Index(None, "state", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    """What an applicant must bring, as announced (PP-26)."""
    field_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    cap_mature: Mapped[int] = mapped_column(Integer)
    cap_growing: Mapped[int] = mapped_column(Integer)
    cap_planned: Mapped[int] = mapped_column(Integer)
    objection_days: Mapped[int] = mapped_column(Integer)
    """How many days after its day a public notice stands open for objections (PP-27)."""
    state: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    announced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    announced_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class Application(Base):
    """A TEO's application in a round, from its draft to the decision."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("round_id", "teo_id"),
        Index(None, "teo_id", "id"),
        Index(None, "round_id", "id"),
        Index(None, "round_id", "tier", "state"),
        Index(None, "state", "id"),
        CheckConstraint("tier IN ('mature', 'growing', 'planned')", name="tier"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'under_review', 'noticed', 'accepted', 'refused', 'withdrawn')",
            name="state",
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("recruitment_round.id"))
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    tier: Mapped[str] = mapped_column(Text)
    statement: Mapped[str] = mapped_column(Text)
    """What the applicant says of its experience, experts, standards and means."""
    field_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(Text)
    drafted_by: Mapped[str] = mapped_column(Text)
    drafted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    noticed_on: Mapped[date | None] = mapped_column(Date)
    objections_until: Mapped[date | None] = mapped_column(Date)
    """The last day on which an objection is taken."""
    noticed_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was decided so, or withdrawn."""


class Expert(Base):
    """One of the pool from which panels are drawn (PP-26); the person is sealed."""

    __tablename__ = "expert"
    __table_args__ = (
        UniqueConstraint("person_hash"),
        CheckConstraint("sector IN ('industry', 'college', 'research')", name="sector"),
        Index(None, "sector", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sealed_person: Mapped[str] = mapped_column(Text)
    person_hash: Mapped[str] = mapped_column(Text)
    """A blind index of name and phone: nobody is in the pool twice."""
    sector: Mapped[str] = mapped_column(Text)
    specialty: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"), index=True)
    """Where the expert works, when that has a part in the pilot."""
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Interest(Base):
    """An expert's declared interest in an organization, on whose applications he or she has no say."""

    __tablename__ = "expert_interest"
    __table_args__ = (UniqueConstraint("expert_id", "organization_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    declared_by: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PanelMember(Base):
    """An expert's seat in the panel of an application, and the score given."""

    __tablename__ = "panel_member"
    __table_args__ = (
        UniqueConstraint("application_id", "expert_id"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    expert_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    appointed_by: Mapped[str] = mapped_column(Text)
    appointed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    recused_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    score: Mapped[int | None] = mapped_column(Integer)
    opinion: Mapped[str | None] = mapped_column(Text)
    scored_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    scored_by: Mapped[str | None] = mapped_column(Text)


class Objection(Base):
    """What someone from the public holds against a noticed application (PP-27); person and text are sealed."""

    __tablename__ = "objection"
    __table_args__ = (
        Index(None, "received_at", "id"),
        UniqueConstraint("receipt_hash"),
        Index(None, "application_id", "id"),
        Index(None, "state", "id"),
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("application.id"))
    receipt_hash: Mapped[str] = mapped_column(Text)
    """Of the receipt by which who objected, and nobody else, finds the answer."""
    sealed_person: Mapped[str] = mapped_column(Text)
    sealed_text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    answered_by: Mapped[str | None] = mapped_column(Text)


class CollegeFiling(Base):
    """The colleges that a province files for the pilot, recorded by the Ministry (PP-33)."""

    __tablename__ = "college_filing"
    __table_args__ = (
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        CheckConstraint("state IN ('filed', 'recorded', 'withdrawn')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    province_code: Mapped[str] = mapped_column(Text)
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("batch.id"))
    """The batch in which the colleges are to take part."""
    document: Mapped[str] = mapped_column(Text)
    """The province's letter, by its number."""
    state: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    recorded_by: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class FiledCollege(Base):
    """A college of a filing, and what became of it."""

    __tablename__ = "filed_college"
    __table_args__ = (
        UniqueConstraint("filing_id", "college_id"),
        Index(None, "filing_id", "id"),
        CheckConstraint("outcome IN ('waiting', 'admitted', 'returned')", name="outcome"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    filing_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("college_filing.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    outcome: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    """Why it came back: the refusal's code, and its words."""
    reason: Mapped[str | None] = mapped_column(Text)
