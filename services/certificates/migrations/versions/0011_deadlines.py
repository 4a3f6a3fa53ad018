"""Counts by type and month; the calendar of working days; warnings, breaches and reports of OP-32."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    _tally_by_type_and_month()
    # The walk through the days of issue needs every certificate; those that are not judged are a part of it.
    op.create_index("ix_certificate_issued_on_entry_due_on", "certificate", ["issued_on", "entry_due_on"])
    op.drop_index("ix_certificate_due_unknown", "certificate")
    late = sa.text("entered_late AND replaces IS NULL")
    op.create_index(
        "ix_certificate_late", "certificate", ["teo_id", "certificate_type_id", "issued_on"], postgresql_where=late
    )
    op.create_table(
        "calendar_notice",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source_number", sa.Text, nullable=False),
        sa.Column("published_on", sa.Date, nullable=False),
        sa.Column("days", postgresql.JSONB, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("settled_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_notice"),
        sa.UniqueConstraint("year", "version", name="uq_calendar_notice_year_version"),
    )
    unsettled = sa.text("settled_at IS NULL")
    op.create_index("ix_calendar_notice_unsettled", "calendar_notice", ["id"], postgresql_where=unsettled)
    op.create_table(
        "entry_warning",
        sa.Column("id", sa.Uuid, nullable=False),
        *_unit(),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("outstanding", sa.BigInteger, nullable=False),
        sa.Column("warned_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry_warning"),
        sa.UniqueConstraint(
            "teo_id",
            "certificate_type_id",
            "issued_on",
            "due_on",
            name="uq_entry_warning_teo_id_certificate_type_id_issued_on_due_on",
        ),
    )
    op.create_index("ix_entry_warning_teo_id_id", "entry_warning", ["teo_id", "id"])
    op.create_table(
        "breach",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        *_unit(),
        sa.Column("due_on", sa.Date),
        sa.Column("late", sa.BigInteger, nullable=False),
        sa.Column("outstanding", sa.BigInteger, nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_breach"),
        sa.UniqueConstraint(
            "teo_id", "certificate_type_id", "issued_on", name="uq_breach_teo_id_certificate_type_id_issued_on"
        ),
    )
    op.create_index("ix_breach_teo_id_id", "breach", ["teo_id", "id"])
    op.create_table(
        "timeliness_report",
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("on_time", sa.BigInteger, nullable=False),
        sa.Column("late", sa.BigInteger, nullable=False),
        sa.Column("unknown", sa.BigInteger, nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("teo_id", "month", name="pk_timeliness_report"),
    )


def _unit() -> list[sa.Column[Any]]:
    return [
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
    ]


def _tally_by_type_and_month() -> None:
    # Nothing is entered between this count and the first who adds to it.
    op.execute("LOCK TABLE certificate IN SHARE MODE")
    op.execute("DELETE FROM entry_tally")
    op.add_column("entry_tally", sa.Column("certificate_type_id", sa.Uuid, nullable=False))
    op.add_column("entry_tally", sa.Column("month", sa.Date, nullable=False))
    op.execute(
        "INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown)"
        " SELECT teo_id, certificate_type_id, CAST(date_trunc('month', issued_on) AS date),"
        " count(*) FILTER (WHERE entered_late IS FALSE), count(*) FILTER (WHERE entered_late),"
        " count(*) FILTER (WHERE entered_late IS NULL) FROM certificate WHERE replaces IS NULL GROUP BY 1, 2, 3"
    )
