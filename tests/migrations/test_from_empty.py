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
from tests.harness.databases import empty_database


@pytest.fixture
def empty(servers: Platform) -> Iterator[str]:
    with empty_database(servers, "from_empty") as url:
        yield url.replace("://", "+psycopg://", 1)


def described(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether the service's models describe this table; those every service begins with are made by `ddl_v1`."""
    return not (kind == "table" and name in (*ddl_v1.TABLES, "alembic_version"))


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_an_empty_database_gives_what_the_models_say(service: str, empty: str) -> None:
    importlib.import_module(f"services.{service}.models")
    metadata = importlib.import_module(f"services.{service}.tables").Base.metadata
    migrating.upgrade(service, empty)
    engine = sqlalchemy.create_engine(empty)
    with engine.connect() as connection:
        options = {"include_object": described, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        tables = set(sqlalchemy.inspect(connection).get_table_names())
    engine.dispose()
    assert tables == {*metadata.tables, *ddl_v1.TABLES, "alembic_version"}


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_twice_changes_nothing(service: str, empty: str) -> None:
    migrating.upgrade(service, empty)
    migrating.upgrade(service, empty)
