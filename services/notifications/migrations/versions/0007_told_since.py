"""Since when a subscription is told without a gap: it subscribed then, or was activated again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "subscription",
        sa.Column("told_since", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    # One that gave a delivery up may have been disabled for a while: nothing says when it was activated.
    op.execute(
        "UPDATE subscription SET told_since = created_at WHERE NOT EXISTS"
        " (SELECT FROM delivery WHERE subscription_id = subscription.id AND state = 'failed')"
    )
