"""The tables every service begins with."""

from alembic import op

from onex.messaging import ddl_v1

revision = "0001"
down_revision = None


def upgrade() -> None:
    ddl_v1.upgrade(op)
