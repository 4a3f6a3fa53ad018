"""Registrations."""

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Base


class Registration(Base):
    """One candidate's place in one sitting of a plan. Who it is lies sealed; the name is shown masked only.

    `seen_job_id` and `seen_row`: the roster that named the candidate last, and the row in it, so that a row that
    comes again in the same file is told from a file that is sent again.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("learner_id", "plan_id"),
        Index("ix_registration_plan_id", "plan_id", "id"),
        Index("ix_registration_plan_id_college_id", "plan_id", "college_id", "id"),
        # OP-17: a student comes from a college, a social person from none.
        CheckConstraint("(candidate_kind = 'student') = (college_id IS NOT NULL)", "college"),
        CheckConstraint("candidate_kind IN ('student', 'social')", "candidate_kind"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[uuid.UUID]
    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[str] = mapped_column(Text, unique=True)
    learner_id: Mapped[uuid.UUID]
    sealed_person: Mapped[str] = mapped_column(Text)
    masked_name: Mapped[str] = mapped_column(Text)
    name_index: Mapped[bytes] = mapped_column(LargeBinary)
    """Tells whether a name is the same without reading it."""
    candidate_kind: Mapped[Literal["student", "social"]] = mapped_column(Text)
    college_id: Mapped[uuid.UUID | None]
    seen_job_id: Mapped[uuid.UUID]
    seen_row: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class SeatsTaken(Base):
    """How many students of a college are registered at a certificate type's level in a year, quota or no quota (OP-07).

    Counted as they are registered, so that no request counts registrations.
    """

    __tablename__ = "seats_taken"

    college_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    level: Mapped[str] = mapped_column(Text, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    taken: Mapped[int] = mapped_column(Integer)
