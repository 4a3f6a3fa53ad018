"""Credentials lie beside the rows: what is looked up of ten million certificates stays in memory.

What is there already stays as it lies until its row is written anew.
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("ALTER TABLE certificate ALTER COLUMN credential SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE certificate RESET (toast_tuple_target)")
