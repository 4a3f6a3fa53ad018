"""Registrations that moved to another sitting or were released; whose territory an organization lies in."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

CAUSES = "cause IN ('teo_exited', 'college_exited', 'site_closed')"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    # Of organizations heard of before, `onex rebuild assessment` tells it.
    op.add_column("organization", sa.Column("province_code", sa.Text))
    op.create_index("ix_site_college_id", "site", ["college_id"])
    op.create_index("ix_site_closed", "site", ["id"], postgresql_where=sa.text("standing = 'closed'"))
    op.create_index("ix_sitting_site_id", "sitting", ["site_id"])
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("registration_id", sa.Uuid, nullable=False),
        sa.Column("registration_number", sa.Text, nullable=False),
        sa.Column("from_sitting_id", sa.Uuid, nullable=False),
        sa.Column("to_sitting_id", sa.Uuid, nullable=False),
        sa.Column("cause", sa.Text),
        sa.Column("moved_by", sa.Text, nullable=False),
        sa.Column("moved_at", moment, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], "fk_transfer_registration_id"),
        sa.ForeignKeyConstraint(["from_sitting_id"], ["sitting.id"], "fk_transfer_from_sitting_id"),
        sa.ForeignKeyConstraint(["to_sitting_id"], ["sitting.id"], "fk_transfer_to_sitting_id"),
        sa.CheckConstraint(CAUSES, "ck_transfer_cause"),
        sa.CheckConstraint("from_sitting_id <> to_sitting_id", "ck_transfer_elsewhere"),
    )
    op.create_index("ix_transfer_plan_id_id", "transfer", ["plan_id", "id"])
    op.create_table(
        "released_registration",
        sa.Column("registration_id", sa.Uuid, nullable=False),
        sa.Column("plan_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("registration_number", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("fee_fen", sa.BigInteger),
        sa.Column("released_by", sa.Text, nullable=False),
        sa.Column("released_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("refunded_by", sa.Text),
        sa.Column("refunded_at", moment),
        sa.PrimaryKeyConstraint("registration_id", name="pk_released_registration"),
        sa.ForeignKeyConstraint(["registration_id"], ["registration.id"], "fk_released_registration_registration_id"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], "fk_released_registration_sitting_id"),
        sa.CheckConstraint(CAUSES, "ck_released_registration_cause"),
        sa.CheckConstraint("(refunded_by IS NULL) = (refunded_at IS NULL)", "ck_released_registration_refund"),
    )
    for owner in ("teo_id", "college_id", "plan_id"):
        name = f"ix_released_registration_{owner}_registration_id"
        op.create_index(name, "released_registration", [owner, "registration_id"])
