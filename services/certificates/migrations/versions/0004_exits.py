"""TEOs that have left, what was published after that, and each certificate's moment of publication."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("certificate", sa.Column("published_at", moment))
    op.create_table(
        "exited_teo",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("exited_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exited_teo"),
    )
    op.create_table(
        "result_after_exit",
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.Column("exited_at", moment, nullable=False),
        sa.Column("certificate_number", sa.Text),
        sa.Column("noted_at", moment, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("result_id", name="pk_result_after_exit"),
    )
    op.create_index("ix_result_after_exit_teo_id_result_id", "result_after_exit", ["teo_id", "result_id"])
