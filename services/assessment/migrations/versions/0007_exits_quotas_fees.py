"""Who has left, how sites stand, quotas and fees as the registry said them; how many seats of each quota are taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("organization", sa.Column("levels", ARRAY(sa.Text), server_default="{}", nullable=False))
    op.add_column("site", sa.Column("version", sa.Integer, server_default="1", nullable=False))
    op.add_column("site", sa.Column("standing", sa.Text, server_default="filed", nullable=False))
    op.create_check_constraint("standing", "site", "standing IN ('filed', 'suspended', 'closed')")
    op.create_table(
        "exited_organization",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("exited_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exited_organization"),
    )
    op.create_table(
        "quota",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quota"),
    )
    op.create_index("ix_quota_of_level", "quota", ["certificate_type_id", "level", "year", "college_id"])
    op.create_table(
        "fee_ceiling",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fee_ceiling"),
    )
    op.create_index("ix_fee_ceiling_of_level", "fee_ceiling", ["certificate_type_id", "level"])
    op.create_table(
        "fee_agreement",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("in_force_to", sa.Date, nullable=False),
        sa.Column("said_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fee_agreement"),
    )
    of_level = ["teo_id", "certificate_type_id", "level", "college_id"]
    op.create_index("ix_fee_agreement_of_level", "fee_agreement", of_level)
    op.create_table(
        "seats_taken",
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("college_id", "certificate_type_id", "level", "year", name="pk_seats_taken"),
    )
    # Nobody is registered between this count and the first who adds to it.
    op.execute("LOCK TABLE registration IN SHARE MODE")
    op.execute(
        "INSERT INTO seats_taken (college_id, certificate_type_id, level, year, taken)"
        " SELECT registration.college_id, plan.certificate_type_id, plan.level, plan.year, count(*)"
        " FROM registration JOIN plan ON plan.id = registration.plan_id WHERE registration.college_id IS NOT NULL"
        " GROUP BY registration.college_id, plan.certificate_type_id, plan.level, plan.year"
    )
