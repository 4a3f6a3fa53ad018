"""Alembic's environment for this service."""

import services.creditbank.models  # noqa: F401  every table is known before migrations are compared
from onex.chassis.migrating import run_environment
from services.creditbank.tables import Base

run_environment(Base.metadata)
