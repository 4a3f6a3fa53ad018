"""Policy documents and their attachments."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base


class Policy(Base):
    """A policy document with its source, number and day (OP-45). The person to turn to is sealed; the office is not."""

    __tablename__ = "policy"
    __table_args__ = (
        Index("uq_policy_number", "number", unique=True, postgresql_where=text("state <> 'withdrawn'")),
        CheckConstraint("state IN ('draft', 'published', 'superseded', 'withdrawn')", name="state"),
        CheckConstraint(
            "kind IN ('law', 'plan', 'opinions', 'notice', 'measures', 'interpretation', 'other')", name="kind"
        ),
        Index(None, "state", "id"),
        Index(None, "province_code", "id"),
        Index(None, "issued_on", "id"),
        # What the feed and the public page read.
        Index("ix_policy_feed", "updated_at", "id", postgresql_where=text("state IN ('published', 'superseded')")),
        Index("ix_policy_public", "issued_on", "id", postgresql_where=text("state IN ('published', 'superseded')")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(Text)
    """As its source gave it, such as 教职成〔2019〕6号."""
    source: Mapped[str] = mapped_column(Text)
    """The body, or bodies, that issued it."""
    province_code: Mapped[str | None] = mapped_column(Text)
    """Two digits; None for what holds in the whole country."""
    kind: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date] = mapped_column(Date)
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    summary_zh: Mapped[str] = mapped_column(Text)
    summary_en: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    """Where its source has published it (http or https)."""
    office: Mapped[str] = mapped_column(Text)
    office_phone: Mapped[str] = mapped_column(Text)
    sealed_contact: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    superseded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("policy.id"))
    reason: Mapped[str] = mapped_column(Text)
    """Why it was withdrawn."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_by: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PolicyAttachment(Base):
    """A file of a policy; its type was told from its bytes."""

    __tablename__ = "policy_attachment"
    __table_args__ = (
        UniqueConstraint("policy_id", "sha256"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    policy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("policy.id"))
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    """Bytes."""
    sha256: Mapped[str] = mapped_column(Text)
    """In hexadecimal."""
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class AttachmentBody(Base):
    """A file's bytes, apart from what is listed of it. Written and removed by statement, so that no history copies them."""

    __tablename__ = "policy_attachment_body"

    attachment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("policy_attachment.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[bytes] = mapped_column(LargeBinary)
