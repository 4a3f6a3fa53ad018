"""Migrations: alembic, one history a service, its files beside the service's code."""

from pathlib import Path

import sqlalchemy
from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData

from onex.chassis.database import Database

SERVICES_FOLDER = Path(__file__).resolve().parents[2] / "services"
_LOCK = "SELECT pg_advisory_lock(hashtext('onex.migrate'))"


def upgrade(service: str, database_url: str, revision: str = "head") -> None:
    """Bring a service's database to `revision`; two that try at once take turns."""
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / service / "migrations"))
    config.attributes["database_url"] = database_url
    engine = Database(database_url, service, pool_size=2, statement_timeout_ms=0).engine
    with engine.connect() as lock:
        lock.execute(sqlalchemy.text(_LOCK))
        config.attributes["connection_factory"] = engine.connect
        command.upgrade(config, revision)
    engine.dispose()


def run_environment(metadata: MetaData) -> None:
    """What each service's `migrations/env.py` calls."""
    with context.config.attributes["connection_factory"]() as connection:
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
