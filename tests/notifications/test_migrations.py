"""The migrations make, from nothing, exactly the tables that the models describe."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import services.notifications.models  # noqa: F401
from onex.chassis.migrating import SERVICES_FOLDER
from onex.messaging import ddl_v1
from services.notifications.tables import Base
from tests.harness.service import Service

SCHEMA = "from_nothing"


@pytest.fixture
def nothing(service: Callable[[str], Service]) -> Iterator[sqlalchemy.Engine]:
    """An engine that sees an empty schema of the service's database and nothing else."""
    url = service("notifications").settings.database_url
    engine = sqlalchemy.create_engine(url, connect_args={"options": f"-c search_path={SCHEMA}"})
    drop = sqlalchemy.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    with engine.begin() as connection:
        connection.execute(drop)
        connection.execute(sqlalchemy.text(f"CREATE SCHEMA {SCHEMA}"))
    yield engine
    with engine.begin() as connection:
        connection.execute(drop)
    engine.dispose()


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether a table is this service's to describe: those of the platform are made by `ddl_v1`."""
    return not (kind == "table" and name in (*ddl_v1.TABLES, "alembic_version"))


def test_from_nothing_the_migrations_come_to_what_the_models_say(nothing: sqlalchemy.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / "notifications" / "migrations"))
    config.attributes["connection_factory"] = nothing.connect
    command.upgrade(config, "head")
    with nothing.connect() as connection:
        tables = set(sqlalchemy.inspect(connection).get_table_names())
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    assert tables == {*Base.metadata.tables, *ddl_v1.TABLES, "alembic_version"}
