"""Alembic's environment for the registry."""

import services.registry.models  # noqa: F401  every table is known before migrations are compared
from onex.chassis.migrating import run_environment
from services.registry.tables import Base

run_environment(Base.metadata)
