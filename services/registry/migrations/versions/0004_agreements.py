"""Agreements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("clauses", JSONB, nullable=False),
        sa.Column("signed_on", sa.Date, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("in_force_to", sa.Date, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_agreement_teo_id"),
    )
    op.create_index("ix_agreement_teo_id_in_force_to", "agreement", ["teo_id", "in_force_to"])
