"""Reads of organizations."""

import uuid

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.problems import NotFound
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import ADMITTED, TEO


def visible(by: Caller) -> Select[Organization]:
    """What the caller may see: regulators their scope (PP-01), everyone else those who take part and themselves."""
    query = select(Organization)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        return query.where(or_(Organization.kind == TEO, Organization.province_code == by.province_code))
    return query.where(or_(Organization.status == ADMITTED, Organization.id == by.organization_id))


def one_visible(session: Session, by: Caller, organization_id: uuid.UUID) -> Organization:
    """The organization; raise NotFound when there is none that the caller may see."""
    found = session.scalars(visible(by).where(Organization.id == organization_id)).first()
    if found is None:
        raise NotFound()
    return found


def to_change(session: Session, organization_id: uuid.UUID) -> Organization:
    """The organization of a request's address, locked until the transaction ends; raise NotFound without one."""
    found = session.get(Organization, organization_id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found


def named(session: Session, organization_id: uuid.UUID, kind: str) -> Organization:
    """The organization that a body names; raise OrganizationUnknown when none of this kind has the id."""
    found = session.get(Organization, organization_id)
    if found is None or found.kind != kind:
        raise OrganizationUnknown(f"No {kind} has this id.")
    return found
