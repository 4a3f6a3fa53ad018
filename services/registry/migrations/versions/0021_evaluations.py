"""Evaluations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("organization_kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("made_by_province", sa.Text),
        sa.Column("evaluator", sa.Text),
        sa.Column("items", JSONB, nullable=False),
        sa.Column("total", sa.Numeric(9, 6), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("corrected_at", moment),
        sa.Column("submitted_by", sa.Text),
        sa.Column("submitted_at", moment),
        sa.Column("returned_because", sa.Text),
        sa.Column("published_by", sa.Text),
        sa.Column("published_at", moment),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", moment),
        sa.Column("annulled_because", sa.Text),
        sa.CheckConstraint("kind IN ('self', 'provincial', 'third_party')", name="ck_evaluation_kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'published', 'withdrawn', 'annulled')", name="ck_evaluation_state"
        ),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name="ck_evaluation_total"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_evaluation_organization_id"),
    )
    op.create_index("ix_evaluation_organization_id_id", "evaluation", ["organization_id", "id"])
    op.create_index("ix_evaluation_province_code_id", "evaluation", ["province_code", "id"])
    op.create_index("ix_evaluation_state_id", "evaluation", ["state", "id"])
    op.create_index("ix_evaluation_year_id", "evaluation", ["year", "id"])
    op.create_index(
        "uq_evaluation_standing",
        "evaluation",
        ["organization_id", "kind", "year", "made_by_province"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'submitted', 'published')"),
        postgresql_nulls_not_distinct=True,
    )
