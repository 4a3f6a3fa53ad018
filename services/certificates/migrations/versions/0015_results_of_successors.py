"""What replaced another certificate is found by its result, too: an annulment asks for all that was issued of one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    later = sa.text("replaces IS NOT NULL")
    op.create_index("ix_certificate_result_id", "certificate", ["result_id"], postgresql_where=later)
