"""What became of registrations that could not stay where they were. Neither is ever changed, but for a refund that is noted."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Base
from services.assessment.transfers.rules import CAUSES


class Transfer(Base):
    """A registration was moved from one sitting of its plan to another."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_plan_id_id", "plan_id", "id"),
        CheckConstraint(f"cause IN {CAUSES}", "cause"),
        CheckConstraint("from_sitting_id <> to_sitting_id", "elsewhere"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[uuid.UUID]
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registration.id"))
    registration_number: Mapped[str] = mapped_column(Text)
    from_sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    to_sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    cause: Mapped[str | None] = mapped_column(Text)
    """Why the sitting before was not held; None where it would have been."""
    moved_by: Mapped[str] = mapped_column(Text)
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ReleasedRegistration(Base):
    """A registration that ended without an assessment: its place and its seat are free again, its fee is paid back."""

    __tablename__ = "released_registration"
    __table_args__ = (
        *(
            Index(f"ix_released_registration_{owner}_registration_id", owner, "registration_id")
            for owner in ("teo_id", "college_id", "plan_id")
        ),
        CheckConstraint(f"cause IN {CAUSES}", "cause"),
        CheckConstraint("(refunded_by IS NULL) = (refunded_at IS NULL)", "refund"),
    )

    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    plan_id: Mapped[uuid.UUID]
    teo_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID | None]
    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    registration_number: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    fee_fen: Mapped[int | None] = mapped_column(BigInteger)
    """What was agreed for the sitting's day (OP-28); None for a social person, with whose fee no agreement deals."""
    released_by: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    refunded_by: Mapped[str | None] = mapped_column(Text)
    refunded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
