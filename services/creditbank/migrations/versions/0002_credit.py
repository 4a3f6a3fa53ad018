"""Certificate types, clocks, proposals, accounts and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# The ledger's two promises, kept by the database itself.
BALANCED = """
CREATE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM booked GROUP BY journal_id HAVING sum(amount_hundredths) <> 0) THEN
        RAISE EXCEPTION 'the entries of a journal are booked together and sum to zero'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$
"""
APPEND_ONLY = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "certificate_type",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("type_version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
    )
    op.create_table(
        "credit_clock",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("standard_version", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("released_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("type_version", sa.Integer, nullable=False),
        sa.UniqueConstraint("certificate_type_id", "level", "standard_version", name="uq_credit_clock_standard"),
    )
    op.create_index("ix_credit_clock_due_on", "credit_clock", ["due_on"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("standard_version", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("credit_hundredths", sa.Integer, nullable=False),
        sa.Column("hours", sa.Integer, nullable=False),
        sa.Column("rationale", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("proposed_on", sa.Date, nullable=False),
        sa.Column("proposed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("approved_at", moment),
        sa.Column("approved_by", sa.Text),
        sa.UniqueConstraint("certificate_type_id", "level", "standard_version", name="uq_proposal_standard"),
        sa.CheckConstraint("credit_hundredths > 0", name="ck_proposal_credit"),
        sa.CheckConstraint("state IN ('proposed', 'approved')", name="ck_proposal_state"),
    )
    op.create_index("ix_proposal_teo_id", "proposal", ["teo_id"])
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("learner_id", sa.Uuid),
        sa.Column("certificate_type_id", sa.Uuid),
        sa.Column("opened_at", moment, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("learner_id", name="uq_account_learner_id"),
        sa.UniqueConstraint("certificate_type_id", name="uq_account_certificate_type_id"),
        sa.CheckConstraint(
            "(kind = 'learner' AND learner_id IS NOT NULL AND certificate_type_id IS NULL) OR"
            " (kind = 'issuance' AND learner_id IS NULL AND certificate_type_id IS NOT NULL)",
            name="ck_account_kind",
        ),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("cause_id", sa.Uuid, nullable=False),
        sa.Column("booked_at", moment, nullable=False),
        sa.UniqueConstraint("kind", "cause_id", name="uq_journal_cause"),
    )
    op.create_table(
        "deposit",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("journal_id", sa.Uuid, sa.ForeignKey("journal.id", name="fk_deposit_journal_id"), nullable=False),
        sa.Column("credit_hundredths", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_code", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("standard_version", sa.Text, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("cause", sa.Uuid, nullable=False),
        sa.Column("deposited_at", moment, nullable=False),
        sa.UniqueConstraint("certificate_id", name="uq_deposit_certificate_id"),
        sa.UniqueConstraint("journal_id", name="uq_deposit_journal_id"),
        sa.CheckConstraint("credit_hundredths > 0", name="ck_deposit_credit"),
    )
    op.create_index("ix_deposit_learner_id", "deposit", ["learner_id"])
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("journal_id", sa.Uuid, sa.ForeignKey("journal.id", name="fk_entry_journal_id"), nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_entry_account_id"), nullable=False),
        sa.Column("amount_hundredths", sa.Integer, nullable=False),
        sa.Column("booked_at", moment, nullable=False),
        sa.CheckConstraint("amount_hundredths <> 0", name="ck_entry_amount"),
    )
    op.create_index("ix_entry_account_id", "entry", ["account_id", "id"])
    op.create_index("ix_entry_journal_id", "entry", ["journal_id"])
    op.create_table(
        "waiting_certificate",
        sa.Column("certificate_id", sa.Uuid, primary_key=True),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_code", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("standard_version", sa.Text, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("traceparent", sa.Text, nullable=False),
        sa.Column("waiting_since", moment, server_default=sa.func.now(), nullable=False),
    )
    op.create_index(
        "ix_waiting_certificate_standard", "waiting_certificate", ["certificate_type_id", "level", "standard_version"]
    )
    op.execute(BALANCED)
    op.execute(
        "CREATE TRIGGER entries_balance AFTER INSERT ON entry REFERENCING NEW TABLE AS booked"
        " FOR EACH STATEMENT EXECUTE FUNCTION entries_balance()"
    )
    op.execute(APPEND_ONLY)
    for table in ("journal", "entry", "deposit"):
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        )
