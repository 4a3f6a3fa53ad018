"""Registrations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("sealed_person", sa.Text, nullable=False),
        sa.Column("masked_name", sa.Text, nullable=False),
        sa.Column("name_index", sa.LargeBinary, nullable=False),
        sa.Column("candidate_kind", sa.Text, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("seen_job_id", sa.Uuid, nullable=False),
        sa.Column("seen_row", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.UniqueConstraint("number", name="uq_registration_number"),
        sa.UniqueConstraint("learner_id", "plan_id", name="uq_registration_learner_id_plan_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], "fk_registration_sitting_id"),
        sa.CheckConstraint("(candidate_kind = 'student') = (college_id IS NOT NULL)", "ck_registration_college"),
        sa.CheckConstraint("candidate_kind IN ('student', 'social')", "ck_registration_candidate_kind"),
    )
    op.create_index("ix_registration_plan_id", "registration", ["plan_id", "id"])
