"""A notice keeps the JSON that its producer wrote, byte for byte."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.alter_column("notice", "body", type_=sa.Text, postgresql_using="CAST(body AS text)")
