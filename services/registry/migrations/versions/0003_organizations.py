"""Organizations."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("division_code", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("college_kind", sa.Text),
        sa.Column("sealed_contacts", sa.Text, nullable=False),
        sa.Column("sealed_work_group", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("admitted_at", moment),
        sa.Column("admitted_by", sa.Text),
        sa.UniqueConstraint("code", name="uq_organization_code"),
        sa.CheckConstraint("kind IN ('province', 'teo', 'college')", name="ck_organization_kind"),
        sa.CheckConstraint("status IN ('registered', 'admitted')", name="ck_organization_status"),
    )
    op.create_index("ix_organization_province_code_kind", "organization", ["province_code", "kind"])
