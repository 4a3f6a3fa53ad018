"""Results."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "result",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("registration_id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("scores", ARRAY(sa.Integer), nullable=False),
        sa.Column("score_hundredths", sa.Integer, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("assessed_on", sa.Date, nullable=False),
        sa.Column("published_at", moment),
        sa.Column("seen_job_id", sa.Uuid, nullable=False),
        sa.Column("seen_row", sa.Integer, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
        sa.UniqueConstraint("registration_id", name="uq_result_registration_id"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], "fk_result_registration_id"),
        sa.CheckConstraint("score_hundredths BETWEEN 0 AND 10000", "ck_result_score"),
    )
    op.create_index("ix_result_plan_id", "result", ["plan_id"])
    op.create_index(
        "ix_result_unpublished", "result", ["plan_id", "id"], postgresql_where=sa.text("published_at IS NULL")
    )
