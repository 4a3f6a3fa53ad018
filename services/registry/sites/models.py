"""Assessment sites, and the conditions that are published for them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class SiteConditionList(Base):
    """One version of what a certificate type asks of its sites, published by its TEO and never changed."""

    __tablename__ = "site_condition_list"
    __table_args__ = (
        UniqueConstraint("certificate_type_id", "version"),
        Index(None, "certificate_type_id", "in_force_from"),
        Index(None, "certificate_type_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    version: Mapped[int] = mapped_column(Integer)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each with `name`, `kind` and, for a number, `least`."""
    in_force_from: Mapped[date] = mapped_column(Date)
    published_by: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Site(Base):
    """A place in a college where one certificate type is assessed. Type, TEO and province do not change."""

    __tablename__ = "site"
    __table_args__ = (
        Index(None, "filed_at", "id"),
        Index(None, "division_code", "id"),
        Index(None, "province_code", "code", "id"),
        Index(None, "province_code", "state", "id"),
        Index(None, "teo_id", "code", "id"),
        Index(None, "teo_id", "state", "id"),
        Index(None, "province_code", "certificate_type_id"),
        Index(
            "ix_site_under_way",
            "province_code",
            "certificate_type_id",
            postgresql_where=text("state NOT IN ('refused', 'withdrawn', 'closed')"),
        ),
        UniqueConstraint("code"),
        CheckConstraint(
            "state IN ('declared', 'settled', 'filed', 'refused', 'withdrawn', 'suspended', 'closed')", name="state"
        ),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("state_side IN ('teo', 'province', 'college')", name="state_side"),
        Index(None, "college_id", "id"),
        Index(None, "certificate_type_id", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "state", "id"),
        Index(
            "ix_site_filed_in_division",
            "certificate_type_id",
            "division_code",
            postgresql_where=text("state = 'filed'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    """The college's province, which settles and files the site (OP-01)."""
    base_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organization.id"))
    """The training base in which the site lies, if it lies in one (OP-25)."""
    address_zh: Mapped[str] = mapped_column(Text)
    division_code: Mapped[str] = mapped_column(Text)
    capacity: Mapped[int] = mapped_column(Integer)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    condition_list_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("site_condition_list.id"))
    """The published list that `conditions` were last found to meet; none when none was in force."""
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    """Of what other services know of it: 0 before its filing."""
    state_side: Mapped[str | None] = mapped_column(Text)
    """Who refused, withdrew, suspended, resumed or closed it, and below: why, when, by which client."""
    state_reason: Mapped[str | None] = mapped_column(Text)
    state_changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    state_changed_by: Mapped[str | None] = mapped_column(Text)
    declared_by: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    teo_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    teo_consented_by: Mapped[str | None] = mapped_column(Text)
    province_consented_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    province_consented_by: Mapped[str | None] = mapped_column(Text)
    filed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    filed_by: Mapped[str | None] = mapped_column(Text)
