"""Annulments, and the results they annulled."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.assessment.results.annulment_rules import GROUNDS, STATES
from services.assessment.tables import Base

_OPEN = "state IN ('proposed', 'approved', 'carried_out')"


class Annulment(Base):
    """A TEO's proposal that one published result, or every one of a sitting, no longer counts; what came of it (PP-17).

    Nobody decides on what they proposed themselves: the table refuses it too.
    """

    __tablename__ = "annulment"
    __table_args__ = (
        CheckConstraint("(result_id IS NULL) <> (sitting_id IS NULL)", "of_what"),
        CheckConstraint(f"ground IN {GROUNDS}", "ground"),
        CheckConstraint(f"state IN {STATES}", "state"),
        CheckConstraint("decided_by <> proposed_by", "two_persons"),
        Index(None, "teo_id", "id"),
        Index(None, "plan_id", "id"),
        # Of one result, or of one sitting, there is one annulment that was not turned down.
        Index("uq_annulment_result_id", "result_id", unique=True, postgresql_where=text(_OPEN)),
        Index("uq_annulment_sitting_id", "sitting_id", unique=True, postgresql_where=text(_OPEN)),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan.id"))
    teo_id: Mapped[uuid.UUID]
    result_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("result.id"))
    sitting_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("sitting.id"))
    registration_number: Mapped[str | None] = mapped_column(Text)
    """Whose result it is; None for a sitting."""
    ground: Mapped[str] = mapped_column(Text)
    sealed_note: Mapped[str] = mapped_column(Text)
    """What happened. It may name persons, so it is sealed and never said in an event."""
    state: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    decided_by: Mapped[str | None] = mapped_column(Text)
    """Who approved or refused it; None while nobody has, and where it was withdrawn."""
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    job_id: Mapped[uuid.UUID | None]
    """The job that carries it out, of a sitting."""


class AnnulledResult(Base):
    """A published result that no longer counts. The row of the result itself stays as it was published."""

    __tablename__ = "annulled_result"
    __table_args__ = (
        CheckConstraint(f"ground IN {GROUNDS}", "ground"),
        Index(None, "teo_id", "result_id"),
        Index(None, "college_id", "result_id"),
        Index(None, "plan_id", "result_id"),
    )

    result_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("result.id"), primary_key=True)
    """A result is annulled once."""
    annulment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("annulment.id"))
    plan_id: Mapped[uuid.UUID]
    teo_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID | None]
    learner_id: Mapped[uuid.UUID]
    registration_number: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(Text)
    passed: Mapped[bool]
    """Whether it was a pass, which earned a certificate."""
    annulled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
