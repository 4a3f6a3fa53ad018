"""Migrating an empty database gives exactly the tables that the models map, and those every service begins with."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import services.assessment.models  # noqa: F401  every table is known before they are compared
from onex.chassis import migrating
from onex.chassis.database import Database
from onex.local.platform import Platform
from onex.messaging import ddl_v1
from services.assessment.tables import Base


def test_migrations_from_empty_give_what_the_models_say(servers: Platform) -> None:
    """Run by the service's own role, which owns its database; it is left migrated, as the other tests need it."""
    url = servers.environment["ONEX_DATABASE_URL_ASSESSMENT"]
    engine = Database(url, "assessment", pool_size=1).engine
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrating.upgrade("assessment", url)
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) >= {*ddl_v1.TABLES, *Base.metadata.tables}

        def is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
            return not (kind == "table" and name in ddl_v1.TABLES)

        options = {"include_object": is_ours, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
