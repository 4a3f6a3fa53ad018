"""What a college's programmes teach towards a certificate (OP-35)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class CourseMapping(Base):
    """The courses of a college's programme that lead to a certificate's level (OP-35)."""

    __tablename__ = "course_mapping"
    __table_args__ = (
        Index(None, "level", "id"),
        Index(None, "programme_code", "id"),
        CheckConstraint("level IN ('primary', 'intermediate', 'advanced')", name="level"),
        Index(
            "uq_course_mapping_programme", "college_id", "programme_code", "certificate_type_id", "level",
            unique=True, postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "certificate_type_id", "id"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    level: Mapped[str] = mapped_column(Text)
    programme_code: Mapped[str] = mapped_column(Text)
    programme_name: Mapped[str] = mapped_column(Text)
    courses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
