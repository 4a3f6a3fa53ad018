"""Certificates that were issued elsewhere, what was announced of them, and the colleges they may name."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("certificate", sa.Column("source", sa.Text, server_default="platform", nullable=False))
    op.add_column("certificate", sa.Column("foreign_number", sa.Text))
    elsewhere = sa.text("source = 'elsewhere'")
    original = sa.text("source = 'elsewhere' AND replaces IS NULL")
    unit = ["teo_id", "certificate_type_id", "issued_on"]
    op.create_index("ix_certificate_elsewhere", "certificate", ["teo_id", "id"], postgresql_where=elsewhere)
    op.create_index("ix_certificate_elsewhere_id", "certificate", ["id"], postgresql_where=elsewhere)
    op.create_index("ix_certificate_elsewhere_entered", "certificate", unit, postgresql_where=original)
    op.create_index(
        "uq_certificate_elsewhere_once",
        "certificate",
        ["learner_id", "certificate_type_id", "level", "issued_on"],
        unique=True,
        postgresql_where=original,
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("complete", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.Column("announced_by", sa.Text, nullable=False),
        sa.Column("announced_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_announcement"),
        sa.UniqueConstraint(*unit, name="uq_announcement_teo_id_certificate_type_id_issued_on"),
    )
    op.create_index("ix_announcement_teo_id_id", "announcement", ["teo_id", "id"])
    op.create_index("ix_announcement_open", "announcement", ["id"], postgresql_where=sa.text("NOT complete"))
    op.create_table(
        "college",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_college"),
    )
    op.create_index("ix_college_code", "college", ["code"])
