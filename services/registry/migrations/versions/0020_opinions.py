"""Opinions from the public."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "opinion",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("reference_hash", sa.LargeBinary, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("organization_id", sa.Uuid),
        sa.Column("province_code", sa.Text),
        sa.Column("sealed_text", sa.Text, nullable=False),
        sa.Column("sealed_contact", sa.Text),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("overdue_at", moment),
        sa.Column("classified_by", sa.Text),
        sa.Column("classified_at", moment),
        sa.Column("assigned_teo_id", sa.Uuid),
        sa.Column("assigned_by", sa.Text),
        sa.Column("assigned_at", moment),
        sa.Column("sealed_reply", sa.Text),
        sa.Column("replied_by", sa.Text),
        sa.Column("replied_at", moment),
        sa.Column("sealed_answer", sa.Text),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", moment),
        sa.Column("in_time", sa.Boolean),
        sa.Column("set_aside_because", sa.Text),
        sa.Column("public_text", sa.Text),
        sa.Column("public_answer", sa.Text),
        sa.Column("released_by", sa.Text),
        sa.Column("released_at", moment),
        sa.Column("rectification_id", sa.Uuid),
        sa.Column("exit_case_id", sa.Uuid),
        sa.CheckConstraint("(state = 'answered') = (in_time IS NOT NULL)", name="ck_opinion_answered"),
        sa.CheckConstraint(
            "ground IN ('forced_purchase', 'forced_training', 'illegal_charge', 'false_publicity', 'misuse_of_funds',"
            " 'exam_discipline', 'other')",
            name="ck_opinion_ground",
        ),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'replied', 'answered', 'set_aside')", name="ck_opinion_state"
        ),
        sa.ForeignKeyConstraint(["assigned_teo_id"], ["organization.id"], name="fk_opinion_assigned_teo_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_opinion_organization_id"),
    )
    op.create_index("ix_opinion_assigned_teo_id_id", "opinion", ["assigned_teo_id", "id"])
    op.create_index(
        "ix_opinion_awaited",
        "opinion",
        ["due_on"],
        postgresql_where=sa.text("state IN ('received', 'assigned', 'replied') AND NOT overdue"),
    )
    op.create_index("ix_opinion_ground_id", "opinion", ["ground", "id"])
    op.create_index("ix_opinion_organization_id_id", "opinion", ["organization_id", "id"])
    op.create_index("ix_opinion_overdue", "opinion", ["id"], postgresql_where=sa.text("overdue"))
    op.create_index("ix_opinion_province_code_id", "opinion", ["province_code", "id"])
    op.create_index("ix_opinion_received_on_id", "opinion", ["received_on", "id"])
    op.create_index("ix_opinion_released", "opinion", ["id"], postgresql_where=sa.text("released_at IS NOT NULL"))
    op.create_index("ix_opinion_state_id", "opinion", ["state", "id"])
    op.create_index("uq_opinion_reference_hash", "opinion", ["reference_hash"], unique=True)
