"""The transparency log: what waits to be logged, what is logged, the tiles over it, the heads that were signed."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.certificates.tables import Base


class LogPending(Base):
    """An entry that is committed and not in the log yet; it goes there within seconds, in the order of its places."""

    __tablename__ = "log_pending"

    place: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    """From one sequence of the database, not from a clock: what is said of a certificate later has a higher one."""
    certificate_id: Mapped[uuid.UUID]
    entry: Mapped[bytes] = mapped_column(LargeBinary)


class LogEntry(Base):
    """An entry at its place, for ever: the table refuses every change."""

    __tablename__ = "log_entry"
    __table_args__ = (Index("ix_log_entry_certificate_id_index", "certificate_id", "index"),)

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Its number, beginning with 0 and without gaps."""
    certificate_id: Mapped[uuid.UUID]
    entry: Mapped[bytes] = mapped_column(LargeBinary)


class LogTile(Base):
    """The hashes of one tile, so many as there are (C2SP `tlog-tiles`). The rightmost of a level grows, the others stay."""

    __tablename__ = "log_tile"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class LogHead(Base):
    """What the log said that it holds, and signed. The newest has the largest size."""

    __tablename__ = "log_head"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root_hash: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class LogKey(Base):
    """The key that signs the heads; its secret is sealed."""

    __tablename__ = "log_key"
    __table_args__ = (
        Index(
            "uq_log_key_in_force",
            text("(retired_at IS NULL)"),
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sealed_secret: Mapped[str] = mapped_column(Text)
    public: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
