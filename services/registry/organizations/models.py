"""Organizations, the batches and quotas they take part under, and what ties them to each other."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Organization(Base):
    """Whoever has a part in the pilot. The people it names are sealed."""

    __tablename__ = "organization"
    __table_args__ = (
        Index(None, "college_kind", "id"),
        UniqueConstraint("code"),
        UniqueConstraint("school_code"),
        Index(None, "province_code", "kind"),
        Index(None, "kind", "id"),
        Index(None, "province_code", "id"),
        Index(None, "admitted_at", "id"),
        Index(None, "division_code", "id"),
        # Reports on all who take part read this index, and nothing of the table.
        Index(
            "ix_organization_taking_part",
            "kind",
            "status",
            "division_code",
            postgresql_include=["province_code", "id"],
        ),
        Index(
            "uq_organization_coordinating_body",
            "province_code",
            unique=True,
            postgresql_where=text("kind = 'coordinating_body'"),
        ),
        CheckConstraint(
            "kind IN ('ministry', 'province', 'coordinating_body', 'teo', 'college', 'enterprise', 'training_base')",
            name="kind",
        ),
        CheckConstraint("status IN ('registered', 'admitted', 'exited')", name="status"),
        CheckConstraint("school_code ~ '^[0-9]{10}$'", name="school_code"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    division_code: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    college_kind: Mapped[str | None] = mapped_column(Text)
    school_code: Mapped[str | None] = mapped_column(Text)
    """A college's ten-digit identifier of the education statistics, where it has told it."""
    demonstration: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """A demonstration (backbone, high-quality) higher vocational college at provincial level or above (PP-35)."""
    double_high: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """In the plan for high-level higher vocational colleges and programmes (PP-35)."""
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", default=list)
    """The levels a college that may choose has chosen (PP-13); empty: all of them."""
    sealed_contacts: Mapped[str] = mapped_column(Text)
    sealed_work_group: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Of what other services know of it: 0 before admission, and for good for those they do not hear of."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    admitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    admitted_by: Mapped[str | None] = mapped_column(Text)
    """The client of the province that filed it, or of the operator (PP-33)."""
    application_id: Mapped[uuid.UUID | None]
    """The accepted application through which a TEO came in (PP-04)."""
    outside_round_reason: Mapped[str | None] = mapped_column(Text)
    """Why a TEO was admitted without an application, outside any recruitment round."""
    exited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    exited_by: Mapped[str | None] = mapped_column(Text)
    exit_ground: Mapped[str | None] = mapped_column(Text)
    exit_case_id: Mapped[uuid.UUID | None]


class Batch(Base):
    """A batch of the pilot with its own days (PP-36); when the pilot is, is nowhere in the code (OP-44)."""

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("ends_on >= starts_on", name="days"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    field_codes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The fields the batch opens; see `field`."""
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    """The last day, included."""
    review_on: Mapped[date | None] = mapped_column(Date)
    """When the batch is looked back on (PP-36: the second half of 2020 for the first)."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class BatchCollege(Base):
    """A college's part in a batch."""

    __tablename__ = "batch_college"
    __table_args__ = (UniqueConstraint("batch_id", "college_id"), Index(None, "batch_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Quota(Base):
    """How many of a college's candidates a type's level takes in a year, as the province filed it (OP-07)."""

    __tablename__ = "quota"
    __table_args__ = (
        Index(None, "level", "id"),
        Index(None, "year", "id"),
        UniqueConstraint("college_id", "certificate_type_id", "level", "year"),
        Index(None, "college_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "teo_id", "id"),
        Index(None, "certificate_type_id", "id"),
        Index("ix_quota_seats", "province_code", "certificate_type_id", postgresql_include=["seats"]),
        CheckConstraint("level IN ('primary', 'intermediate', 'advanced')", name="level"),
        CheckConstraint("seats >= 0", name="seats"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"))
    level: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    seats: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    """1 for the first filing, one more for each that changed it."""
    province_code: Mapped[str] = mapped_column(Text)
    """The college's province, which files (OP-01)."""
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    """The type's TEO, which reads."""
    filed_by: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Liaison(Base):
    """Whom a province names for a certificate type and its TEO (OP-02); the person is sealed."""

    __tablename__ = "liaison"
    __table_args__ = (
        Index(None, "named_at", "id"),
        UniqueConstraint("province_code", "certificate_type_id"),
        Index(None, "province_code", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    province_code: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"), index=True)
    teo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    sealed_person: Mapped[str] = mapped_column(Text)
    named_by: Mapped[str] = mapped_column(Text)
    named_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Consortium(Base):
    """Colleges that train together for a certificate type (OP-19)."""

    __tablename__ = "consortium"
    __table_args__ = (UniqueConstraint("name_zh", "certificate_type_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name_zh: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("certificate_type.id"), index=True)
    lead_college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text)
    founded_by: Mapped[str] = mapped_column(Text)
    founded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    dissolved_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dissolved_by: Mapped[str | None] = mapped_column(Text)


class ConsortiumMember(Base):
    """A college's membership; one that left and came back is one membership again."""

    __tablename__ = "consortium_member"
    __table_args__ = (UniqueConstraint("consortium_id", "college_id"), Index(None, "consortium_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortium.id"))
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    joined_by: Mapped[str] = mapped_column(Text)
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    left_by: Mapped[str | None] = mapped_column(Text)


class BaseShare(Base):
    """A college's or an enterprise's part in a training base (PP-06, PP-39)."""

    __tablename__ = "base_share"
    __table_args__ = (
        UniqueConstraint("base_id", "organization_id"),
        Index(None, "base_id", "id"),
        CheckConstraint("part IN ('builds', 'operates', 'uses')", name="part"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    base_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"), index=True)
    part: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    """The last day, included; open without one."""
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Field(Base):
    """A vocational field in one of the four industries of the plan (PP-03, PP-32)."""

    __tablename__ = "field"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("industry IN ('agriculture', 'manufacturing', 'services', 'emerging')", name="industry"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    industry: Mapped[str] = mapped_column(Text)
    shortage: Mapped[bool] = mapped_column()
    """Whether it is one of those that are short of skilled people (PP-32)."""
    spellings: Mapped[list[str]] = mapped_column(JSONB)
    """Code, names and what else people write for it, folded; how a certificate type's field is recognised."""
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
