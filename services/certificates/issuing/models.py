"""Certificates."""

import uuid
from datetime import date, datetime

from sqlalchemy import DDL, CheckConstraint, DateTime, Index, LargeBinary, Text, UniqueConstraint, event, func, text
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class Certificate(Base):
    """One person's certificate of one type and level. The name is sealed, masked, and there as a blind index only."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("ix_certificate_teo_id_id", "teo_id", "id"),
        Index("ix_certificate_college_id_id", "college_id", "id"),
        Index("ix_certificate_learner_id_id", "learner_id", "id"),
        Index("ix_certificate_sitting_id_id", "sitting_id", "id"),
        Index("ix_certificate_issued_on_entry_due_on", "issued_on", "entry_due_on"),
        Index(
            "ix_certificate_late",
            "teo_id",
            "certificate_type_id",
            "issued_on",
            postgresql_where=text("entered_late AND replaces IS NULL"),
        ),
        Index("ix_certificate_elsewhere", "teo_id", "id", postgresql_where=text("source = 'elsewhere'")),
        Index("ix_certificate_elsewhere_id", "id", postgresql_where=text("source = 'elsewhere'")),
        Index(
            "ix_certificate_elsewhere_entered",
            "teo_id",
            "certificate_type_id",
            "issued_on",
            postgresql_where=text("source = 'elsewhere' AND replaces IS NULL"),
        ),
        Index(
            "uq_certificate_elsewhere_once",
            "learner_id",
            "certificate_type_id",
            "level",
            "issued_on",
            unique=True,
            postgresql_where=text("source = 'elsewhere' AND replaces IS NULL"),
        ),
        # One certificate a result (PP-22), whatever is said twice; what replaces it is of the same result.
        Index("uq_certificate_result_id", "result_id", unique=True, postgresql_where=text("replaces IS NULL")),
        Index("ix_certificate_result_id", "result_id", postgresql_where=text("replaces IS NOT NULL")),
        Index("uq_certificate_replaces", "replaces", unique=True, postgresql_where=text("replaces IS NOT NULL")),
        Index("ix_certificate_changed", "state", "id", postgresql_where=text("state <> 'valid'")),
        UniqueConstraint("status_list", "status_index"),
        CheckConstraint("state IN ('valid', 'suspended', 'revoked', 'replaced')", name="state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(Text, unique=True)
    result_id: Mapped[uuid.UUID]
    learner_id: Mapped[uuid.UUID]
    name_index: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_name: Mapped[str] = mapped_column(Text)
    masked_name: Mapped[str] = mapped_column(Text)
    certificate_type_id: Mapped[uuid.UUID]
    type_code: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    standard_version: Mapped[str] = mapped_column(Text)
    teo_id: Mapped[uuid.UUID]
    """The TEO that answers for it (PP-07)."""
    college_id: Mapped[uuid.UUID | None]
    issued_on: Mapped[date]
    """The day in Beijing on which the pass was published: from then on the holder has a right to it (PP-22)."""
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When it came onto the platform; OP-32 gives it 7 working days from `issued_on`."""
    entry_due_on: Mapped[date | None]
    entered_late: Mapped[bool | None]
    """None while the calendar that decides it is not published."""
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When the pass was published, to the microsecond; None for what was issued before this was kept."""
    credential: Mapped[str] = mapped_column(Text, deferred=True)
    state: Mapped[str] = mapped_column(Text, server_default="valid")
    """Its standing: valid, suspended, revoked or replaced (services/certificates/standing)."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Its issue is 1; each change of its standing is one more."""
    replaces: Mapped[uuid.UUID | None]
    """The id of the certificate in whose place it stands."""
    status_list: Mapped[int]
    status_index: Mapped[int]
    """Its bit in the status lists, which its credential names (standing/positions.py)."""
    source: Mapped[str] = mapped_column(Text, server_default="platform")
    """`platform`, or `elsewhere` where its TEO issued it on its own and entered it (OP-32)."""
    foreign_number: Mapped[str | None] = mapped_column(Text)
    """The number that a certificate issued elsewhere has there."""
    sitting_id: Mapped[uuid.UUID | None]
    """The sitting it was earned in; None for what was issued elsewhere, or before this was kept."""


# Credentials lie beside the rows, as they are. In them they would be five sixths of what every look-up reads; to compress each
# would be as much work for PostgreSQL as all of the table's indexes.
event.listen(
    Certificate.__table__, "after_create", DDL("ALTER TABLE certificate ALTER COLUMN credential SET STORAGE EXTERNAL")
)


class ResultAfterExit(Base):
    """A pass that was published after its TEO's exit (OP-41), and what became of it.

    Without a certificate: it was refused one. With one: it was issued before word of the exit came here.
    """

    __tablename__ = "result_after_exit"
    __table_args__ = (Index("ix_result_after_exit_teo_id_result_id", "teo_id", "result_id"),)

    result_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    teo_id: Mapped[uuid.UUID]
    learner_id: Mapped[uuid.UUID]
    college_id: Mapped[uuid.UUID | None]
    certificate_type_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    exited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    certificate_number: Mapped[str | None] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
