"""Read models of the registry: written by the bus doors only, and only by newer versions."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """The levels that a college has chosen, where its kind may choose (PP-13); empty: all."""
    province_code: Mapped[str | None] = mapped_column(Text)
    """Whose territory it lies in (OP-01); None for a TEO."""


class ExitedOrganization(Base):
    """A TEO or college whose part has ended (OP-41, OP-42). Said once, and never taken back."""

    __tablename__ = "exited_organization"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    """Of the organization: what is known of it is at least as new as its exit."""
    kind: Mapped[str] = mapped_column(Text)
    exited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


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
    """A filed site: sittings of its certificate type are held there while it stands as `filed` (OP-23)."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint("standing IN ('filed', 'suspended', 'closed')", "standing"),
        Index("ix_site_closed", "id", postgresql_where=text("standing = 'closed'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    college_id: Mapped[uuid.UUID] = mapped_column(index=True)
    teo_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    division_code: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    """1 when it was filed; of the same version what was said later wins."""
    standing: Mapped[str] = mapped_column(Text, server_default="filed")


class Quota(Base):
    """How many students a college may have assessed at a certificate type's level in a year (OP-07)."""

    __tablename__ = "quota"
    __table_args__ = (Index("ix_quota_of_level", "certificate_type_id", "level", "year", "college_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    college_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    seats: Mapped[int] = mapped_column(Integer)


class FeeCeiling(Base):
    """What a candidate may cost at most from a day on, until one with a later day begins (OP-27)."""

    __tablename__ = "fee_ceiling"
    __table_args__ = (Index("ix_fee_ceiling_of_level", "certificate_type_id", "level"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    in_force_from: Mapped[date] = mapped_column(Date)


class FeeAgreement(Base):
    """What TEO, province and college have agreed that a candidate costs (OP-28). What was said later wins."""

    __tablename__ = "fee_agreement"
    __table_args__ = (Index("ix_fee_agreement_of_level", "teo_id", "certificate_type_id", "level", "college_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    teo_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    in_force_from: Mapped[date] = mapped_column(Date)
    in_force_to: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
