"""The transparency log."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NEVER_CHANGED = ("log_entry", "log_head")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "log_pending",
        sa.Column("place", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_log_pending"),
    )
    op.create_table(
        "log_entry",
        sa.Column("index", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("index", name="pk_log_entry"),
    )
    op.create_index("ix_log_entry_certificate_id_index", "log_entry", ["certificate_id", "index"])
    op.create_table(
        "log_tile",
        sa.Column("level", sa.SmallInteger, nullable=False, autoincrement=False),
        sa.Column("index", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name="pk_log_tile"),
    )
    op.create_table(
        "log_head",
        sa.Column("size", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("root_hash", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("signed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_log_head"),
    )
    op.create_table(
        "log_key",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("valid_from", moment, nullable=False),
        sa.Column("retired_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_log_key"),
        sa.UniqueConstraint("public", name="uq_log_key_public"),
    )
    op.create_index(
        "uq_log_key_in_force",
        "log_key",
        [sa.text("(retired_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    # What is logged stays as it is. TRUNCATE is left to who owns the tables: a test begins with empty ones.
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in NEVER_CHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
