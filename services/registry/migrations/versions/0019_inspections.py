"""Monitoring points, inspectors, draws and inspections."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "inspection_draw",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("inspectors_each", sa.Integer, nullable=False),
        sa.Column("draw_on", sa.Date, nullable=False),
        sa.Column("public_source", sa.Text),
        sa.Column("commitment", sa.Text, nullable=False),
        sa.Column("candidates_digest", sa.Text, nullable=False),
        sa.Column("inspectors_digest", sa.Text, nullable=False),
        sa.Column("candidates", JSONB, nullable=False),
        sa.Column("inspectors", JSONB, nullable=False),
        sa.Column("sealed_seed", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("committed_by", sa.Text, nullable=False),
        sa.Column("committed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("seed", sa.Text),
        sa.Column("public_value", sa.Text),
        sa.Column("closed_by", sa.Text),
        sa.Column("closed_at", moment),
        sa.Column("cancelled_because", sa.Text),
        sa.CheckConstraint("count > 0", name="ck_inspection_draw_count"),
        sa.CheckConstraint("inspectors_each > 0", name="ck_inspection_draw_inspectors_each"),
        sa.CheckConstraint("kind IN ('teo', 'college')", name="ck_inspection_draw_kind"),
        sa.CheckConstraint("(state = 'committed') = (seed IS NULL)", name="ck_inspection_draw_seed"),
        sa.CheckConstraint("state IN ('committed', 'drawn', 'cancelled')", name="ck_inspection_draw_state"),
    )
    op.create_index("ix_inspection_draw_province_code_id", "inspection_draw", ["province_code", "id"])
    op.create_index("ix_inspection_draw_state_id", "inspection_draw", ["state", "id"])
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("draw_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("inspectors", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("inspected_on", sa.Date),
        sa.Column("outcome", sa.Text),
        sa.Column("summary", sa.Text),
        sa.Column("recorded_by", sa.Text),
        sa.Column("recorded_at", moment),
        sa.CheckConstraint("outcome IN ('nothing_found', 'findings')", name="ck_inspection_outcome"),
        sa.CheckConstraint("(state = 'inspected') = (outcome IS NOT NULL)", name="ck_inspection_recorded"),
        sa.CheckConstraint("state IN ('due', 'inspected')", name="ck_inspection_state"),
        sa.ForeignKeyConstraint(["draw_id"], ["inspection_draw.id"], name="fk_inspection_draw_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_inspection_organization_id"),
        sa.UniqueConstraint("draw_id", "place", name="uq_inspection_draw_id_place"),
    )
    op.create_index("ix_inspection_organization_id_id", "inspection", ["organization_id", "id"])
    op.create_index("ix_inspection_province_code_id", "inspection", ["province_code", "id"])
    op.create_index("ix_inspection_state_id", "inspection", ["state", "id"])
    op.create_table(
        "inspector",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("sealed_name", sa.Text, nullable=False),
        sa.Column("province_code", sa.Text),
        sa.Column("organization_id", sa.Uuid),
        sa.Column("interests", sa.ARRAY(sa.Uuid), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("interests_declared_at", moment),
        sa.Column("retired_at", moment),
        sa.CheckConstraint("state IN ('active', 'retired')", name="ck_inspector_state"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_inspector_organization_id"),
        sa.UniqueConstraint("code", name="uq_inspector_code"),
    )
    op.create_index("ix_inspector_province_code_id", "inspector", ["province_code", "id"])
    op.create_table(
        "inspection_finding",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("inspection_id", sa.Uuid, nullable=False),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("rectification_id", sa.Uuid),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name="fk_inspection_finding_inspection_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_inspection_finding_organization_id"),
    )
    op.create_index("ix_inspection_finding_inspection_id_id", "inspection_finding", ["inspection_id", "id"])
    op.create_index("ix_inspection_finding_organization_id_id", "inspection_finding", ["organization_id", "id"])
    op.create_table(
        "monitoring_draw",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("seed", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("candidates", JSONB, nullable=False),
        sa.Column("candidates_digest", sa.Text, nullable=False),
        sa.Column("drawn_by", sa.Text, nullable=False),
        sa.Column("drawn_at", moment, server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_monitoring_draw_certificate_type_id"
        ),
        sa.UniqueConstraint("certificate_type_id", name="uq_monitoring_draw_certificate_type_id"),
    )
    op.create_table(
        "monitoring_point",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("draw_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("since", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("replaces_id", sa.Uuid),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_at", moment),
        sa.Column("ended_because", sa.Text),
        sa.CheckConstraint("state IN ('watched', 'ended')", name="ck_monitoring_point_state"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_monitoring_point_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_monitoring_point_college_id"),
        sa.ForeignKeyConstraint(["draw_id"], ["monitoring_draw.id"], name="fk_monitoring_point_draw_id"),
        sa.ForeignKeyConstraint(["replaces_id"], ["monitoring_point.id"], name="fk_monitoring_point_replaces_id"),
    )
    op.create_index("ix_monitoring_point_certificate_type_id_id", "monitoring_point", ["certificate_type_id", "id"])
    op.create_index("ix_monitoring_point_college_id_id", "monitoring_point", ["college_id", "id"])
    op.create_index("ix_monitoring_point_province_code_id", "monitoring_point", ["province_code", "id"])
    op.create_index(
        "uq_monitoring_point_watched",
        "monitoring_point",
        ["certificate_type_id", "college_id"],
        unique=True,
        postgresql_where=sa.text("state = 'watched'"),
    )
