"""Reads of plans, each within the caller's scope."""

import uuid

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.problems import there
from services.assessment.plans.models import PUBLISHED, Plan


def in_scope(who: Caller) -> ColumnElement[bool]:
    """Which plans the caller may see: a TEO its own, colleges and provinces what is published, operators all."""
    if who.sees_everything:
        return true()
    if who.role is Role.TEO:
        return Plan.teo_id == who.organization_id
    return Plan.state == PUBLISHED


def visible(who: Caller, *, state: str | None = None, year: int | None = None) -> Select[Plan]:
    """The plans the caller may see."""
    query = select(Plan).where(in_scope(who))
    if state:
        query = query.where(Plan.state == state)
    if year:
        query = query.where(Plan.year == year)
    return query


def one_visible(session: Session, plan_id: uuid.UUID, who: Caller) -> Plan:
    """The plan if the caller may see it; raises NotFound."""
    return there(session.scalar(visible(who).where(Plan.id == plan_id)))


def for_writing(session: Session, plan_id: uuid.UUID, who: Caller) -> Plan:
    """The plan, locked until the transaction ends, if it is the caller's; raises NotFound or OutOfScope."""
    plan = locked(session, plan_id)
    who.must_be(plan.teo_id)
    return plan


def locked(session: Session, plan_id: uuid.UUID) -> Plan:
    """The plan, locked: whoever counts places, candidates or results of a plan takes turns. Raises NotFound."""
    return there(session.scalar(select(Plan).where(Plan.id == plan_id).with_for_update()))
