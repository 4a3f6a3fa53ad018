"""Admission: recruitment rounds, applications, experts, panels, objections, filings of colleges."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.now()


def upgrade() -> None:
    _rounds()
    _applications()
    _experts()
    _panels()
    _objections()
    _filings()


def _rounds() -> None:
    op.create_table(
        "recruitment_round",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("conditions", sa.Text, nullable=False),
        sa.Column("field_codes", ARRAY(sa.Text), nullable=False),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("cap_mature", sa.Integer, nullable=False),
        sa.Column("cap_growing", sa.Integer, nullable=False),
        sa.Column("cap_planned", sa.Integer, nullable=False),
        sa.Column("objection_days", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("announced_at", MOMENT),
        sa.Column("announced_by", sa.Text),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_by", sa.Text),
        sa.UniqueConstraint("code", name="uq_recruitment_round_code"),
        sa.CheckConstraint("closes_on >= opens_on", name="days"),
        sa.CheckConstraint("cap_mature >= 0 AND cap_growing >= 0 AND cap_planned >= 0", name="caps"),
        sa.CheckConstraint("objection_days > 0", name="objection_days"),
        sa.CheckConstraint("state IN ('draft', 'announced', 'withdrawn')", name="state"),
    )
    op.create_index("ix_recruitment_round_state_id", "recruitment_round", ["state", "id"])


def _applications() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("round_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("tier", sa.Text, nullable=False),
        sa.Column("statement", sa.Text, nullable=False),
        sa.Column("field_codes", ARRAY(sa.Text), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("drafted_by", sa.Text, nullable=False),
        sa.Column("drafted_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("submitted_at", MOMENT),
        sa.Column("noticed_on", sa.Date),
        sa.Column("objections_until", sa.Date),
        sa.Column("noticed_by", sa.Text),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Text),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("round_id", "teo_id", name="uq_application_round_id_teo_id"),
        sa.CheckConstraint("tier IN ('mature', 'growing', 'planned')", name="tier"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'under_review', 'noticed', 'accepted', 'refused', 'withdrawn')",
            name="state",
        ),
        sa.ForeignKeyConstraint(["round_id"], ["recruitment_round.id"], name="fk_application_round_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_application_teo_id"),
    )
    op.create_index("ix_application_teo_id_id", "application", ["teo_id", "id"])
    op.create_index("ix_application_round_id_id", "application", ["round_id", "id"])
    op.create_index("ix_application_round_id_tier_state", "application", ["round_id", "tier", "state"])
    op.create_index("ix_application_state_id", "application", ["state", "id"])


def _experts() -> None:
    op.create_table(
        "expert",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("sealed_person", sa.Text, nullable=False),
        sa.Column("person_hash", sa.Text, nullable=False),
        sa.Column("sector", sa.Text, nullable=False),
        sa.Column("specialty", sa.Text, nullable=False),
        sa.Column("organization_id", sa.Uuid),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("retired_at", MOMENT),
        sa.UniqueConstraint("person_hash", name="uq_expert_person_hash"),
        sa.CheckConstraint("sector IN ('industry', 'college', 'research')", name="sector"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_expert_organization_id"),
    )
    op.create_index("ix_expert_organization_id", "expert", ["organization_id"])
    op.create_index("ix_expert_sector_id", "expert", ["sector", "id"])
    op.create_table(
        "expert_interest",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("expert_id", sa.Uuid, nullable=False),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("declared_by", sa.Text, nullable=False),
        sa.Column("declared_at", MOMENT, server_default=NOW, nullable=False),
        sa.UniqueConstraint("expert_id", "organization_id", name="uq_expert_interest_expert_id_organization_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_expert_interest_expert_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_expert_interest_organization_id"),
    )
    op.create_index("ix_expert_interest_organization_id", "expert_interest", ["organization_id"])


def _panels() -> None:
    op.create_table(
        "panel_member",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("application_id", sa.Uuid, nullable=False),
        sa.Column("expert_id", sa.Uuid, nullable=False),
        sa.Column("appointed_by", sa.Text, nullable=False),
        sa.Column("appointed_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("recused_at", MOMENT),
        sa.Column("score", sa.Integer),
        sa.Column("opinion", sa.Text),
        sa.Column("scored_at", MOMENT),
        sa.Column("scored_by", sa.Text),
        sa.UniqueConstraint("application_id", "expert_id", name="uq_panel_member_application_id_expert_id"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_panel_member_application_id"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name="fk_panel_member_expert_id"),
    )
    op.create_index("ix_panel_member_expert_id", "panel_member", ["expert_id"])


def _objections() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("application_id", sa.Uuid, nullable=False),
        sa.Column("receipt_hash", sa.Text, nullable=False),
        sa.Column("sealed_person", sa.Text, nullable=False),
        sa.Column("sealed_text", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", sa.Text),
        sa.UniqueConstraint("receipt_hash", name="uq_objection_receipt_hash"),
        sa.CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name="fk_objection_application_id"),
    )
    op.create_index("ix_objection_application_id_id", "objection", ["application_id", "id"])
    op.create_index("ix_objection_state_id", "objection", ["state", "id"])


def _filings() -> None:
    op.create_table(
        "college_filing",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Uuid),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("filed_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("recorded_by", sa.Text),
        sa.Column("recorded_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("state IN ('filed', 'recorded', 'withdrawn')", name="state"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_college_filing_batch_id"),
    )
    op.create_index("ix_college_filing_province_code_id", "college_filing", ["province_code", "id"])
    op.create_index("ix_college_filing_state_id", "college_filing", ["state", "id"])
    op.create_table(
        "filed_college",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("filing_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("filing_id", "college_id", name="uq_filed_college_filing_id_college_id"),
        sa.CheckConstraint("outcome IN ('waiting', 'admitted', 'returned')", name="outcome"),
        sa.ForeignKeyConstraint(["filing_id"], ["college_filing.id"], name="fk_filed_college_filing_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_filed_college_college_id"),
    )
    op.create_index("ix_filed_college_filing_id_id", "filed_college", ["filing_id", "id"])
    op.create_index("ix_filed_college_college_id", "filed_college", ["college_id"])
