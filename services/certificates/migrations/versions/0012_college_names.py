"""The English name of a college: a certificate's document names where its holder studied, in both languages."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("college", sa.Column("name_en", sa.Text, server_default="", nullable=False))
