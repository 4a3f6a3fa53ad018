"""Batch inquiries, and the counts of inquiries that found nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "batch_inquiry_answer",
        sa.Column("job_id", sa.Uuid, nullable=False),
        sa.Column("row_number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("certificate_id", sa.Uuid),
        sa.PrimaryKeyConstraint("job_id", "row_number", name="pk_batch_inquiry_answer"),
    )
    op.create_table(
        "inquiry_miss",
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("subject", "hour", name="pk_inquiry_miss"),
        prefixes=["UNLOGGED"],
    )
