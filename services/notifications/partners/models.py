"""Notices: what partners are told."""

import uuid
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import DateTime, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.tables import Base


class Notice(Base):
    """One event that partners may hear. It names no person."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_certificate_id", "certificate_id", "name"),)

    event_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    certificate_id: Mapped[uuid.UUID]
    certificate_version: Mapped[int] = mapped_column(server_default="1")
    """The issue is 1, each change of the certificate's standing one more."""
    certificate_type_code: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    """JSON, as the event's producer wrote it: the bytes that partners get."""
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    @property
    def data(self) -> dict[str, Any]:
        """The event's fields."""
        fields: dict[str, Any] = orjson.loads(self.body)
        return fields
