"""Assessment sites."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Integer, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Site(Base):
    """A place in a college where one certificate type is assessed. Type, TEO and province do not change."""

    __tablename__ = "site"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("state IN ('declared', 'settled', 'filed')", name="state"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"), index=True)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    province_code: Mapped[str] = mapped_column(Text, index=True)
    """The college's province, which settles and files the site (OP-01)."""
    address_zh: Mapped[str] = mapped_column(Text)
    division_code: Mapped[str] = mapped_column(Text)
    capacity: Mapped[int] = mapped_column(Integer)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    teo_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    teo_consented_by: Mapped[str | None] = mapped_column(Text)
    province_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    province_consented_by: Mapped[str | None] = mapped_column(Text)
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    filed_by: Mapped[str | None] = mapped_column(Text)
