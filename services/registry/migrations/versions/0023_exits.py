"""Exit cases with their evidence and statements."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "exit_case",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_by_itself", sa.Boolean, nullable=False),
        sa.Column("opened_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("investigated_by", sa.Text),
        sa.Column("investigated_at", moment),
        sa.Column("statement_due_on", sa.Date),
        sa.Column("verified_by", sa.Text),
        sa.Column("verified_at", moment),
        sa.Column("finding", sa.Text),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", moment),
        sa.Column("reasons", sa.Text),
        sa.Column("decided_by", sa.Text),
        sa.CheckConstraint("kind IN ('teo', 'college')", name="kind"),
        sa.CheckConstraint("ground IN ('a', 'b', 'c', 'd', 'e', 'f')", name="ground"),
        sa.CheckConstraint("state IN ('opened', 'investigation', 'verified', 'exited', 'dismissed')", name="state"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_exit_case_organization_id"),
    )
    for column in ("organization_id", "province_code", "state"):
        op.create_index(f"ix_exit_case_{column}_id", "exit_case", [column, "id"])
    op.create_index(
        "uq_exit_case_open",
        "exit_case",
        ["organization_id", "ground"],
        unique=True,
        postgresql_where=sa.text("state IN ('opened', 'investigation', 'verified')"),
    )
    for table, columns in (
        ("exit_evidence", [sa.Column("title", sa.Text, nullable=False), sa.Column("source", sa.Text, nullable=False)]),
        ("exit_statement", []),
    ):
        sealed, done = ("sealed_content", "added") if table == "exit_evidence" else ("sealed_statement", "made")
        op.create_table(
            table,
            sa.Column("id", sa.Uuid, primary_key=True),
            sa.Column("exit_case_id", sa.Uuid, nullable=False),
            *columns,
            sa.Column(sealed, sa.Text, nullable=False),
            sa.Column(f"{done}_by", sa.Text, nullable=False),
            sa.Column(f"{done}_at", moment, server_default=sa.func.now(), nullable=False),
            sa.ForeignKeyConstraint(["exit_case_id"], ["exit_case.id"], name=f"fk_{table}_exit_case_id"),
        )
        op.create_index(f"ix_{table}_exit_case_id_id", table, ["exit_case_id", "id"])
