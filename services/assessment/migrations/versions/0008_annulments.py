"""Annulments of published results, and how many of a plan's results were annulled."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

GROUNDS = "ground IN ('cheating', 'impersonation', 'marking_error', 'irregular_sitting')"
STATES = "state IN ('proposed', 'approved', 'carried_out', 'refused', 'withdrawn')"
OPEN = sa.text("state IN ('proposed', 'approved', 'carried_out')")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("plan", sa.Column("annulled", sa.Integer, server_default="0", nullable=False))
    op.create_table(
        "annulment",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("result_id", sa.Uuid),
        sa.Column("sitting_id", sa.Uuid),
        sa.Column("registration_number", sa.Text),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("sealed_note", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", moment),
        sa.Column("job_id", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_annulment"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], "fk_annulment_plan_id"),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], "fk_annulment_result_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], "fk_annulment_sitting_id"),
        sa.CheckConstraint("(result_id IS NULL) <> (sitting_id IS NULL)", "ck_annulment_of_what"),
        sa.CheckConstraint(GROUNDS, "ck_annulment_ground"),
        sa.CheckConstraint(STATES, "ck_annulment_state"),
        sa.CheckConstraint("decided_by <> proposed_by", "ck_annulment_two_persons"),
    )
    op.create_index("ix_annulment_teo_id_id", "annulment", ["teo_id", "id"])
    op.create_index("ix_annulment_plan_id_id", "annulment", ["plan_id", "id"])
    op.create_index("uq_annulment_result_id", "annulment", ["result_id"], unique=True, postgresql_where=OPEN)
    op.create_index("uq_annulment_sitting_id", "annulment", ["sitting_id"], unique=True, postgresql_where=OPEN)
    op.create_table(
        "annulled_result",
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("annulment_id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("registration_number", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("annulled_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("result_id", name="pk_annulled_result"),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], "fk_annulled_result_result_id"),
        sa.ForeignKeyConstraint(["annulment_id"], ["annulment.id"], "fk_annulled_result_annulment_id"),
        sa.CheckConstraint(GROUNDS, "ck_annulled_result_ground"),
    )
    for owner in ("teo_id", "college_id", "plan_id"):
        op.create_index(f"ix_annulled_result_{owner}_result_id", "annulled_result", [owner, "result_id"])
