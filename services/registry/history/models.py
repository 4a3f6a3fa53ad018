"""The chain of changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.tables import Base

CONTENT = JSONB(none_as_null=True)


class Change(Base):
    """One record made, changed or removed. Written by `recording.py` only; a trigger refuses to alter or remove it."""

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "record_id", "seq"),
        Index(None, "table_name", "seq"),
        Index(None, "actor", "seq"),
        Index(None, "at", "seq"),
        Index(None, "verb", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """From 1 without gaps, in the order of the commits."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str | None] = mapped_column(Text)
    verb: Mapped[str] = mapped_column(Text)
    table_name: Mapped[str] = mapped_column(Text)
    record_id: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(CONTENT)
    after: Mapped[dict[str, Any] | None] = mapped_column(CONTENT)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class ChangeHead(Base):
    """The chain's last entry, once more: so that one that is missing at the end is missed."""

    __tablename__ = "change_head"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
