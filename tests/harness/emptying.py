"""Empties a database between tests: only what has rows, and without asking each row who refers to it.

TRUNCATE gives every table new files, used or not; with a hundred tables that is most of a test. To set aside the triggers that
hold foreign keys, and those that refuse to delete what is append-only, a role needs a right that no service has: the
superuser of the tests' own server gives it.
"""

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.settings import SERVICES
from onex.local import secrets
from onex.local.platform import Platform
from onex.local.postgres import Postgres

_TABLES = text(
    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
_SEQUENCES = text(
    "SELECT quote_ident(owner.relname), quote_ident(sequence.relname) FROM pg_depend"
    " JOIN pg_class AS sequence ON sequence.oid = objid AND sequence.relkind = 'S'"
    " JOIN pg_class AS owner ON owner.oid = refobjid WHERE deptype IN ('a', 'i')"
)


def admin_url(servers: Platform) -> str:
    """The superuser's address on the tests' own server."""
    port = int(servers.environment["ONEX_DATABASE_URL_REGISTRY"].rpartition(":")[2].partition("/")[0])
    return Postgres(servers.home, port, secrets.made_once(servers.home / "secrets.env")).admin_url


def allow(servers: Platform) -> None:
    """Give the services' roles the right to set triggers aside."""
    with psycopg.connect(admin_url(servers), autocommit=True) as connection:
        for service in SERVICES:
            grant = sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}")
            connection.execute(grant.format(sql.Identifier(service)))


class Emptying:
    """What is the same each time: the tables, and whose numbers begin anew."""

    def __init__(self, session: Session) -> None:
        self._tables = list(session.scalars(_TABLES))
        self._sequences = session.execute(_SEQUENCES).all()
        self._filled = text(
            " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in self._tables)
        )

    def run(self, session: Session) -> None:
        """Take every row out, and let numbers begin anew."""
        filled = set(session.scalars(self._filled))
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in filled:
            session.execute(text(f"DELETE FROM {table}"))
        for table, sequence in self._sequences:
            if table in filled:
                session.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))
