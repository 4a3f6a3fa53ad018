"""Alembic's environment for this service."""

import services.notifications.models  # noqa: F401  every table is known before migrations are compared
from onex.chassis.migrating import run_environment
from services.notifications.tables import Base

run_environment(Base.metadata)
