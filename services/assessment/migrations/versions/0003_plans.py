"""Plans and their sittings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("serial", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("standard_version", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("components", JSONB, nullable=False),
        sa.Column("pass_line_hundredths", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("registered", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("published_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
        sa.UniqueConstraint("serial", name="uq_plan_serial"),
        sa.ForeignKeyConstraint(["certificate_type_id"], ["certificate_type.id"], "fk_plan_certificate_type_id"),
        sa.CheckConstraint("state IN ('draft', 'published')", "ck_plan_state"),
    )
    op.create_index("ix_plan_teo_id", "plan", ["teo_id"])
    op.create_table(
        "sitting",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Uuid, nullable=False),
        sa.Column("site_code", sa.Text, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("registered", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sitting"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], "fk_sitting_plan_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], "fk_sitting_site_id"),
        sa.CheckConstraint("registered BETWEEN 0 AND capacity", "ck_sitting_registered"),
    )
    op.create_index("ix_sitting_plan_id", "sitting", ["plan_id"])
