"""Rectification orders and the reports on them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "rectification",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("ordering_province", sa.Text),
        sa.Column("ordered_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("missed_at", moment),
        sa.Column("closed_at", moment),
        sa.Column("closed_by", sa.Text),
        sa.Column("closing_remark", sa.Text),
        sa.CheckConstraint(
            "state IN ('ordered', 'reported', 'sent_back', 'overdue', 'accepted', 'withdrawn')",
            name="state",
        ),
        sa.CheckConstraint(
            "about IN ('fees', 'assessment', 'training', 'funds', 'standards', 'publicity', 'reports', 'coercion', 'other')",
            name="about",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_rectification_organization_id"),
    )
    for column in ("organization_id", "province_code", "state", "due_on"):
        op.create_index(f"ix_rectification_{column}_id", "rectification", [column, "id"])
    awaited = sa.text("state IN ('ordered', 'sent_back')")
    op.create_index("ix_rectification_awaited", "rectification", ["due_on"], postgresql_where=awaited)
    op.create_table(
        "rectification_report",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("rectification_id", sa.Uuid, nullable=False),
        sa.Column("what_was_done", sa.Text, nullable=False),
        sa.Column("reported_by", sa.Text, nullable=False),
        sa.Column("reported_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("accepted", sa.Boolean),
        sa.Column("remark", sa.Text),
        sa.Column("answered_by", sa.Text),
        sa.Column("answered_at", moment),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectification.id"], name="fk_rectification_report_rectification_id"
        ),
    )
    op.create_index("ix_rectification_report_rectification_id_id", "rectification_report", ["rectification_id", "id"])
