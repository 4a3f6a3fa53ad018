"""Agreements."""

import uuid
from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKey, Index, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Agreement(Base):
    """A TEO's agreement; once signed only its last day may still change: it may end early. A new period is a new agreement."""

    __tablename__ = "agreement"
    __table_args__ = (Index(None, "teo_id", "in_force_to"), Index(None, "teo_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    clauses: Mapped[dict[str, str]] = mapped_column(JSONB)
    documents: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """The signed document and its annexes: the name and the SHA-256 digest of each file."""
    signed_on: Mapped[date] = mapped_column(Date)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date] = mapped_column(Date)
    """The last day, included; earlier than `signed_to` where the agreement was terminated."""
    signed_to: Mapped[date] = mapped_column(Date)
    """The last day as it was signed."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    terminated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    terminated_by: Mapped[str | None] = mapped_column(Text)
    termination_reason: Mapped[str | None] = mapped_column(Text)
