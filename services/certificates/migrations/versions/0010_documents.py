"""The sitting a certificate was earned in, and the bundles of documents that are made for a whole sitting."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    # What was issued before this was kept has none: its results are known to the assessment service alone.
    op.add_column("certificate", sa.Column("sitting_id", sa.Uuid))
    op.create_index("ix_certificate_sitting_id_id", "certificate", ["sitting_id", "id"])
    op.create_table(
        "document_bundle",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("sitting_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid),
        sa.Column("college_id", sa.Uuid),
        sa.Column("owner_id", sa.Uuid),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_bundle"),
        sa.UniqueConstraint("sitting_id", "created_by", name="uq_document_bundle_sitting_id_created_by"),
    )
    op.create_index("ix_document_bundle_expires_at", "document_bundle", ["expires_at"])
    op.create_table(
        "bundled_document",
        sa.Column("bundle_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("sealed_pdf", sa.Text),
        sa.PrimaryKeyConstraint("bundle_id", "position", name="pk_bundled_document"),
        sa.ForeignKeyConstraint(
            ["bundle_id"],
            ["document_bundle.id"],
            name="fk_bundled_document_bundle_id",
            ondelete="CASCADE",
        ),
    )
    # What is sealed cannot be made smaller: trying would only take time.
    op.execute("ALTER TABLE bundled_document ALTER COLUMN sealed_pdf SET STORAGE EXTERNAL")
