"""Fees: ceilings, provincial policies, three-party agreements, cost accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

LEVEL = "level IN ('primary', 'intermediate', 'advanced')"


def upgrade() -> None:
    _ceilings()
    _policies()
    _agreements()
    _accounts()


def _ceilings() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "fee_ceiling",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("cost_items", JSONB, nullable=False),
        sa.Column("argument", sa.Text, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("argued_by", sa.Text, nullable=False),
        sa.Column("argued_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("published_by", sa.Text),
        sa.Column("published_at", moment),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", moment),
        sa.UniqueConstraint(
            "certificate_type_id", "level", "version", name="uq_fee_ceiling_certificate_type_id_level_version"
        ),
        sa.CheckConstraint(LEVEL, name="level"),
        sa.CheckConstraint("state IN ('argued', 'published', 'withdrawn')", name="state"),
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.CheckConstraint("(state = 'published') = (version IS NOT NULL)", name="version"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_fee_ceiling_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_fee_ceiling_teo_id"),
    )
    op.create_index(
        "uq_fee_ceiling_begins",
        "fee_ceiling",
        ["certificate_type_id", "level", "in_force_from"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    for column in ("certificate_type_id", "teo_id"):
        op.create_index(f"ix_fee_ceiling_{column}_id", "fee_ceiling", [column, "id"])


def _policies() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "fee_policy",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid),
        sa.Column("level", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("ceiling_fen", sa.BigInteger),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("announced_by", sa.Text, nullable=False),
        sa.Column("announced_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", moment),
        sa.CheckConstraint(LEVEL, name="level"),
        sa.CheckConstraint("subject IN ('assessment', 'training')", name="subject"),
        sa.CheckConstraint("state IN ('announced', 'withdrawn')", name="state"),
        sa.CheckConstraint("(certificate_type_id IS NULL) = (level IS NULL)", name="reach"),
        sa.CheckConstraint("ceiling_fen IS NULL OR (subject = 'assessment' AND ceiling_fen >= 0)", name="ceiling"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_fee_policy_certificate_type_id"
        ),
    )
    for column in ("province_code", "certificate_type_id"):
        op.create_index(f"ix_fee_policy_{column}_id", "fee_policy", [column, "id"])


def _agreements() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "fee_agreement",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("in_force_to", sa.Date, nullable=False),
        sa.Column("agreed_to", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by_side", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("teo_consented_at", moment),
        sa.Column("teo_consented_by", sa.Text),
        sa.Column("province_consented_at", moment),
        sa.Column("province_consented_by", sa.Text),
        sa.Column("college_consented_at", moment),
        sa.Column("college_consented_by", sa.Text),
        sa.Column("agreed_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("closed_by", sa.Text),
        sa.Column("closing_reason", sa.Text),
        sa.CheckConstraint(LEVEL, name="level"),
        sa.CheckConstraint("state IN ('proposed', 'agreed', 'withdrawn', 'ended')", name="state"),
        sa.CheckConstraint("proposed_by_side IN ('teo', 'province', 'college')", name="side"),
        sa.CheckConstraint("amount_fen >= 0", name="amount"),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'ended') OR (teo_consented_at IS NOT NULL"
            " AND province_consented_at IS NOT NULL AND college_consented_at IS NOT NULL)",
            name="consents",
        ),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_fee_agreement_teo_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_fee_agreement_college_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_fee_agreement_certificate_type_id"
        ),
    )
    period = ["college_id", "certificate_type_id", "level", "in_force_from"]
    op.create_index("ix_fee_agreement_period", "fee_agreement", period)
    for columns in (["certificate_type_id", "level", "amount_fen"], ["province_code", "amount_fen"]):
        op.create_index(f"ix_fee_agreement_{'_'.join(columns)}", "fee_agreement", columns)
    for column in ("college_id", "teo_id", "province_code", "certificate_type_id", "state"):
        op.create_index(f"ix_fee_agreement_{column}_id", "fee_agreement", [column, "id"])


def _accounts() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "cost_account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("site_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("candidates", sa.Integer, nullable=False),
        sa.Column("income_items", JSONB, nullable=False),
        sa.Column("income_fen", sa.BigInteger, nullable=False),
        sa.Column("cost_items", JSONB, nullable=False),
        sa.Column("cost_fen", sa.BigInteger, nullable=False),
        sa.Column("agreed_fee_fen", sa.BigInteger),
        sa.Column("fees_over", sa.Boolean, nullable=False),
        sa.Column("cost_over", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("changed_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("closed_by", sa.Text),
        sa.UniqueConstraint("sitting_id", name="uq_cost_account_sitting_id"),
        sa.CheckConstraint(LEVEL, name="level"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="state"),
        sa.CheckConstraint("candidates > 0", name="candidates"),
        sa.CheckConstraint("income_fen >= 0 AND cost_fen >= 0", name="amounts"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_cost_account_site_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_cost_account_college_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_cost_account_teo_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_cost_account_certificate_type_id"
        ),
    )
    for column in ("college_id", "teo_id", "province_code", "site_id"):
        op.create_index(f"ix_cost_account_{column}_id", "cost_account", [column, "id"])
    over = sa.text("fees_over OR cost_over")
    op.create_index("ix_cost_account_over", "cost_account", ["id"], postgresql_where=over)
    op.create_index("ix_cost_account_over_in", "cost_account", ["province_code", "id"], postgresql_where=over)
