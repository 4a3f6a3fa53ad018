"""Reads of opinions."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.opinions import rules
from services.registry.opinions.models import Opinion

AT_ONCE = 500


def visible(by: Caller) -> Select[Opinion]:
    """Ministry and operator see all, a province its territory's, a TEO what it is asked to reply to; nobody else any."""
    return seen_by(by, select(Opinion), {Role.PROVINCE: Opinion.province_code, Role.TEO: Opinion.assigned_teo_id})


def released() -> Select[Opinion]:
    """What anyone may read."""
    return select(Opinion).where(Opinion.released_at.is_not(None))


def one_visible(session: Session, by: Caller, opinion_id: uuid.UUID) -> Opinion:
    """The opinion; raise NotFound when there is none that the caller may see."""
    return _one(session, visible(by).where(Opinion.id == opinion_id))


def to_change(session: Session, by: Caller, opinion_id: uuid.UUID) -> Opinion:
    """The opinion, locked until the transaction ends; raise NotFound where the caller may not see it."""
    return _one(session, visible(by).where(Opinion.id == opinion_id).with_for_update())


def by_reference(session: Session, reference_hash: bytes) -> Opinion | None:
    """The opinion whose sender holds the reference."""
    return session.scalars(select(Opinion).where(Opinion.reference_hash == reference_hash)).first()


def late(session: Session, today: date) -> Sequence[Opinion]:
    """Open opinions whose last day is over and that are not marked, locked; at most AT_ONCE."""
    query = select(Opinion).where(Opinion.state.in_(rules.OPEN), ~Opinion.overdue, Opinion.due_on < today)
    return session.scalars(query.order_by(Opinion.due_on).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def without_due_day(session: Session) -> Sequence[date]:
    """The days of receipt of open opinions whose last day could not be told, oldest first."""
    query = select(Opinion.received_on).where(Opinion.state.in_(rules.OPEN), ~Opinion.overdue, Opinion.due_on.is_(None))
    return session.scalars(query.distinct().order_by(Opinion.received_on)).all()


def received_on(session: Session, day: date) -> Sequence[Opinion]:
    """Open opinions of a day whose last day could not be told, locked; at most AT_ONCE."""
    query = select(Opinion).where(
        Opinion.state.in_(rules.OPEN), ~Opinion.overdue, Opinion.due_on.is_(None), Opinion.received_on == day
    )
    return session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def _one(session: Session, query: Select[Any]) -> Opinion:
    return there(session.scalars(query.execution_options(populate_existing=True)).first())
