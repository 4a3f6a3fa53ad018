"""People with roles and sessions, rotating secrets and keys, and those whom an outside issuer vouches for."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.now()


def upgrade() -> None:
    _clients()
    _signing_keys()
    _people()
    _sessions()
    _outside_people()


def _clients() -> None:
    op.add_column("client", sa.Column("id", sa.Uuid, server_default=sa.func.gen_random_uuid(), nullable=False))
    op.add_column("client", sa.Column("secret_made_at", MOMENT, server_default=NOW, nullable=False))
    op.add_column("client", sa.Column("previous_secret_hash", sa.Text))
    op.add_column("client", sa.Column("previous_secret_valid_until", MOMENT))
    op.add_column("client", sa.Column("disabled_by", sa.Text))
    op.add_column("client", sa.Column("last_used_on", sa.Date))
    op.execute("UPDATE client SET secret_made_at = created_at")
    op.create_index("ix_client_organization_id_id", "client", ["organization_id", "id"])
    op.create_index("ix_client_role_id", "client", ["role", "id"])
    op.create_index("ix_client_id", "client", ["id"], unique=True)


def _signing_keys() -> None:
    op.add_column("signing_key", sa.Column("made_by", sa.Text, server_default="registry", nullable=False))
    op.add_column("signing_key", sa.Column("reason", sa.Text, server_default="", nullable=False))
    op.add_column("signing_key", sa.Column("signs_from", MOMENT, server_default=NOW, nullable=False))
    op.add_column("signing_key", sa.Column("heard_at", MOMENT))
    op.add_column("signing_key", sa.Column("signing_since", MOMENT))
    op.execute("UPDATE signing_key SET signs_from = created_at, signing_since = created_at")


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("sealed_name", sa.Text, nullable=False),
        sa.Column("sealed_email", sa.Text),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("password_assigned", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("password_set_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("disabled_by", sa.Text),
    )
    op.create_index("ix_person_username", "person", ["username"], unique=True)
    op.create_table(
        "person_role",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("organization_id", sa.Uuid),
        sa.Column("province_code", sa.Text),
        sa.Column("learner_id", sa.Uuid),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("revoked_by", sa.Text),
        sa.Column("revoked_at", MOMENT),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_role_person_id"),
    )
    op.create_index(
        "uq_person_role_held", "person_role", ["person_id", "role", "organization_id", "learner_id"],
        unique=True, postgresql_nulls_not_distinct=True, postgresql_where=sa.text("revoked_at IS NULL"),
    )  # fmt: skip
    op.create_index("ix_person_role_organization_id_id", "person_role", ["organization_id", "id"])


def _sessions() -> None:
    op.create_table(
        "person_session",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("role_id", sa.Uuid, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_why", sa.Text),
        sa.Column("ended_by", sa.Text),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_session_person_id"),
        sa.ForeignKeyConstraint(["role_id"], ["person_role.id"], name="fk_person_session_role_id"),
        sa.CheckConstraint(
            "ended_why IN ('signed_out', 'ended', 'password_changed', 'disabled', 'role_revoked', 'reused')",
            name="ck_person_session_ended_why",
        ),
    )
    op.create_index("ix_person_session_person_id_id", "person_session", ["person_id", "id"])
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("spent_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["session_id"], ["person_session.id"], name="fk_refresh_token_session_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_refresh_token_session_id", "refresh_token", ["session_id"])
    op.create_index("ix_refresh_token_expires_at", "refresh_token", ["expires_at"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("session_id", sa.Uuid),
        sa.Column("by", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_person_id"),
        sa.CheckConstraint("outcome IN ('signed_in', 'locked', 'unlocked', 'reused')", name="ck_sign_in_outcome"),
    )
    op.create_index("ix_sign_in_person_id_id", "sign_in", ["person_id", "id"])
    op.create_index("ix_sign_in_outcome_id", "sign_in", ["outcome", "id"])
    op.create_index("ix_sign_in_happened_at_id", "sign_in", ["happened_at", "id"])
    op.create_table(
        "sign_in_guard",
        sa.Column("name_index", sa.LargeBinary, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("counted_from", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("locks", sa.Integer, nullable=False),
        sa.Column("locked_until", MOMENT),
    )
    op.create_index("ix_sign_in_guard_tried_at", "sign_in_guard", ["tried_at"])


def _outside_people() -> None:
    op.create_table(
        "outside_person",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("subject_index", sa.LargeBinary, nullable=False),
        sa.Column("sealed_subject", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("organization_id", sa.Uuid),
        sa.Column("province_code", sa.Text),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_on", sa.Date, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.Column("disabled_by", sa.Text),
    )
    op.create_index("ix_outside_person_subject_index", "outside_person", ["subject_index"], unique=True)
    op.create_index("ix_outside_person_organization_id_id", "outside_person", ["organization_id", "id"])
