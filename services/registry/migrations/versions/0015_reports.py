"""Reports, the weeks that notices excuse, activity filings, invitations, good cases, suggestions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _report_break()
    _report_kind()
    _week_checked()
    _activity()
    _invitation()
    _missed_weeks()
    _report()
    _good_case()
    _report_version()
    _suggestion()


def _report_break() -> None:
    op.create_table(
        "report_break",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("province_code", sa.Text),
        sa.Column("first_week_on", sa.Date, nullable=False),
        sa.Column("last_week_on", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_by", sa.Text),
        sa.CheckConstraint("first_week_on <= last_week_on", name="ck_report_break_weeks"),
    )
    op.create_index("ix_report_break_province_code", "report_break", ["province_code"])


def _report_kind() -> None:
    op.create_table(
        "report_kind",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("organization_kind", sa.Text, nullable=False),
        sa.Column("every", sa.Text, nullable=False),
        sa.Column("grace_days", sa.SmallInteger, nullable=False),
        sa.Column("sections", JSONB, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("every IN ('week', 'month', 'quarter')", name="ck_report_kind_every"),
        sa.CheckConstraint(
            "organization_kind IN ('province', 'teo', 'college')", name="ck_report_kind_organization_kind"
        ),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 90", name="ck_report_kind_grace_days"),
        sa.UniqueConstraint("code", name="uq_report_kind_code"),
    )


def _week_checked() -> None:
    op.create_table(
        "week_checked",
        sa.Column("week_on", sa.Date, primary_key=True),
        sa.Column("checked_at", MOMENT, nullable=False),
    )


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("division_code", sa.Text, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("participants", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("breach", sa.Boolean, nullable=False),
        sa.Column("unfiled", sa.Boolean, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT),
        sa.Column("changed_by", sa.Text),
        sa.Column("noted_at", MOMENT),
        sa.Column("noted_by", sa.Text),
        sa.CheckConstraint("kind IN ('promotion', 'training', 'assessment', 'large_meeting')", name="ck_activity_kind"),
        sa.CheckConstraint("state IN ('filed', 'noted', 'withdrawn')", name="ck_activity_state"),
        sa.CheckConstraint("starts_at <= ends_at", name="ck_activity_days"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_activity_teo_id"),
    )
    op.create_index("ix_activity_breach", "activity", ["province_code", "id"], postgresql_where=sa.text("breach"))
    op.create_index("ix_activity_province_code_id", "activity", ["province_code", "id"])
    op.create_index("ix_activity_province_code_starts_at_id", "activity", ["province_code", "starts_at", "id"])
    op.create_index("ix_activity_starts_at_id", "activity", ["starts_at", "id"])
    op.create_index("ix_activity_teo_id_id", "activity", ["teo_id", "id"])
    op.create_index("ix_activity_teo_id_starts_at_id", "activity", ["teo_id", "starts_at", "id"])


def _invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("occasion", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("invited_by", sa.Text, nullable=False),
        sa.Column("invited_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("settled_by", sa.Text),
        sa.Column("settled_at", MOMENT),
        sa.CheckConstraint("occasion IN ('seminar', 'training')", name="ck_invitation_occasion"),
        sa.CheckConstraint(
            "state IN ('invited', 'accepted', 'declined', 'attended', 'absent', 'withdrawn')",
            name="ck_invitation_state",
        ),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_invitation_days"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_invitation_organization_id"),
    )
    op.create_index("ix_invitation_organization_id_id", "invitation", ["organization_id", "id"])
    op.create_index(
        "ix_invitation_organization_id_state_starts_on", "invitation", ["organization_id", "state", "starts_on"]
    )
    op.create_index("ix_invitation_province_code_id", "invitation", ["province_code", "id"])


def _missed_weeks() -> None:
    op.create_table(
        "missed_weeks",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("first_week_on", sa.Date, nullable=False),
        sa.Column("last_week_on", sa.Date, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("exit_case_id", sa.Uuid),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_missed_weeks_college_id"),
        sa.UniqueConstraint("college_id", "last_week_on", name="uq_missed_weeks_college_id_last_week_on"),
    )
    op.create_index("ix_missed_weeks_province_code_id", "missed_weeks", ["province_code", "id"])


def _report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("organization_kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("begins_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("sections", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by", sa.Text, nullable=False),
        sa.Column("resent_at", MOMENT),
        sa.Column("resent_by", sa.Text),
        sa.Column("remark", sa.Text),
        sa.Column("read_at", MOMENT),
        sa.Column("read_by", sa.Text),
        sa.CheckConstraint("state IN ('sent', 'returned', 'closed')", name="ck_report_state"),
        sa.ForeignKeyConstraint(["kind"], ["report_kind.code"], name="fk_report_kind"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_report_organization_id"),
        sa.UniqueConstraint("organization_id", "kind", "begins_on", name="uq_report_organization_id_kind_begins_on"),
    )
    op.create_index("ix_report_begins_on_id", "report", ["begins_on", "id"])
    op.create_index(
        "ix_report_kind_begins_on_organization_id_sent_at",
        "report",
        ["kind", "begins_on", "organization_id", "sent_at"],
    )
    op.create_index("ix_report_kind_id", "report", ["kind", "id"])
    op.create_index("ix_report_late", "report", ["id"], postgresql_where=sa.text("late"))
    op.create_index("ix_report_late_of_province", "report", ["province_code", "id"], postgresql_where=sa.text("late"))
    op.create_index("ix_report_organization_id_id", "report", ["organization_id", "id"])
    op.create_index("ix_report_organization_kind_id", "report", ["organization_kind", "id"])
    op.create_index("ix_report_period_id", "report", ["period", "id"])
    op.create_index("ix_report_province_code_begins_on_id", "report", ["province_code", "begins_on", "id"])
    op.create_index("ix_report_province_code_id", "report", ["province_code", "id"])
    op.create_index("ix_report_province_code_kind_id", "report", ["province_code", "kind", "id"])
    op.create_index("ix_report_province_code_period_id", "report", ["province_code", "period", "id"])
    op.create_index("ix_report_province_code_state_id", "report", ["province_code", "state", "id"])
    op.create_index("ix_report_state_id", "report", ["state", "id"])


def _good_case() -> None:
    op.create_table(
        "good_case",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("organization_kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("report_id", sa.Uuid),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT),
        sa.Column("published_at", MOMENT),
        sa.CheckConstraint("state IN ('proposed', 'published', 'declined', 'withdrawn')", name="ck_good_case_state"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_good_case_organization_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_good_case_report_id"),
    )
    op.create_index("ix_good_case_organization_id_id", "good_case", ["organization_id", "id"])
    op.create_index("ix_good_case_province_code_id", "good_case", ["province_code", "id"])
    op.create_index("ix_good_case_state_id", "good_case", ["state", "id"])


def _report_version() -> None:
    op.create_table(
        "report_version",
        sa.Column("report_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sections", JSONB, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("sent_by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_version_report_id"),
        sa.PrimaryKeyConstraint("report_id", "version"),
    )


def _suggestion() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("organization_kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("report_id", sa.Uuid),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("suggested", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT),
        sa.CheckConstraint(
            "state IN ('received', 'under_review', 'adopted', 'declined', 'withdrawn')", name="ck_suggestion_state"
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_suggestion_organization_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_suggestion_report_id"),
    )
    op.create_index("ix_suggestion_organization_id_id", "suggestion", ["organization_id", "id"])
    op.create_index("ix_suggestion_province_code_id", "suggestion", ["province_code", "id"])
    op.create_index("ix_suggestion_state_id", "suggestion", ["state", "id"])
