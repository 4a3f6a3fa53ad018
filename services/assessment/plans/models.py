"""Assessment plans."""

import uuid
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Base

DRAFT, PUBLISHED = "draft", "published"
Level = Literal["primary", "intermediate", "advanced"]


class Plan(Base):
    """One TEO's plan to assess one level of its certificate type in one year (OP-22).

    `components` is a list of {code, name_zh, name_en, weight_percent, pass_line_hundredths}, in the order in which
    results keep their scores (PP-19). `standard_version` is the one in force when the plan was made.
    """

    __tablename__ = "plan"
    __table_args__ = (CheckConstraint("state IN ('draft', 'published')", "state"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    """Part of every registration number of this plan."""
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    level: Mapped[Level] = mapped_column(Text)
    standard_version: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID] = mapped_column(index=True)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    components: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    pass_line_hundredths: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text, default=DRAFT)
    registered: Mapped[int] = mapped_column(Integer, default=0)
    """How many candidates are registered; the last one's place in the plan."""
    with_result: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    passed: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    results_published: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    """How many candidates have a result, passed, were told so: counted as results come in and are published."""
    annulled: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    """How many of the published results were annulled; a pass among them no longer counts in `passed`."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
