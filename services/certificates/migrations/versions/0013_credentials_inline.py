"""Credentials of some two kilobytes stay as they are: compressing them was a quarter of what issuing cost PostgreSQL."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("ALTER TABLE certificate SET (toast_tuple_target = 8160)")
