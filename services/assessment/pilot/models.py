"""Read models of the registry: written by the bus doors only, and only by newer versions."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Base


class Organization(Base):
    """A province, TEO or college that was admitted."""

    __tablename__ = "organization"
    __table_args__ = (Index("ix_organization_college_code", "code", postgresql_where=text("kind = 'college'")),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    division_code: Mapped[str] = mapped_column(Text)


class Agreement(Base):
    """A TEO's agreement (OP-36). The event has no version: what was said later wins."""

    __tablename__ = "agreement"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    teo_id: Mapped[uuid.UUID] = mapped_column(index=True)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date] = mapped_column(Date)
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CertificateType(Base):
    """A certificate type; `levels` maps each published level to its standard's version (PP-10)."""

    __tablename__ = "certificate_type"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    levels: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Site(Base):
    """A filed site: sittings of its certificate type may be held there (OP-23). What was said later wins."""

    __tablename__ = "site"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    college_id: Mapped[uuid.UUID]
    teo_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    division_code: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
