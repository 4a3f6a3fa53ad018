"""Training: teachers, experts, programmes, enrolments, workload."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _teacher()
    _training_expert()
    _expert_pay_standard()
    _training_programme()
    _programme_expert()
    _training_session()
    _training_request()
    _training_enrolment()
    _training_attendance()
    _teacher_role()
    _workload_ratio()
    _training_workload()


def _teacher() -> None:
    op.create_table(
        "teacher",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("staff_number", sa.Text, nullable=False),
        sa.Column("sealed_name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("left_by", sa.Text),
        sa.Column("left_at", MOMENT),
        sa.UniqueConstraint("college_id", "staff_number", name="uq_teacher_college_id_staff_number"),
        sa.CheckConstraint("state IN ('active', 'left')", name="state"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_teacher_college_id"),
    )
    op.create_index("ix_teacher_province_code_id", "teacher", ["province_code", "id"])
    op.create_index("ix_teacher_college_id_id", "teacher", ["college_id", "id"])


def _training_expert() -> None:
    op.create_table(
        "training_expert",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("sealed_name", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("employer", sa.Text, nullable=False),
        sa.Column("specialty", sa.Text, nullable=False),
        sa.Column("qualification", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("reviewed_by", sa.Text),
        sa.Column("reviewer", sa.Text),
        sa.Column("review_opinion", sa.Text),
        sa.Column("reviewed_at", MOMENT),
        sa.UniqueConstraint("teo_id", "number", name="uq_training_expert_teo_id_number"),
        sa.CheckConstraint("source IN ('enterprise', 'college', 'research')", name="source"),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected', 'removed')", name="state"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_training_expert_teo_id"),
    )
    op.create_index("ix_training_expert_teo_id_id", "training_expert", ["teo_id", "id"])
    op.create_index("ix_training_expert_teo_id_state", "training_expert", ["teo_id", "state"])


def _expert_pay_standard() -> None:
    op.create_table(
        "expert_pay_standard",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("rank", sa.Text, nullable=False),
        sa.Column("most_fen_a_lesson", sa.Integer, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint(
            "province_code", "rank", "in_force_from", name="uq_expert_pay_standard_province_code_rank_in_force_from"
        ),
        sa.CheckConstraint("most_fen_a_lesson >= 0", name="most_fen_a_lesson"),
        sa.CheckConstraint("rank IN ('distinguished', 'senior', 'associate', 'other')", name="rank"),
    )
    op.create_index("ix_expert_pay_standard_province_code_id", "expert_pay_standard", ["province_code", "id"])


def _training_programme() -> None:
    op.create_table(
        "training_programme",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organizer_kind", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid),
        sa.Column("province_code", sa.Text),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("trains_for", sa.Text, nullable=False),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("enrol_until", sa.Date, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("enrolled", sa.Integer, server_default="0", nullable=False),
        sa.Column("fee_fen", sa.Integer, nullable=False),
        sa.Column("fee_basis", sa.Text, nullable=False),
        sa.Column("certification_fee_fen", sa.Integer, server_default="0", nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("announced_by", sa.Text),
        sa.Column("announced_at", MOMENT),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", MOMENT),
        sa.Column("end_reason", sa.Text),
        sa.CheckConstraint(
            "CASE organizer_kind WHEN 'teo' THEN teo_id IS NOT NULL AND province_code IS NULL"
            " WHEN 'government' THEN teo_id IS NULL AND province_code IS NOT NULL ELSE false END",
            name="organizer",
        ),
        sa.CheckConstraint("starts_on <= ends_on AND enrol_until <= starts_on", name="days"),
        sa.CheckConstraint("certification_fee_fen = 0", name="certification_fee_fen"),
        sa.CheckConstraint("trains_for IN ('trainer', 'evaluator', 'seed_teacher')", name="trains_for"),
        sa.CheckConstraint("fee_fen >= 0", name="fee_fen"),
        sa.CheckConstraint("places > 0 AND enrolled BETWEEN 0 AND places", name="places"),
        sa.CheckConstraint("state IN ('draft', 'announced', 'finished', 'cancelled')", name="state"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_training_programme_teo_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_training_programme_certificate_type_id"
        ),
    )
    op.create_index("ix_training_programme_state_id", "training_programme", ["state", "id"])
    op.create_index("ix_training_programme_starts_on_id", "training_programme", ["starts_on", "id"])
    op.create_index(
        "ix_training_programme_certificate_type_id_starts_on",
        "training_programme",
        ["certificate_type_id", "starts_on"],
    )
    op.create_index("ix_training_programme_teo_id_id", "training_programme", ["teo_id", "id"])
    op.create_index("ix_training_programme_province_code_id", "training_programme", ["province_code", "id"])


def _programme_expert() -> None:
    op.create_table(
        "programme_expert",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("programme_id", sa.Uuid, nullable=False),
        sa.Column("expert_id", sa.Uuid, nullable=False),
        sa.Column("rank", sa.Text, nullable=False),
        sa.Column("pay_fen_a_lesson", sa.Integer, nullable=False),
        sa.UniqueConstraint("programme_id", "expert_id", name="uq_programme_expert_programme_id_expert_id"),
        sa.CheckConstraint("rank IN ('distinguished', 'senior', 'associate', 'other')", name="rank"),
        sa.CheckConstraint("pay_fen_a_lesson >= 0", name="pay_fen_a_lesson"),
        sa.ForeignKeyConstraint(["programme_id"], ["training_programme.id"], name="fk_programme_expert_programme_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["training_expert.id"], name="fk_programme_expert_expert_id"),
    )
    op.create_index("ix_programme_expert_expert_id", "programme_expert", ["expert_id"])


def _training_session() -> None:
    op.create_table(
        "training_session",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("programme_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("lessons", sa.Integer, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("venue_kind", sa.Text),
        sa.Column("venue_id", sa.Uuid),
        sa.Column("venue", sa.Text, nullable=False),
        sa.Column("expert_id", sa.Uuid, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.UniqueConstraint("programme_id", "number", name="uq_training_session_programme_id_number"),
        sa.CheckConstraint("(mode = 'online') = (venue_kind IS NULL)", name="venue"),
        sa.CheckConstraint("venue_kind IN ('college', 'training_base', 'enterprise', 'other')", name="venue_kind"),
        sa.CheckConstraint("lessons > 0", name="lessons"),
        sa.CheckConstraint("mode IN ('online', 'offline')", name="mode"),
        sa.ForeignKeyConstraint(["programme_id"], ["training_programme.id"], name="fk_training_session_programme_id"),
        sa.ForeignKeyConstraint(["venue_id"], ["organization.id"], name="fk_training_session_venue_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["training_expert.id"], name="fk_training_session_expert_id"),
    )
    op.create_index("ix_training_session_expert_id", "training_session", ["expert_id"])


def _training_request() -> None:
    op.create_table(
        "training_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("programme_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("needs", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.UniqueConstraint("programme_id", "teo_id", name="uq_training_request_programme_id_teo_id"),
        sa.CheckConstraint("state IN ('open', 'accepted', 'declined', 'withdrawn')", name="state"),
        sa.ForeignKeyConstraint(["programme_id"], ["training_programme.id"], name="fk_training_request_programme_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_training_request_teo_id"),
    )
    op.create_index("ix_training_request_province_code_id", "training_request", ["province_code", "id"])
    op.create_index("ix_training_request_teo_id_id", "training_request", ["teo_id", "id"])
    op.create_index("ix_training_request_teo_id_state", "training_request", ["teo_id", "state"])


def _training_enrolment() -> None:
    op.create_table(
        "training_enrolment",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("programme_id", sa.Uuid, nullable=False),
        sa.Column("teacher_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("fee_fen", sa.Integer, nullable=False),
        sa.Column("sealed_consent_by", sa.Text, nullable=False),
        sa.Column("consented_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("enrolled_by", sa.Text, nullable=False),
        sa.Column("enrolled_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("state IN ('enrolled', 'withdrawn')", name="state"),
        sa.ForeignKeyConstraint(["programme_id"], ["training_programme.id"], name="fk_training_enrolment_programme_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_training_enrolment_teacher_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_training_enrolment_college_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_training_enrolment_teo_id"),
    )
    op.create_index(
        "uq_training_enrolment_standing",
        "training_enrolment",
        ["programme_id", "teacher_id"],
        unique=True,
        postgresql_where=sa.text("state = 'enrolled'"),
    )
    op.create_index("ix_training_enrolment_teo_id_id", "training_enrolment", ["teo_id", "id"])
    op.create_index("ix_training_enrolment_college_id_id", "training_enrolment", ["college_id", "id"])
    op.create_index("ix_training_enrolment_province_code_id", "training_enrolment", ["province_code", "id"])
    op.create_index("ix_training_enrolment_teacher_id", "training_enrolment", ["teacher_id"])
    op.create_index("ix_training_enrolment_programme_id_id", "training_enrolment", ["programme_id", "id"])


def _training_attendance() -> None:
    op.create_table(
        "training_attendance",
        sa.Column("session_id", sa.Uuid, primary_key=True),
        sa.Column("enrolment_id", sa.Uuid, primary_key=True),
        sa.Column("lessons", sa.Integer, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("lessons >= 0", name="lessons"),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name="fk_training_attendance_session_id"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["training_enrolment.id"], name="fk_training_attendance_enrolment_id"
        ),
    )
    op.create_index("ix_training_attendance_enrolment_id", "training_attendance", ["enrolment_id"])


def _teacher_role() -> None:
    op.create_table(
        "teacher_role",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("teacher_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("enrolment_id", sa.Uuid),
        sa.Column("certification_fee_fen", sa.Integer, server_default="0", nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", MOMENT),
        sa.Column("end_reason", sa.Text),
        sa.CheckConstraint("certification_fee_fen = 0", name="certification_fee_fen"),
        sa.CheckConstraint("role IN ('trainer', 'evaluator', 'seed_teacher')", name="role"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_teacher_role_teacher_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_teacher_role_college_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_teacher_role_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["training_enrolment.id"], name="fk_teacher_role_enrolment_id"),
    )
    op.create_index("ix_teacher_role_college_id_id", "teacher_role", ["college_id", "id"])
    op.create_index("ix_teacher_role_certificate_type_id_id", "teacher_role", ["certificate_type_id", "id"])
    op.create_index(
        "uq_teacher_role_held",
        "teacher_role",
        ["teacher_id", "certificate_type_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_teacher_role_province_code_id", "teacher_role", ["province_code", "id"])
    op.create_index("ix_teacher_role_teacher_id_id", "teacher_role", ["teacher_id", "id"])


def _workload_ratio() -> None:
    op.create_table(
        "workload_ratio",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("ratio", sa.Numeric(6, 4), nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("college_id", "in_force_from", name="uq_workload_ratio_college_id_in_force_from"),
        sa.CheckConstraint("ratio > 0", name="ratio"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_workload_ratio_college_id"),
    )
    op.create_index("ix_workload_ratio_college_id_id", "workload_ratio", ["college_id", "id"])
    op.create_index("ix_workload_ratio_province_code_id", "workload_ratio", ["province_code", "id"])


def _training_workload() -> None:
    op.create_table(
        "training_workload",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("teacher_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("taught_on", sa.Date, nullable=False),
        sa.Column("lessons", sa.Numeric(6, 2), nullable=False),
        sa.Column("ratio", sa.Numeric(6, 4), nullable=False),
        sa.Column("workload", sa.Numeric(14, 6), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("lessons > 0", name="lessons"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_training_workload_college_id"),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name="fk_training_workload_teacher_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_training_workload_certificate_type_id"
        ),
    )
    op.create_index("ix_training_workload_college_id_id", "training_workload", ["college_id", "id"])
    op.create_index("ix_training_workload_teacher_id_taught_on", "training_workload", ["teacher_id", "taught_on"])
    op.create_index("ix_training_workload_province_code_id", "training_workload", ["province_code", "id"])
