"""Reports with their kinds and earlier versions, the weeks that notices excuse, and the weeks that were missed."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.reports.activity_models import (  # so that the metadata is whole
    Activity as Activity,
)
from services.registry.reports.activity_models import (
    GoodCase as GoodCase,
)
from services.registry.reports.activity_models import (
    Invitation as Invitation,
)
from services.registry.reports.activity_models import (
    Suggestion as Suggestion,
)
from services.registry.tables import Base


class ReportKind(Base):
    """A kind of report: who sends it, how often, in how many days, with which sections (OP-06). Data, not code."""

    __tablename__ = "report_kind"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("organization_kind IN ('province', 'teo', 'college')", name="organization_kind"),
        CheckConstraint("every IN ('week', 'month', 'quarter')", name="every"),
        CheckConstraint("grace_days BETWEEN 0 AND 90", name="grace_days"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(Text)
    organization_kind: Mapped[str] = mapped_column(Text)
    every: Mapped[str] = mapped_column(Text)
    grace_days: Mapped[int] = mapped_column(SmallInteger)
    """Days after the period's last day on which a report still comes in time."""
    sections: Mapped[list[str]] = mapped_column(JSONB)
    """Those that may not be empty."""
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Report(Base):
    """What an organization reports on a period; sent again while it is open, it becomes its next version (OP-06)."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("organization_id", "kind", "begins_on"),
        CheckConstraint("state IN ('sent', 'returned', 'closed')", name="state"),
        # The check for three missing weeks reads three weeks of this index, and nothing of the table.
        Index(None, "kind", "begins_on", "organization_id", "sent_at"),
        Index(None, "organization_id", "id"),
        Index(None, "province_code", "id"),
        Index(None, "province_code", "kind", "id"),
        Index(None, "province_code", "period", "id"),
        Index(None, "province_code", "state", "id"),
        Index(None, "province_code", "begins_on", "id"),
        Index(None, "begins_on", "id"),
        Index(None, "sent_at", "id"),
        Index(None, "province_code", "sent_at", "id"),
        Index(None, "organization_kind", "id"),
        Index(None, "kind", "id"),
        Index(None, "period", "id"),
        Index(None, "state", "id"),
        Index("ix_report_late", "id", postgresql_where=text("late")),
        Index("ix_report_late_of_organization", "organization_id", "begins_on", postgresql_where=text("late")),
        Index("ix_report_late_of_province", "province_code", "id", postgresql_where=text("late")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    organization_kind: Mapped[str] = mapped_column(Text)
    province_code: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(ForeignKey("report_kind.code"))
    period: Mapped[str] = mapped_column(Text)
    """Its name: `2026-W09`, `2026-03` or `2026-Q1`."""
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    sections: Mapped[dict[str, str]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    late: Mapped[bool] = mapped_column(Boolean)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When its first version came, which alone says whether it came in time."""
    sent_by: Mapped[str] = mapped_column(Text)
    resent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    resent_by: Mapped[str | None] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
    """Why it was returned, or what is said to it."""
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    read_by: Mapped[str | None] = mapped_column(Text)


class ReportVersion(Base):
    """What a report said before it was sent again."""

    __tablename__ = "report_version"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("report.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    sections: Mapped[dict[str, str]] = mapped_column(JSONB)
    sent_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_by: Mapped[str] = mapped_column(Text)


class ReportBreak(Base):
    """Weeks in which no weekly report is owed, by a province's notice, or by the Ministry's for all provinces."""

    __tablename__ = "report_break"
    __table_args__ = (CheckConstraint("first_week_on <= last_week_on", name="weeks"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    province_code: Mapped[str | None] = mapped_column(Text, index=True)
    """None where it holds for every province."""
    first_week_on: Mapped[date] = mapped_column(Date)
    last_week_on: Mapped[date] = mapped_column(Date)
    """Both are Mondays; the last week is included."""
    reason: Mapped[str] = mapped_column(Text)
    notice: Mapped[str] = mapped_column(Text)
    """The number of the document."""
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)


class MissedWeeks(Base):
    """A college sent no weekly report for three weeks running (OP-42). Found once, by itself, on the day."""

    __tablename__ = "missed_weeks"
    __table_args__ = (
        Index(None, "found_at", "id"),
        UniqueConstraint("college_id", "last_week_on"),
        Index(None, "province_code", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    college_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organization.id"))
    province_code: Mapped[str] = mapped_column(Text)
    first_week_on: Mapped[date] = mapped_column(Date)
    last_week_on: Mapped[date] = mapped_column(Date)
    found_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    exit_case_id: Mapped[uuid.UUID | None] = mapped_column()
    """None where a case on this ground was open already."""


class WeekChecked(Base):
    """Up to which week colleges were looked at, so that days on which no worker ran are made up for."""

    __tablename__ = "week_checked"

    week_on: Mapped[date] = mapped_column(Date, primary_key=True)
    """A Monday."""
    checked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
