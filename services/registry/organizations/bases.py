"""Training bases, shared by colleges and enterprises (PP-06, PP-39, OP-25)."""

import uuid
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import NotFound
from services.registry.organizations import actions, queries, rules
from services.registry.organizations.models import BaseShare, Organization


def share(session: UnitOfWork, base_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> BaseShare:
    """Record, or change, a college's or an enterprise's part in a training base of the province."""
    base = _base(session, base_id)
    rules.check_own_province(by, base.province_code)
    rules.check_admitted(base.kind, base.status)
    partner = queries.known(session, body["organization_id"])
    rules.check_shares(partner.kind, body["since"], body["until"])
    actions.must_take_part(session, partner.id)
    found = session.scalars(
        select(BaseShare).where(BaseShare.base_id == base_id, BaseShare.organization_id == partner.id)
    ).first()
    if found is None:
        found = BaseShare(base_id=base_id, organization_id=partner.id)
        session.add(found)
    found.part, found.since, found.until = body["part"], body["since"], body["until"]
    found.recorded_by = by.client_id
    session.flush()
    session.refresh(found)
    return found


def shares_of(session: Session, by: Caller, base_id: uuid.UUID) -> Select[BaseShare]:
    """The parts in a base that the caller may see; raise NotFound for a base that it may not."""
    base = queries.one_visible(session, by, base_id)
    if base.kind != rules.TRAINING_BASE:
        raise NotFound()
    query = select(BaseShare).where(BaseShare.base_id == base_id)
    if by.sees_everything or by.role == Role.PROVINCE:
        return query
    partner = Organization.id == BaseShare.organization_id
    mine = or_(Organization.status != rules.REGISTERED, Organization.id == by.organization_id)
    return query.join(Organization, partner).where(mine)


def _base(session: Session, base_id: uuid.UUID) -> Organization:
    """The training base of a request's address, locked until the transaction ends; raise NotFound without one."""
    base = queries.to_change(session, base_id)
    if base.kind != rules.TRAINING_BASE:
        raise NotFound()
    return base
