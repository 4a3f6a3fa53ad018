"""Evaluations."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Numeric, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.evaluations.rules import KINDS, STANDING, STATES
from services.registry.tables import Base


class Evaluation(Base):
    """How a TEO or college did in a year, in scored items (OP-39)."""

    __tablename__ = "evaluation"
    __table_args__ = (
        Index(None, "kind", "id"),
        Index(
            "ix_evaluation_scores_of_organization",
            "organization_id",
            "year",
            postgresql_include=["total"],
            postgresql_where=text("state = 'published'"),
        ),
        # The summary of everybody's quality reads two years of this index, and nothing of the table.
        Index(
            "ix_evaluation_scores",
            "year",
            postgresql_include=["organization_id", "total"],
            postgresql_where=text("state = 'published'"),
        ),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("total BETWEEN 0 AND 100", name="total"),
        # One an organization, kind and year. A TEO works in many provinces, and each may evaluate it.
        Index(
            "uq_evaluation_standing",
            "organization_id",
            "kind",
            "year",
            "made_by_province",
            unique=True,
            postgresql_where=text(f"state IN {STANDING}"),
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        Index(None, "year", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    organization_kind: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    """A college's province; for a TEO the province that evaluates it."""
    kind: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    made_by_province: Mapped[str | None] = mapped_column(Text)
    """The province that evaluates or entrusts; None for the organization itself, the Ministry and the operator."""
    evaluator: Mapped[str | None] = mapped_column(Text)
    """The third party's name."""
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Name, weight, score and remark of each; numbers as text, so that they stay exact."""
    total: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    """Exact: weights and scores have two decimals."""
    state: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    corrected_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    returned_because: Mapped[str | None] = mapped_column(Text)
    published_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    annulled_because: Mapped[str | None] = mapped_column(Text)
