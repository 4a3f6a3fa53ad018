"""The policy library."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _policy()
    _policy_attachment()
    _policy_attachment_body()


def _policy() -> None:
    op.create_table(
        "policy",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("summary_zh", sa.Text, nullable=False),
        sa.Column("summary_en", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("office_phone", sa.Text, nullable=False),
        sa.Column("sealed_contact", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("superseded_by_id", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("published_by", sa.Text),
        sa.Column("published_at", MOMENT),
        sa.CheckConstraint(
            "kind IN ('law', 'plan', 'opinions', 'notice', 'measures', 'interpretation', 'other')",
            name="ck_policy_kind",
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'superseded', 'withdrawn')", name="ck_policy_state"),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["policy.id"], name="fk_policy_superseded_by_id"),
    )
    op.create_index(
        "ix_policy_feed",
        "policy",
        ["updated_at", "id"],
        postgresql_where=sa.text("state IN ('published', 'superseded')"),
    )
    op.create_index("ix_policy_issued_on_id", "policy", ["issued_on", "id"])
    op.create_index("ix_policy_province_code_id", "policy", ["province_code", "id"])
    op.create_index(
        "ix_policy_public",
        "policy",
        ["issued_on", "id"],
        postgresql_where=sa.text("state IN ('published', 'superseded')"),
    )
    op.create_index("ix_policy_state_id", "policy", ["state", "id"])
    op.create_index(
        "uq_policy_number", "policy", ["number"], unique=True, postgresql_where=sa.text("state <> 'withdrawn'")
    )


def _policy_attachment() -> None:
    op.create_table(
        "policy_attachment",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("policy_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("size > 0", name="ck_policy_attachment_size"),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name="fk_policy_attachment_policy_id"),
        sa.UniqueConstraint("policy_id", "sha256", name="uq_policy_attachment_policy_id_sha256"),
    )


def _policy_attachment_body() -> None:
    op.create_table(
        "policy_attachment_body",
        sa.Column("attachment_id", sa.Uuid, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["policy_attachment.id"],
            name="fk_policy_attachment_body_attachment_id",
            ondelete="CASCADE",
        ),
    )
