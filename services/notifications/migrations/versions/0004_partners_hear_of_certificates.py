"""Partners hear of certificates, and no longer of what is booked to a learner's account."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("DELETE FROM delivery USING notice WHERE notice.event_id = notice_id AND name = 'credit_deposited'")
    op.execute("DELETE FROM notice WHERE name = 'credit_deposited'")
    op.execute("UPDATE subscription SET events = array_remove(events, 'credit_deposited')")
    op.execute(
        "UPDATE subscription SET state = 'disabled', disabled_reason = 'event_withdrawn'"
        " WHERE events = '{}' AND state = 'active'"
    )
    op.drop_column("notice", "subject_id")
    op.alter_column("notice", "certificate_type_code", nullable=False)
