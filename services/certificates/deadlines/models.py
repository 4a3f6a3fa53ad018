"""How timely certificates were entered, counted as they are; warnings, breaches, reports; and the calendar of working days."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Index, Text, UniqueConstraint, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.certificates.tables import Base


class EntryTally(Base):
    """Part of the counts of a TEO's type and month of issue, which are the sums of its rows.

    Each batch of certificates adds a row, so that no two wait for each other; every minute the rows of one become one. What
    stands in place of another certificate is not counted: it was not issued anew.
    """

    __tablename__ = "entry_tally"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    teo_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    month: Mapped[date]
    """The first day of the month in which they were issued."""
    on_time: Mapped[int] = mapped_column(BigInteger)
    late: Mapped[int] = mapped_column(BigInteger)
    unknown: Mapped[int] = mapped_column(BigInteger)
    """Not judged yet. Negative in a row that says how so many were judged later."""


class MonthlyTimeliness(Base):
    """The counts of a TEO's type and month: no table, but the sums of `entry_tally`."""

    __table__ = (
        select(
            func.min(EntryTally.id).label("id"),
            EntryTally.teo_id,
            EntryTally.certificate_type_id,
            EntryTally.month,
            func.sum(EntryTally.on_time).label("on_time"),
            func.sum(EntryTally.late).label("late"),
            func.sum(EntryTally.unknown).label("unknown"),
        )
        .group_by(EntryTally.teo_id, EntryTally.certificate_type_id, EntryTally.month)
        .subquery("timeliness")
    )
    __tablename__ = "timeliness"
    __mapper_args__ = {"primary_key": [__table__.c.id]}


class CalendarNotice(Base):
    """A year's notice of the State Council, as an operator entered it. The newest version of a year is in force, whole."""

    __tablename__ = "calendar_notice"
    __table_args__ = (
        UniqueConstraint("year", "version"),
        Index("ix_calendar_notice_unsettled", "id", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    version: Mapped[int]
    source_number: Mapped[str] = mapped_column(Text)
    """Of the document, such as 国办发明电〔2025〕7号."""
    published_on: Mapped[date]
    days: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Each day it names, and whether that is worked."""
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When every certificate was judged by it; None until then."""


class EntryWarning(Base):
    """What was warned of: issued and due on these days, and not on the platform."""

    __tablename__ = "entry_warning"
    __table_args__ = (
        UniqueConstraint("teo_id", "certificate_type_id", "issued_on", "due_on"),
        Index("ix_entry_warning_teo_id_id", "teo_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    teo_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    outstanding: Mapped[int] = mapped_column(BigInteger)
    warned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Breach(Base):
    """OP-32 was breached: certificates of one TEO, type and day of issue came too late, or have not come. Recorded once.

    It changes when more of them come, or when a corrected calendar says that they were in time; then it stands no more.
    """

    __tablename__ = "breach"
    __table_args__ = (
        UniqueConstraint("teo_id", "certificate_type_id", "issued_on"),
        Index("ix_breach_teo_id_id", "teo_id", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    teo_id: Mapped[uuid.UUID]
    certificate_type_id: Mapped[uuid.UUID]
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    late: Mapped[int] = mapped_column(BigInteger)
    outstanding: Mapped[int] = mapped_column(BigInteger)
    stands: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TimelinessReport(Base):
    """What was said last of a TEO's month."""

    __tablename__ = "timeliness_report"

    teo_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int]
    on_time: Mapped[int] = mapped_column(BigInteger)
    late: Mapped[int] = mapped_column(BigInteger)
    unknown: Mapped[int] = mapped_column(BigInteger)
    reported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
