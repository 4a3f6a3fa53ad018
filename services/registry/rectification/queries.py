"""Reads of rectification orders."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.rectification.models import Rectification, RectificationReport
from services.registry.rectification.rules import AWAITED, OPEN

AT_ONCE = 500


def visible(by: Caller) -> Select[Rectification]:
    """Ministry and operator see all, a province its territory's, TEO and college what they were told."""
    own = {
        Role.PROVINCE: Rectification.province_code,
        Role.TEO: Rectification.organization_id,
        Role.COLLEGE: Rectification.organization_id,
    }
    return seen_by(by, select(Rectification), own)


def one_visible(session: Session, by: Caller, rectification_id: uuid.UUID) -> Rectification:
    """The order; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Rectification.id == rectification_id)).first())


def to_change(session: Session, rectification_id: uuid.UUID, by: Caller) -> Rectification:
    """The order of a request's address, locked until the transaction ends; raise NotFound where `by` may not see it."""
    query = visible(by).where(Rectification.id == rectification_id).with_for_update()
    return there(session.scalars(query.execution_options(populate_existing=True)).first())


def reports_of(session: Session, rectification_id: uuid.UUID) -> list[RectificationReport]:
    """What was reported on an order, oldest first."""
    query = select(RectificationReport).where(RectificationReport.rectification_id == rectification_id)
    return list(session.scalars(query.order_by(RectificationReport.id)))


def newest_report(session: Session, rectification_id: uuid.UUID) -> RectificationReport:
    """The report that the orderer has to look at."""
    query = select(RectificationReport).where(RectificationReport.rectification_id == rectification_id)
    return session.scalars(query.order_by(RectificationReport.id.desc()).limit(1)).one()


def missed(session: Session, today: date) -> Sequence[Rectification]:
    """Orders whose due day is over and on which nothing was reported, locked; at most AT_ONCE."""
    query = select(Rectification).where(Rectification.state.in_(AWAITED), Rectification.due_on < today)
    return session.scalars(query.order_by(Rectification.due_on).limit(AT_ONCE).with_for_update(skip_locked=True)).all()


def not_put_right(session: Session, organization_id: uuid.UUID) -> list[Rectification]:
    """OP-43: what the organization was ordered and has not put right in time, oldest first.

    What it reported on later still counts until the orderer has accepted it.
    """
    query = select(Rectification).where(
        Rectification.organization_id == organization_id,
        Rectification.missed_at.is_not(None),
        Rectification.state.in_(OPEN),
    )
    return list(session.scalars(query.order_by(Rectification.id)))
