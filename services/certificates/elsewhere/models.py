"""What TEOs announce of certificates issued elsewhere, and the colleges that such certificates may name."""

import uuid
from datetime import date, datetime

from sqlalchemy import DateTime, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class Announcement(Base):
    """A TEO says how many certificates of a type it issued elsewhere on a day; they are due on the platform (OP-32)."""

    __tablename__ = "announcement"
    __table_args__ = (
        UniqueConstraint("teo_id", "certificate_type_id", "issued_on"),
        Index("ix_announcement_teo_id_id", "teo_id", "id"),
        Index("ix_announcement_open", "id", postgresql_where=text("NOT complete")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    teo_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    issued_on: Mapped[date]
    count: Mapped[int]
    complete: Mapped[bool] = mapped_column(server_default=text("false"))
    """So many were entered; nothing is awaited any more."""
    announced_by: Mapped[str] = mapped_column(Text)
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class College(Base):
    """A college as last heard of: what its code stands for."""

    __tablename__ = "college"
    __table_args__ = (Index("ix_college_code", "code"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text, server_default="")
    """Empty in what was heard before it was kept."""
