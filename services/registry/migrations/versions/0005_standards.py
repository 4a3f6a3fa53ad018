"""Certificate types, standards, cancelled qualifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "certificate_type",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("field", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("selection_reference", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("code", name="uq_certificate_type_code"),
        sa.CheckConstraint("code ~ '^[0-9]{3}$' AND code <> '000'", name="ck_certificate_type_code"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_certificate_type_teo_id"),
    )
    op.create_index("ix_certificate_type_teo_id", "certificate_type", ["teo_id"])
    op.create_table(
        "standard",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("authors", JSONB, nullable=False),
        sa.Column("what_changed", sa.Text, nullable=False),
        sa.Column("released_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("reviewed_by", sa.Text),
        sa.Column("review_opinion", sa.Text),
        sa.Column("reviewed_at", moment),
        sa.Column("published_at", moment),
        sa.UniqueConstraint(
            "certificate_type_id", "level", "version", name="uq_standard_certificate_type_id_level_version"
        ),
        sa.CheckConstraint("level IN ('primary', 'intermediate', 'advanced')", name="ck_standard_level"),
        sa.CheckConstraint("state IN ('draft', 'reviewed', 'published')", name="ck_standard_state"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_standard_certificate_type_id"
        ),
    )
    op.create_table(
        "cancelled_qualification",
        sa.Column("normalized_name", sa.Text, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", moment, server_default=sa.func.now(), nullable=False),
    )
