"""Allocations, receipts and uses of funds, the headings of uses, misuse."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _use_category()
    _allocation()
    _fund_use()
    _receipt()
    _misuse()


def _use_category() -> None:
    op.create_table(
        "use_category",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("code", name="uq_use_category_code"),
    )


def _allocation() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("allocated_on", sa.Date, nullable=False),
        sa.Column("received_fen", sa.BigInteger, nullable=False),
        sa.Column("used_fen", sa.BigInteger, nullable=False),
        sa.Column("received_in_full_on", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("changed_by", sa.Text),
        sa.Column("changed_at", MOMENT),
        sa.CheckConstraint("kind IN ('grant', 'purchase_of_services')", name="ck_allocation_kind"),
        sa.CheckConstraint("source IN ('central_award', 'provincial', 'local', 'social')", name="ck_allocation_source"),
        sa.CheckConstraint("state IN ('allocated', 'withdrawn')", name="ck_allocation_state"),
        sa.CheckConstraint("amount_fen > 0", name="ck_allocation_amount"),
        sa.CheckConstraint("received_fen BETWEEN 0 AND amount_fen", name="ck_allocation_received"),
        sa.CheckConstraint("used_fen BETWEEN 0 AND received_fen", name="ck_allocation_used"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_allocation_college_id"),
    )
    op.create_index("ix_allocation_allocated_on_id", "allocation", ["allocated_on", "id"])
    op.create_index("ix_allocation_college_id_id", "allocation", ["college_id", "id"])
    op.create_index(
        "ix_allocation_province_code_allocated_on_id", "allocation", ["province_code", "allocated_on", "id"]
    )
    op.create_index("ix_allocation_province_code_id", "allocation", ["province_code", "id"])
    op.create_index("ix_allocation_source_id", "allocation", ["source", "id"])
    op.create_index(
        "uq_allocation_document",
        "allocation",
        ["college_id", "source", "kind", "reference"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )


def _fund_use() -> None:
    op.create_table(
        "fund_use",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("allocation_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("used_on", sa.Date, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("cancelled_by", sa.Text),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancelled_because", sa.Text),
        sa.CheckConstraint("amount_fen > 0", name="ck_fund_use_amount"),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="fk_fund_use_allocation_id"),
        sa.ForeignKeyConstraint(["category"], ["use_category.code"], name="fk_fund_use_category"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_fund_use_college_id"),
    )
    op.create_index("ix_fund_use_allocation_id_id", "fund_use", ["allocation_id", "id"])
    op.create_index("ix_fund_use_category_id", "fund_use", ["category", "id"])
    op.create_index("ix_fund_use_college_id_id", "fund_use", ["college_id", "id"])
    op.create_index("ix_fund_use_province_code_id", "fund_use", ["province_code", "id"])


def _receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("allocation_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("cancelled_by", sa.Text),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("cancelled_because", sa.Text),
        sa.CheckConstraint("amount_fen > 0", name="ck_receipt_amount"),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocation.id"], name="fk_receipt_allocation_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_receipt_college_id"),
    )
    op.create_index("ix_receipt_allocation_id_id", "receipt", ["allocation_id", "id"])
    op.create_index("ix_receipt_college_id_id", "receipt", ["college_id", "id"])
    op.create_index("ix_receipt_province_code_id", "receipt", ["province_code", "id"])


def _misuse() -> None:
    op.create_table(
        "misuse",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("use_id", sa.Uuid),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("amount_fen", sa.BigInteger),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("exit_case_id", sa.Uuid),
        sa.Column("found_by", sa.Text, nullable=False),
        sa.Column("found_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("settled_by", sa.Text),
        sa.Column("settled_at", MOMENT),
        sa.CheckConstraint("state IN ('found', 'put_right', 'dismissed', 'case_opened')", name="ck_misuse_state"),
        sa.CheckConstraint("what IN ('category', 'withheld', 'diverted')", name="ck_misuse_what"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_misuse_college_id"),
        sa.ForeignKeyConstraint(["use_id"], ["fund_use.id"], name="fk_misuse_use_id"),
        sa.UniqueConstraint("use_id", name="uq_misuse_use_id"),
    )
    op.create_index("ix_misuse_college_id_id", "misuse", ["college_id", "id"])
    op.create_index("ix_misuse_province_code_id", "misuse", ["province_code", "id"])
    op.create_index("ix_misuse_state_id", "misuse", ["state", "id"])
