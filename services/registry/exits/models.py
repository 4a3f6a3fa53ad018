"""Exit cases with their evidence and statements."""

import uuid
from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.exits.rules import KINDS, LETTERS, OPEN, STATES
from services.registry.tables import Base


class ExitCase(Base):
    """Whether an organization's part ends on one ground. `found` names no person: it is shown to the organization."""

    __tablename__ = "exit_case"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"ground IN {LETTERS}", name="ground"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        # One open case a ground, whoever finds the same thing twice.
        Index(
            "uq_exit_case_open",
            "organization_id",
            "ground",
            unique=True,
            postgresql_where=text(f"state IN {OPEN}"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    """A college's province, which decides; None for a TEO."""
    ground: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[str] = mapped_column(Text)
    opened_by_itself: Mapped[bool] = mapped_column(Boolean)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    investigated_by: Mapped[str | None] = mapped_column(Text)
    investigated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    statement_due_on: Mapped[date | None] = mapped_column(Date)
    """The last day, included, on which the organization may make its statement."""
    verified_by: Mapped[str | None] = mapped_column(Text)
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finding: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reasons: Mapped[str | None] = mapped_column(Text)
    """Of the decision, or of the dismissal."""
    decided_by: Mapped[str | None] = mapped_column(Text)
    """The body that decided."""


class ExitEvidence(Base):
    """Something that speaks for or against the ground. What it says may name people, so it lies sealed."""

    __tablename__ = "exit_evidence"
    __table_args__ = (Index(None, "exit_case_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    exit_case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exit_case.id"))
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    """Where it comes from, such as an inspection or an opinion, by its number."""
    sealed_content: Mapped[str] = mapped_column(Text)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ExitStatement(Base):
    """What the organization has to say for itself; sealed, as it may name people."""

    __tablename__ = "exit_statement"
    __table_args__ = (Index(None, "exit_case_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    exit_case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("exit_case.id"))
    sealed_statement: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
