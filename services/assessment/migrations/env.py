"""Alembic's environment for this service."""

import services.assessment.models  # noqa: F401  every table is known before migrations are compared
from onex.chassis.migrating import run_environment
from services.assessment.tables import Base

run_environment(Base.metadata)
