"""Standing: positions in status lists, the lists, proposals and changes, annulled results, the platform's key."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

LIST_SIZE = 131_072


def upgrade() -> None:
    _certificate()
    _standing()
    _lists()


def _certificate() -> None:
    op.execute("CREATE SEQUENCE status_position MINVALUE 0 START 0")
    op.add_column("certificate", sa.Column("status_list", sa.Integer))
    op.add_column("certificate", sa.Column("status_index", sa.Integer))
    op.add_column("certificate", sa.Column("version", sa.Integer, server_default="1", nullable=False))
    op.add_column("certificate", sa.Column("replaces", sa.Uuid))
    # Certificates that are here already get lists of their own, shuffled; the sequence goes on with the next list.
    op.execute(
        f"UPDATE certificate SET status_list = placed.list, status_index = placed.index FROM ("
        f" SELECT id, list, row_number() OVER (PARTITION BY list ORDER BY random()) - 1 AS index FROM ("
        f" SELECT id, (row_number() OVER (ORDER BY id) - 1) / {LIST_SIZE} AS list FROM certificate) AS numbered"
        f") AS placed WHERE certificate.id = placed.id"
    )
    op.execute(
        "SELECT setval('status_position', next, false) FROM ("
        f" SELECT (max(status_list) + 1) * CAST({LIST_SIZE} AS bigint) AS next FROM certificate) AS after"
        " WHERE next IS NOT NULL"
    )
    op.alter_column("certificate", "status_list", nullable=False)
    op.alter_column("certificate", "status_index", nullable=False)
    # Whose numbers these are: a database emptied for a test begins anew.
    op.execute("ALTER SEQUENCE status_position OWNED BY certificate.status_list")
    op.create_unique_constraint(
        "uq_certificate_status_list_status_index", "certificate", ["status_list", "status_index"]
    )
    op.drop_constraint("uq_certificate_result_id", "certificate")
    first = sa.text("replaces IS NULL")
    op.create_index("uq_certificate_result_id", "certificate", ["result_id"], unique=True, postgresql_where=first)
    later = sa.text("replaces IS NOT NULL")
    op.create_index("uq_certificate_replaces", "certificate", ["replaces"], unique=True, postgresql_where=later)
    changed = sa.text("state <> 'valid'")
    op.create_index("ix_certificate_changed", "certificate", ["state", "id"], postgresql_where=changed)
    op.create_check_constraint(
        op.f("ck_certificate_state"), "certificate", "state IN ('valid', 'suspended', 'revoked', 'replaced')"
    )


def _standing() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "standing_proposal",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sealed_note", sa.Text),
        sa.Column("sealed_name", sa.Text),
        sa.Column("masked_name", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_role", sa.Text, nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_role", sa.Text),
        sa.Column("decided_at", moment),
        sa.Column("sealed_answer", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_standing_proposal"),
        sa.CheckConstraint(
            "kind IN ('suspend', 'reinstate', 'revoke', 'replace')", name=op.f("ck_standing_proposal_kind")
        ),
        sa.CheckConstraint(
            "reason IN ('under_investigation', 'cleared', 'result_annulled', 'issued_in_error', 'obtained_by_fraud',"
            " 'corrected')",
            name=op.f("ck_standing_proposal_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'refused', 'withdrawn', 'lapsed')",
            name=op.f("ck_standing_proposal_state"),
        ),
        sa.CheckConstraint(
            "decided_by <> proposed_by OR state <> 'approved'", name=op.f("ck_standing_proposal_two_persons")
        ),
    )
    for owner in ("certificate_id", "teo_id", "college_id", "state"):
        op.create_index(f"ix_standing_proposal_{owner}_id", "standing_proposal", [owner, "id"])
    waiting = sa.text("state = 'proposed'")
    columns = ["certificate_id", "kind"]
    op.create_index("uq_standing_proposal_open", "standing_proposal", columns, unique=True, postgresql_where=waiting)
    op.create_table(
        "standing_change",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("certificate_id", sa.Uuid, nullable=False),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposal_id", sa.Uuid, nullable=False),
        sa.Column("successor_id", sa.Uuid),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standing_change"),
        sa.UniqueConstraint("certificate_id", "version", name="uq_standing_change_certificate_id_version"),
        sa.UniqueConstraint("proposal_id", name="uq_standing_change_proposal_id"),
        sa.CheckConstraint(
            "standing IN ('valid', 'suspended', 'revoked', 'replaced')", name=op.f("ck_standing_change_standing")
        ),
        sa.CheckConstraint(
            "(standing = 'replaced') = (successor_id IS NOT NULL)", name=op.f("ck_standing_change_successor")
        ),
    )
    for owner in ("teo_id", "college_id"):
        op.create_index(f"ix_standing_change_{owner}_id", "standing_change", [owner, "id"])
    op.create_index("ix_standing_change_issued_on_teo_id", "standing_change", ["issued_on", "teo_id"])
    op.execute(
        "CREATE TRIGGER standing_change_is_append_only BEFORE UPDATE OR DELETE ON standing_change"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "annulled_result",
        sa.Column("result_id", sa.Uuid, nullable=False),
        sa.Column("teo_id", sa.Uuid, nullable=False),
        sa.Column("learner_id", sa.Uuid, nullable=False),
        sa.Column("college_id", sa.Uuid),
        sa.Column("certificate_type_id", sa.Uuid, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("annulled_at", moment, nullable=False),
        sa.Column("noted_at", moment, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("result_id", name="pk_annulled_result"),
    )
    op.create_index("ix_annulled_result_teo_id_result_id", "annulled_result", ["teo_id", "result_id"])


def _lists() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "status_list",
        sa.Column("list", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("bits", sa.LargeBinary, nullable=False),
        sa.Column("credential", sa.Text, nullable=False),
        sa.Column("signed_at", moment, nullable=False),
        sa.Column("valid_until", moment, nullable=False),
        sa.PrimaryKeyConstraint("list", "purpose", name="pk_status_list"),
        sa.CheckConstraint("purpose IN ('revocation', 'suspension')", name=op.f("ck_status_list_purpose")),
    )
    op.create_table(
        "platform_key",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("public_multibase", sa.Text, nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("valid_from", moment, nullable=False),
        sa.Column("retired_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_platform_key"),
        sa.UniqueConstraint("public_multibase", name="uq_platform_key_public_multibase"),
    )
    op.create_index(
        "uq_platform_key_in_force",
        "platform_key",
        [sa.text("(retired_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
