"""Reads of organizations."""

import uuid
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.registry.organizations import rules
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import BaseShare, Batch, BatchCollege, Organization
from services.registry.organizations.rules import COLLEGE, MINISTRY, REGISTERED, TEO


def visible(by: Caller) -> Select[Organization]:
    """What the caller may see: regulators their scope (PP-01), everyone else those who take part and themselves."""
    query = select(Organization)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        everywhere = Organization.kind.in_((TEO, MINISTRY))
        return query.where(or_(everywhere, Organization.province_code == by.province_code))
    return query.where(or_(Organization.status != REGISTERED, Organization.id == by.organization_id))


def one_visible(session: Session, by: Caller, organization_id: uuid.UUID) -> Organization:
    """The organization; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Organization.id == organization_id)).first())


def to_change(session: Session, organization_id: uuid.UUID) -> Organization:
    """The organization of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Organization, organization_id, with_for_update=True))


def named(session: Session, organization_id: uuid.UUID, kind: str) -> Organization:
    """The organization that a body names; raise OrganizationUnknown when none of this kind has the id."""
    found = session.get(Organization, organization_id)
    if found is None or found.kind != kind:
        raise OrganizationUnknown(f"No {kind} has this id.")
    return found


def known(session: Session, organization_id: uuid.UUID) -> Organization:
    """The organization that a body names, of whichever kind; raise OrganizationUnknown without one."""
    found = session.get(Organization, organization_id)
    if found is None:
        raise OrganizationUnknown()
    return found


def pilot_college(session: Session, organization_id: uuid.UUID) -> Organization:
    """The college that a body names, which takes part today; raise OrganizationUnknown, NotAdmitted, OrganizationHasExited."""
    college = named(session, organization_id, COLLEGE)
    rules.check_admitted(college.kind, college.status)
    return college


def in_pilot(session: Session, organization_id: uuid.UUID, on: date) -> bool:
    """Whether the organization is in the pilot on this day (OP-44, PP-36, PP-43).

    It takes part on it, and a batch runs on it, its first and last day included: for a college one that names it.
    """
    organization = session.get(Organization, organization_id)
    if organization is None:
        return False
    days = [clock.beijing_day(at) if at else None for at in (organization.admitted_at, organization.exited_at)]
    if not rules.takes_part(days[0], days[1], on):
        return False
    running = select(Batch.id).where(Batch.starts_on <= on, Batch.ends_on >= on)
    if organization.kind == COLLEGE:
        running = running.join(BatchCollege, BatchCollege.batch_id == Batch.id)
        running = running.where(BatchCollege.college_id == organization_id)
    return session.scalar(running.limit(1)) is not None


def of_batch(by: Caller, batch_id: uuid.UUID) -> Select[BatchCollege]:
    """The colleges of a batch: a province sees those of its territory, everyone else all (they take part, so all may know)."""
    query = owned_by(select(BatchCollege), BatchCollege.batch_id, batch_id)
    if by.role == Role.PROVINCE:
        college = Organization.id == BatchCollege.college_id
        query = query.join(Organization, college).where(Organization.province_code == by.province_code)
    return query


def shares_base(session: Session, base_id: uuid.UUID, organization_id: uuid.UUID, on: date) -> bool:
    """Whether the organization has a part in the training base on this day (PP-39, OP-25)."""
    share = select(BaseShare.id).where(
        BaseShare.base_id == base_id,
        BaseShare.organization_id == organization_id,
        BaseShare.since <= on,
        or_(BaseShare.until.is_(None), BaseShare.until >= on),
    )
    return session.scalar(share) is not None
