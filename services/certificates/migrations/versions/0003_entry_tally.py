"""The counts of OP-32 are kept, and no longer made by reading every certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "entry_tally",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("on_time", sa.BigInteger, nullable=False),
        sa.Column("late", sa.BigInteger, nullable=False),
        sa.Column("unknown", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry_tally"),
    )
    # Nothing is entered between this count and the first who adds to it.
    op.execute("LOCK TABLE certificate IN SHARE MODE")
    op.execute(
        "INSERT INTO entry_tally (teo_id, on_time, late, unknown) SELECT teo_id,"
        " count(*) FILTER (WHERE entered_late IS FALSE), count(*) FILTER (WHERE entered_late IS TRUE),"
        " count(*) FILTER (WHERE entered_late IS NULL) FROM certificate GROUP BY teo_id"
    )
