"""Reads of agreements."""

import uuid
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.registry.agreements.models import Agreement


def visible(by: Caller) -> Select[Agreement]:
    """Regulators and the operator read every agreement (PP-01), a TEO its own."""
    query = select(Agreement)
    if by.role == Role.TEO:
        query = owned_by(query, Agreement.teo_id, by.organization_id)
    return query


def one_visible(session: Session, by: Caller, agreement_id: uuid.UUID) -> Agreement:
    """The agreement; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Agreement.id == agreement_id)).first())


def to_change(session: Session, agreement_id: uuid.UUID) -> Agreement:
    """The agreement of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Agreement, agreement_id, with_for_update=True))


def any_in_force(session: Session, teo_id: uuid.UUID, day: date) -> bool:
    """Whether the TEO has an agreement in force on `day` (a day in Beijing)."""
    running = (Agreement.teo_id == teo_id) & (Agreement.in_force_from <= day) & (Agreement.in_force_to >= day)
    return session.scalar(select(Agreement.id).where(running).limit(1)) is not None
