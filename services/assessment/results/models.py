"""Results."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Base


class Result(Base):
    """One registration's result. It may be replaced until it is published, never after.

    `scores` follow the plan's components, in hundredths of a point. `seen_job_id` and `seen_row`: the results file
    that named it last, and the row in it.
    """

    __tablename__ = "result"
    __table_args__ = (
        Index("ix_result_plan_id", "plan_id"),
        Index("ix_result_unpublished", "plan_id", "id", postgresql_where=text("published_at IS NULL")),
        CheckConstraint("score_hundredths BETWEEN 0 AND 10000", "score"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registration.id"), unique=True)
    plan_id: Mapped[uuid.UUID]
    scores: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    score_hundredths: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool]
    assessed_on: Mapped[date] = mapped_column(Date)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seen_job_id: Mapped[uuid.UUID]
    seen_row: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
