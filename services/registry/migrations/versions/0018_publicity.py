"""Publicity filings, authorizations and findings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "publicity_authorization",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("claim", sa.Text, nullable=False),
        sa.Column("authorized_by", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("in_force_from", sa.Date, nullable=False),
        sa.Column("in_force_to", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("revoked_on", sa.Date),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_because", sa.Text),
        sa.CheckConstraint(
            "claim IN ('ministry_guidance', 'department_guidance', 'designation')",
            name="ck_publicity_authorization_claim",
        ),
        sa.CheckConstraint("in_force_from <= in_force_to", name="ck_publicity_authorization_days"),
        sa.CheckConstraint("state IN ('granted', 'revoked')", name="ck_publicity_authorization_state"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_publicity_authorization_organization_id"
        ),
    )
    op.create_index(
        "ix_publicity_authorization_organization_id_id", "publicity_authorization", ["organization_id", "id"]
    )
    op.create_table(
        "publicity_filing",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("shown_from", sa.Date, nullable=False),
        sa.Column("shown_to", sa.Date, nullable=False),
        sa.Column("claims", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("hits", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("filed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("corrected_by", sa.Text),
        sa.Column("corrected_at", moment),
        sa.Column("suspended_at", moment),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", moment),
        sa.CheckConstraint(
            "channel IN ('website', 'social_media', 'print', 'broadcast', 'event', 'notice', 'other')",
            name="ck_publicity_filing_channel",
        ),
        sa.CheckConstraint("shown_from <= shown_to", name="ck_publicity_filing_days"),
        sa.CheckConstraint("state IN ('filed', 'suspended', 'withdrawn')", name="ck_publicity_filing_state"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_publicity_filing_organization_id"),
    )
    op.create_index("ix_publicity_filing_organization_id_id", "publicity_filing", ["organization_id", "id"])
    op.create_index("ix_publicity_filing_province_code_id", "publicity_filing", ["province_code", "id"])
    op.create_index("ix_publicity_filing_shown_from_id", "publicity_filing", ["shown_from", "id"])
    op.create_index("ix_publicity_filing_state_id", "publicity_filing", ["state", "id"])
    op.create_table(
        "publicity_finding",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("source_url", sa.Text, nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hits", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("rectification_id", sa.Uuid),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", moment),
        sa.Column("dismissed_because", sa.Text),
        sa.CheckConstraint("state IN ('recorded', 'ordered', 'dismissed')", name="ck_publicity_finding_state"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_publicity_finding_organization_id"),
    )
    op.create_index("ix_publicity_finding_organization_id_id", "publicity_finding", ["organization_id", "id"])
    op.create_index("ix_publicity_finding_province_code_id", "publicity_finding", ["province_code", "id"])
    op.create_index("ix_publicity_finding_state_id", "publicity_finding", ["state", "id"])
    op.create_index(
        "uq_publicity_finding_source",
        "publicity_finding",
        ["organization_id", "source_url", "seen_on"],
        unique=True,
        postgresql_where=sa.text("state <> 'dismissed'"),
    )
