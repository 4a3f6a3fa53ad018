"""The event of a changed standing says its type's code itself, so that nobody keeps a table of codes for it."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_table("certificate_type")
