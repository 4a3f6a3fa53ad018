"""Assessment sites."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("address_zh", sa.Text, nullable=False),
        sa.Column("division_code", sa.Text, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("conditions", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("declared_by", sa.Text, nullable=False),
        sa.Column("declared_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("teo_consented_at", moment),
        sa.Column("teo_consented_by", sa.Text),
        sa.Column("province_consented_at", moment),
        sa.Column("province_consented_by", sa.Text),
        sa.Column("filed_at", moment),
        sa.Column("filed_by", sa.Text),
        sa.UniqueConstraint("code", name="uq_site_code"),
        sa.CheckConstraint("state IN ('declared', 'settled', 'filed')", name="ck_site_state"),
        sa.CheckConstraint("capacity > 0", name="ck_site_capacity"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_site_college_id"),
        sa.ForeignKeyConstraint(["certificate_type_id"], ["certificate_type.id"], name="fk_site_certificate_type_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_site_teo_id"),
    )
    for column in ("college_id", "certificate_type_id", "teo_id", "province_code"):
        op.create_index(f"ix_site_{column}", "site", [column])
