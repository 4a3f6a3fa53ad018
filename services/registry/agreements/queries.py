"""Reads of agreements."""

import uuid
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from services.registry.agreements.models import Agreement


def visible(by: Caller) -> Select[Agreement]:
    """Regulators and the operator read every agreement (PP-01), a TEO its own."""
    query = select(Agreement)
    if by.role == Role.TEO:
        query = query.where(Agreement.teo_id == by.organization_id)
    return query


def any_in_force(session: Session, teo_id: uuid.UUID, day: date) -> bool:
    """Whether the TEO has an agreement in force on `day` (a day in Beijing)."""
    running = (Agreement.teo_id == teo_id) & (Agreement.in_force_from <= day) & (Agreement.in_force_to >= day)
    return session.scalar(select(Agreement.id).where(running).limit(1)) is not None
