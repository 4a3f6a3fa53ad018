"""The chain of changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("record_id", sa.Text, nullable=False),
        sa.Column("before", JSONB),
        sa.Column("after", JSONB),
        sa.Column("prev_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_change"),
    )
    for columns in (["record_id", "seq"], ["table_name", "seq"], ["actor", "seq"], ["at"]):
        op.create_index(f"ix_change_{'_'.join(columns)}", "change", columns)
    op.create_table(
        "change_head",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_head"),
        sa.CheckConstraint("id = 1", name="ck_change_head_id"),
    )
    # Against mistakes of programs and people: an entry is written and never altered or removed. Against who owns the table,
    # and so may drop the trigger, there is the chain. TRUNCATE is the owner's alone in any case, and no program's mistake;
    # tests empty their databases with it.
    op.execute(
        """
        CREATE FUNCTION refuse_to_alter_history() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the history is never altered' USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER change_is_never_altered BEFORE UPDATE OR DELETE ON change"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_history()"
    )
