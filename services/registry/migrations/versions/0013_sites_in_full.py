"""Sites in full: published conditions, training bases, refusal, withdrawal, suspension, closing; lists by scope."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "site_condition_list",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("conditions", JSONB, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.Column("published_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", moment),
        sa.UniqueConstraint(
            "certificate_type_id", "version", name="uq_site_condition_list_certificate_type_id_version"
        ),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_site_condition_list_certificate_type_id"
        ),
    )
    for column in ("in_force_from", "id"):
        name = f"ix_site_condition_list_certificate_type_id_{column}"
        op.create_index(name, "site_condition_list", ["certificate_type_id", column])

    op.add_column("site", sa.Column("base_id", sa.Uuid))
    op.add_column("site", sa.Column("condition_list_id", sa.Uuid))
    op.add_column("site", sa.Column("version", sa.Integer, server_default="0", nullable=False))
    for column in ("state_side", "state_reason", "state_changed_by"):
        op.add_column("site", sa.Column(column, sa.Text))
    op.add_column("site", sa.Column("state_changed_at", moment))
    op.create_foreign_key("fk_site_base_id", "site", "organization", ["base_id"], ["id"])
    op.create_foreign_key("fk_site_condition_list_id", "site", "site_condition_list", ["condition_list_id"], ["id"])
    op.execute("UPDATE site SET version = 1 WHERE state = 'filed'")
    op.drop_constraint(op.f("ck_site_ck_site_state"), "site")
    op.create_check_constraint(
        "state",
        "site",
        "state IN ('declared', 'settled', 'filed', 'refused', 'withdrawn', 'suspended', 'closed')",
    )
    op.create_check_constraint("state_side", "site", "state_side IN ('teo', 'province', 'college')")
    for column in ("college_id", "certificate_type_id", "teo_id", "province_code"):
        op.drop_index(f"ix_site_{column}", "site")
        op.create_index(f"ix_site_{column}_id", "site", [column, "id"])
    op.create_index("ix_site_state_id", "site", ["state", "id"])
    op.create_index(
        "ix_site_filed_in_division",
        "site",
        ["certificate_type_id", "division_code"],
        postgresql_where=sa.text("state = 'filed'"),
    )
