"""Agreements."""

import uuid
from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Agreement(Base):
    """A TEO's agreement, never changed once signed; a new period is a new agreement."""

    __tablename__ = "agreement"
    __table_args__ = (Index(None, "teo_id", "in_force_to"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    clauses: Mapped[dict[str, str]] = mapped_column(JSONB)
    signed_on: Mapped[date] = mapped_column(Date)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
