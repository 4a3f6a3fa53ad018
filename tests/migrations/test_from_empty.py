"""The migrations of each service make, from an empty database, exactly the tables that its models describe."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from onex.chassis import migrating
from onex.chassis.settings import SERVICES
from onex.local.platform import Platform
from onex.messaging import ddl_v1
from tests.harness.emptying import admin_url

EMPTY = "from_empty"


@pytest.fixture
def empty_database(servers: Platform) -> Iterator[str]:
    """The address of a new, empty database; a service's own role may make none, so the superuser does."""
    address = sqlalchemy.make_url(admin_url(servers)).set(drivername="postgresql+psycopg")
    admin = sqlalchemy.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE IF EXISTS {EMPTY} WITH (FORCE)"))
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {EMPTY}"))
    yield address.set(database=EMPTY).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sqlalchemy.text(f"DROP DATABASE {EMPTY} WITH (FORCE)"))
    admin.dispose()


def described(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether the service's models describe this table; those every service begins with are made by `ddl_v1`."""
    return not (kind == "table" and name in (*ddl_v1.TABLES, "alembic_version"))


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_an_empty_database_gives_what_the_models_say(service: str, empty_database: str) -> None:
    importlib.import_module(f"services.{service}.models")
    metadata = importlib.import_module(f"services.{service}.tables").Base.metadata
    migrating.upgrade(service, empty_database)
    engine = sqlalchemy.create_engine(empty_database)
    with engine.connect() as connection:
        options = {"include_object": described, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        tables = set(sqlalchemy.inspect(connection).get_table_names())
    engine.dispose()
    assert tables == {*metadata.tables, *ddl_v1.TABLES, "alembic_version"}


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_twice_changes_nothing(service: str, empty_database: str) -> None:
    migrating.upgrade(service, empty_database)
    migrating.upgrade(service, empty_database)
