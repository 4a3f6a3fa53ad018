"""Organizations."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, Integer, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Organization(Base):
    """A province, TEO or college. The people it names are sealed."""

    __tablename__ = "organization"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(None, "province_code", "kind"),
        CheckConstraint("kind IN ('province', 'teo', 'college')", name="kind"),
        CheckConstraint("status IN ('registered', 'admitted')", name="status"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    division_code: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    college_kind: Mapped[str | None] = mapped_column(Text)
    sealed_contacts: Mapped[str] = mapped_column(Text)
    sealed_work_group: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Of what other services know of it: 0 before admission."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    admitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    admitted_by: Mapped[str | None] = mapped_column(Text)
    """The client of the province that filed it, or of the operator (PP-33)."""
