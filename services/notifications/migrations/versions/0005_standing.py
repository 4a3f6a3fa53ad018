"""Partners hear how certificates stand: the certificate's version in a notice, and the codes of certificate types.

The event of a changed standing names the type by its id, a subscription by its code. The codes of types whose certificates were
told of are taken from those notices; whatever is published from now on is heard.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("notice", sa.Column("certificate_version", sa.Integer, server_default="1", nullable=False))
    op.create_table(
        "certificate_type",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO certificate_type (id, version, code) SELECT DISTINCT ON (id) id, 0, code FROM ("
        "SELECT CAST(type_id AS uuid) AS id, code FROM (SELECT DISTINCT"
        " split_part(split_part(body, '\"certificate_type_id\":', 2), '\"', 2) AS type_id, certificate_type_code AS code"
        " FROM notice WHERE name = 'certificate_issued') AS told WHERE type_id ~ '^[0-9a-f-]{36}$') AS known"
    )
