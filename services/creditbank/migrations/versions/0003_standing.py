"""How certificates stand; holds on, reversals of and bearers of the credit that was booked for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "certificate_standing",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("successor_id", sa.Uuid),
        sa.Column("successor_number", sa.Text),
        sa.Column("changed_at", moment, nullable=False),
        sa.CheckConstraint(
            "standing IN ('valid', 'suspended', 'revoked', 'replaced')", name="ck_certificate_standing_standing"
        ),
        sa.CheckConstraint(
            "(standing = 'replaced') = (successor_id IS NOT NULL)", name="ck_certificate_standing_successor"
        ),
    )
    op.create_index(
        "ix_certificate_standing_successor_id",
        "certificate_standing",
        ["successor_id"],
        postgresql_where=sa.text("successor_id IS NOT NULL"),
    )
    of_deposit = sa.ForeignKey("deposit.certificate_id", name="fk_hold_certificate_id")
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_id", sa.Uuid, of_deposit, nullable=False),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("credit_hundredths", sa.Integer, nullable=False),
        sa.Column("placed_at", moment, nullable=False),
        sa.Column("released_at", moment),
    )
    is_open = sa.text("released_at IS NULL")
    op.create_index("uq_hold_open", "hold", ["certificate_id"], unique=True, postgresql_where=is_open)
    op.create_index("ix_hold_open_learner_id", "hold", ["learner_id"], postgresql_where=is_open)
    of_deposit = sa.ForeignKey("deposit.certificate_id", name="fk_reversal_certificate_id")
    op.create_table(
        "reversal",
        sa.Column("certificate_id", sa.Uuid, of_deposit, primary_key=True),
        sa.Column("journal_id", sa.Uuid, sa.ForeignKey("journal.id", name="fk_reversal_journal_id"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reversed_at", moment, nullable=False),
        sa.UniqueConstraint("journal_id", name="uq_reversal_journal_id"),
    )
    op.create_table(
        "bearer",
        sa.Column("certificate_id", sa.Uuid, primary_key=True),
        sa.Column("bearer_id", sa.Uuid, nullable=False),
        sa.Column("bearer_number", sa.Text, nullable=False),
        sa.Column("since", moment, nullable=False),
    )
    op.create_table(
        "withheld_certificate",
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
        sa.Column("withheld_at", moment, server_default=sa.func.now(), nullable=False),
    )
    op.execute(
        "CREATE TRIGGER reversal_is_append_only BEFORE UPDATE OR DELETE ON reversal"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
