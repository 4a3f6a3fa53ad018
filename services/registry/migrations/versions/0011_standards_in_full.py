"""Standards in full: reviews, retirement, teaching resources, course mappings; agreements that end early."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"

LEVELS = "level IN ('primary', 'intermediate', 'advanced')"


def upgrade() -> None:
    _agreements()
    _standards()
    _resources()
    _mappings()


def _agreements() -> None:
    op.add_column("agreement", sa.Column("documents", JSONB, nullable=False, server_default="[]"))
    op.alter_column("agreement", "documents", server_default=None)
    op.add_column("agreement", sa.Column("signed_to", sa.Date))
    op.execute("UPDATE agreement SET signed_to = in_force_to")
    op.alter_column("agreement", "signed_to", nullable=False)
    op.add_column("agreement", sa.Column("terminated_at", sa.DateTime(timezone=True)))
    op.add_column("agreement", sa.Column("terminated_by", sa.Text))
    op.add_column("agreement", sa.Column("termination_reason", sa.Text))
    op.create_index("ix_agreement_teo_id_id", "agreement", ["teo_id", "id"])


def _standards() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("standard", sa.Column("new_technology", sa.Text, nullable=False, server_default=""))
    op.add_column("standard", sa.Column("framework_level", sa.Integer))
    op.add_column("standard", sa.Column("interval_months", sa.Integer, nullable=False, server_default="36"))
    op.add_column("standard", sa.Column("due_on", sa.Date))
    op.execute("UPDATE standard SET due_on = CAST(released_on + interval '36 months' AS date)")
    op.alter_column("standard", "due_on", nullable=False)
    for column in ("new_technology", "interval_months"):
        op.alter_column("standard", column, server_default=None)
    op.add_column("standard", sa.Column("published_by", sa.Text))
    op.add_column("standard", sa.Column("retired_at", moment))
    op.add_column("standard", sa.Column("retired_by", sa.Text))
    op.add_column("standard", sa.Column("retirement_reason", sa.Text))
    # The older names have the naming convention applied twice.
    for table, name in (("standard", "level"), ("certificate_type", "code")):
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT ck_{table}_ck_{table}_{name} TO ck_{table}_{name}")
    op.drop_constraint(op.f("ck_standard_ck_standard_state"), "standard")
    states = "state IN ('draft', 'returned', 'reviewed', 'published', 'retired', 'withdrawn')"
    op.create_check_constraint("state", "standard", states)
    op.create_index("ix_standard_certificate_type_id_id", "standard", ["certificate_type_id", "id"])
    op.create_table(
        "standard_review",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("standard_id", sa.Uuid, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("reviewed_by", sa.Text, nullable=False),
        sa.Column("opinion", sa.Text, nullable=False),
        sa.Column("reviewed_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.CheckConstraint("decision IN ('approve', 'send_back')", name="decision"),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name="fk_standard_review_standard_id"),
    )
    op.create_index("ix_standard_review_standard_id_id", "standard_review", ["standard_id", "id"])
    op.add_column("cancelled_qualification", sa.Column("id", sa.Uuid))
    op.execute("UPDATE cancelled_qualification SET id = gen_random_uuid()")
    op.alter_column("cancelled_qualification", "id", nullable=False)
    op.create_unique_constraint("uq_cancelled_qualification_id", "cancelled_qualification", ["id"])


def _resources() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "publisher",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("qualification", sa.Text, nullable=False),
        sa.Column("isbn_prefixes", JSONB, nullable=False),
        sa.Column("listed_by", sa.Text, nullable=False),
        sa.Column("listed_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("struck_at", moment),
        sa.Column("struck_by", sa.Text),
        sa.Column("struck_reason", sa.Text),
        sa.UniqueConstraint("name_zh", name="uq_publisher_name_zh"),
    )
    op.create_table(
        "resource",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("isbn", sa.Text),
        sa.Column("edition", sa.Text),
        sa.Column("publisher_id", sa.Uuid),
        sa.Column("interval_months", sa.Integer, nullable=False),
        sa.Column("updated_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("price_fen", sa.BigInteger, nullable=False),
        sa.Column("users", sa.Integer, nullable=False),
        sa.Column("cost_items", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("withdrawn_at", moment),
        sa.Column("withdrawn_by", sa.Text),
        sa.CheckConstraint("kind IN ('textbook', 'case_bank', 'question_bank')", name="kind"),
        sa.CheckConstraint(LEVELS, name="level"),
        sa.CheckConstraint("state IN ('offered', 'withdrawn')", name="state"),
        sa.CheckConstraint("(kind = 'textbook') = (isbn IS NOT NULL)", name="isbn"),
        sa.CheckConstraint("(kind = 'textbook') = (publisher_id IS NOT NULL)", name="publisher"),
        sa.CheckConstraint("price_fen >= 0", name="price"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_resource_certificate_type_id"
        ),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_resource_teo_id"),
        sa.ForeignKeyConstraint(["publisher_id"], ["publisher.id"], name="fk_resource_publisher_id"),
    )
    offered = sa.text("state = 'offered'")
    unique = ["certificate_type_id", "isbn"]
    op.create_index("uq_resource_isbn", "resource", unique, unique=True, postgresql_where=offered)
    op.create_index("ix_resource_teo_id_id", "resource", ["teo_id", "id"])
    op.create_index("ix_resource_certificate_type_id_id", "resource", ["certificate_type_id", "id"])
    op.create_index("ix_resource_due_on", "resource", ["due_on", "id"], postgresql_where=offered)
    op.create_table(
        "resource_update",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("resource_id", sa.Uuid, nullable=False),
        sa.Column("updated_on", sa.Date, nullable=False),
        sa.Column("what_changed", sa.Text, nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", moment, server_default=sa.func.now(), nullable=False),
        sa.UniqueConstraint("resource_id", "updated_on", name="uq_resource_update_resource_id_updated_on"),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name="fk_resource_update_resource_id"),
    )
    op.create_index("ix_resource_update_resource_id_id", "resource_update", ["resource_id", "id"])


def _mappings() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "course_mapping",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("college_id", sa.Uuid, nullable=False),
        sa.Column("province_code", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("programme_code", sa.Text, nullable=False),
        sa.Column("programme_name", sa.Text, nullable=False),
        sa.Column("courses", JSONB, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("changed_at", moment),
        sa.Column("withdrawn_at", moment),
        sa.CheckConstraint(LEVELS, name="level"),
        sa.ForeignKeyConstraint(["college_id"], ["organization.id"], name="fk_course_mapping_college_id"),
        sa.ForeignKeyConstraint(["teo_id"], ["organization.id"], name="fk_course_mapping_teo_id"),
        sa.ForeignKeyConstraint(
            ["certificate_type_id"], ["certificate_type.id"], name="fk_course_mapping_certificate_type_id"
        ),
    )
    for column in ("college_id", "province_code", "teo_id", "certificate_type_id"):
        op.create_index(f"ix_course_mapping_{column}_id", "course_mapping", [column, "id"])
    op.create_index(
        "uq_course_mapping_programme",
        "course_mapping",
        ["college_id", "programme_code", "certificate_type_id", "level"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
