"""Organizations in full: more kinds, exit, batches, quotas, liaisons, consortia, shared bases, fields."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)
KINDS = "kind IN ('ministry', 'province', 'coordinating_body', 'teo', 'college', 'enterprise', 'training_base')"


def upgrade() -> None:
    _more_of_organizations()
    _batches()
    _quotas()
    _liaisons()
    _consortia()
    _shared_bases()
    _fields()


def _more_of_organizations() -> None:
    for name in ("kind", "status"):
        op.drop_constraint(op.f(f"ck_organization_ck_organization_{name}"), "organization")
    op.create_check_constraint("kind", "organization", KINDS)
    op.create_check_constraint("status", "organization", "status IN ('registered', 'admitted', 'exited')")
    for column in (
        sa.Column("school_code", sa.Text),
        sa.Column("demonstration", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("double_high", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("levels", ARRAY(sa.Text), server_default="{}", nullable=False),
        sa.Column("application_id", sa.Uuid),
        sa.Column("outside_round_reason", sa.Text),
        sa.Column("exited_at", MOMENT),
        sa.Column("exited_by", sa.Text),
        sa.Column("exit_ground", sa.Text),
        sa.Column("exit_case_id", sa.Uuid),
    ):
        op.add_column("organization", column)
    op.create_unique_constraint("uq_organization_school_code", "organization", ["school_code"])
    op.create_check_constraint("school_code", "organization", "school_code ~ '^[0-9]{10}$'")
    op.create_index("ix_organization_kind_id", "organization", ["kind", "id"])
    op.create_index("ix_organization_province_code_id", "organization", ["province_code", "id"])
    op.create_index("ix_organization_kind_status_division_code", "organization", ["kind", "status", "division_code"])
    op.create_index(
        "uq_organization_coordinating_body",
        "organization",
        ["province_code"],
        unique=True,
        postgresql_where=sa.text("kind = 'coordinating_body'"),
    )


def _batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("field_codes", ARRAY(sa.Text), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date, nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("code", name="uq_batch_code"),
        sa.CheckConstraint("ends_on >= starts_on", name="days"),
    )
    op.create_table(
        "batch_college",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("batch_id", "college_id", name="uq_batch_college_batch_id_college_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_college_batch_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_batch_college_college_id"),
    )
    op.create_index("ix_batch_college_college_id", "batch_college", ["college_id"])
    op.create_index("ix_batch_college_batch_id_id", "batch_college", ["batch_id", "id"])


def _quotas() -> None:
    op.create_table(
        "quota",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("filed_by", sa.Text, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "college_id",
            "certificate_type_id",
            "level",
            "year",
            name="uq_quota_college_id_certificate_type_id_level_year",
        ),
        sa.CheckConstraint("level IN ('primary', 'intermediate', 'advanced')", name="level"),
        sa.CheckConstraint("seats >= 0", name="seats"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_quota_college_id"),
        sa.ForeignKeyConstraint(["certificate_type_id"], ["certificate_type.id"], name="fk_quota_certificate_type_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_quota_teo_id"),
    )
    op.create_index("ix_quota_certificate_type_id_id", "quota", ["certificate_type_id", "id"])
    op.create_index("ix_quota_college_id_id", "quota", ["college_id", "id"])
    op.create_index("ix_quota_province_code_id", "quota", ["province_code", "id"])
    op.create_index("ix_quota_teo_id_id", "quota", ["teo_id", "id"])
    op.create_index("ix_quota_province_code_certificate_type_id", "quota", ["province_code", "certificate_type_id"])


def _liaisons() -> None:
    op.create_table(
        "liaison",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("sealed_person", sa.Text, nullable=False),
        sa.Column("named_by", sa.Text, nullable=False),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "province_code", "certificate_type_id", name="uq_liaison_province_code_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_liaison_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_liaison_teo_id"),
    )
    op.create_index("ix_liaison_certificate_type_id", "liaison", ["certificate_type_id"])
    op.create_index("ix_liaison_teo_id", "liaison", ["teo_id"])
    op.create_index("ix_liaison_province_code_id", "liaison", ["province_code", "id"])


def _consortia() -> None:
    op.create_table(
        "consortium",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("lead_college_id", sa.Uuid, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("founded_by", sa.Text, nullable=False),
        sa.Column("founded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.Column("dissolved_at", MOMENT),
        sa.Column("dissolved_by", sa.Text),
        sa.UniqueConstraint("name_zh", "certificate_type_id", name="uq_consortium_name_zh_certificate_type_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_consortium_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(["lead_college_id"], ["organization.id"], name="fk_consortium_lead_college_id"),
    )
    op.create_index("ix_consortium_certificate_type_id", "consortium", ["certificate_type_id"])
    op.create_index("ix_consortium_lead_college_id", "consortium", ["lead_college_id"])
    op.create_table(
        "consortium_member",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("consortium_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("joined_by", sa.Text, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.Column("left_by", sa.Text),
        sa.UniqueConstraint("consortium_id", "college_id", name="uq_consortium_member_consortium_id_college_id"),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name="fk_consortium_member_consortium_id"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_consortium_member_college_id"),
    )
    op.create_index("ix_consortium_member_college_id", "consortium_member", ["college_id"])
    op.create_index("ix_consortium_member_consortium_id_id", "consortium_member", ["consortium_id", "id"])


def _shared_bases() -> None:
    op.create_table(
        "base_share",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("base_id", sa.Uuid, nullable=False),
        sa.Column("organization_id", sa.Uuid, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("base_id", "organization_id", name="uq_base_share_base_id_organization_id"),
        sa.CheckConstraint("part IN ('builds', 'operates', 'uses')", name="part"),
        sa.ForeignKeyConstraint(["base_id"], ["organization.id"], name="fk_base_share_base_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_base_share_organization_id"),
    )
    op.create_index("ix_base_share_organization_id", "base_share", ["organization_id"])
    op.create_index("ix_base_share_base_id_id", "base_share", ["base_id", "id"])


def _fields() -> None:
    op.create_table(
        "field",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("industry", sa.Text, nullable=False),
        sa.Column("shortage", sa.Boolean, nullable=False),
        sa.Column("spellings", JSONB, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("code", name="uq_field_code"),
        sa.CheckConstraint("industry IN ('agriculture', 'manufacturing', 'services', 'emerging')", name="industry"),
    )
