"""Migrating an empty database gives exactly the tables that the models map, and those every service begins with."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import services.registry.models  # noqa: F401
from onex.chassis import migrating
from onex.local import secrets
from onex.local.platform import Platform
from onex.local.postgres import Postgres
from onex.messaging import ddl_v1
from services.registry.tables import Base

EMPTY = "registry_from_empty"


@pytest.fixture
def empty_database(servers: Platform) -> Iterator[str]:
    """The address of a new, empty database; a service's own role may make none, so the superuser does."""
    port = urlsplit(servers.environment["ONEX_DATABASE_URL_REGISTRY"]).port
    assert port is not None
    postgres = Postgres(servers.home, port, secrets.made_once(servers.home / "secrets.env"))
    address = sqlalchemy.make_url(postgres.admin_url).set(drivername="postgresql+psycopg")
    admin = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE IF EXISTS {EMPTY} WITH (FORCE)"))
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {EMPTY}"))
    yield address.set(database=EMPTY).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {EMPTY} WITH (FORCE)"))
    admin.dispose()


def mapped(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether the registry's models say what this table is; the tables of every service are made by `ddl_v1`."""
    return not (kind == "table" and name in (*ddl_v1.TABLES, "alembic_version"))


def test_migrating_an_empty_database_gives_what_the_models_map(empty_database: str) -> None:
    migrating.upgrade("registry", empty_database)
    engine = sqlalchemy.create_engine(empty_database)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": mapped, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        assert set(ddl_v1.TABLES) <= set(sqlalchemy.inspect(connection).get_table_names())
    engine.dispose()
