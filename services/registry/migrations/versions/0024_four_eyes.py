"""Who last said what the record of a TEO's expert says: another one reviews it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("training_expert", sa.Column("entered_by", sa.Text))
    op.execute("UPDATE training_expert SET entered_by = created_by")
    op.alter_column("training_expert", "entered_by", nullable=False)
