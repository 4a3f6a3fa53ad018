"""Subscriptions, notices and deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", ARRAY(sa.Text), nullable=False),
        sa.Column("certificate_type_codes", ARRAY(sa.Text)),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("sealed_previous_secret", sa.Text),
        sa.Column("previous_secret_until", moment),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("disabled_reason", sa.Text),
        sa.Column("failing_since", moment),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'disabled', 'deleted')", name="ck_subscription_state"),
    )
    op.create_index("ix_subscription_client_id", "subscription", ["client_id"])
    op.create_table(
        "notice",
        sa.Column("event_id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_code", sa.Text),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("occurred_at", moment, nullable=False),
        sa.Column("noted_at", moment, server_default=sa.func.now(), nullable=False),
    )
    op.create_index("ix_notice_certificate_id", "notice", ["certificate_id", "name"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("notice_id", sa.Uuid, sa.ForeignKey("notice.event_id", name="fk_delivery_notice_id"), nullable=False),
        sa.Column(
            "subscription_id",
            sa.Uuid,
            sa.ForeignKey("subscription.id", name="fk_delivery_subscription_id"),
            nullable=False,
        ),
        sa.Column("state", sa.Text, server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer, server_default="0", nullable=False),
        sa.Column("next_attempt_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error_code", sa.Text),
        sa.Column("delivered_at", moment),
        sa.UniqueConstraint("notice_id", "subscription_id", name="uq_delivery_notice_subscription"),
        sa.CheckConstraint("state IN ('pending', 'delivered', 'failed')", name="ck_delivery_state"),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["subscription_id", "next_attempt_at"],
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_delivery_subscription_id", "delivery", ["subscription_id", "id"])
