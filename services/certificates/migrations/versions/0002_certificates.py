"""TEOs and certificate types as heard, issuers' keys, certificates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "teo",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("admitted_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teo"),
    )
    op.create_table(
        "certificate_type",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_zh", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("levels", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificate_type"),
    )
    op.create_table(
        "issuer_key",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("public_multibase", sa.Text, nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("valid_from", moment, nullable=False),
        sa.Column("retired_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_issuer_key"),
        sa.UniqueConstraint("public_multibase", name="uq_issuer_key_public_multibase"),
    )
    op.create_index("ix_issuer_key_teo_id", "issuer_key", ["teo_id"])
    in_force = sa.text("retired_at IS NULL")
    op.create_index("uq_issuer_key_in_force", "issuer_key", ["teo_id"], unique=True, postgresql_where=in_force)
    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("name_index", sa.LargeBinary, nullable=False),
        sa.Column("sealed_name", sa.Text, nullable=False),
        sa.Column("masked_name", sa.Text, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("type_code", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("standard_version", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("entry_due_on", sa.Date),
        sa.Column("entered_late", sa.Boolean),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("state", sa.Text, server_default="valid", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("number", name="uq_certificate_number"),
        sa.UniqueConstraint("result_id", name="uq_certificate_result_id"),
    )
    for scope in ("teo_id", "college_id", "learner_id"):
        op.create_index(f"ix_certificate_{scope}_id", "certificate", [scope, "id"])
    unknown = sa.text("entry_due_on IS NULL")
    op.create_index("ix_certificate_due_unknown", "certificate", ["issued_on"], postgresql_where=unknown)
