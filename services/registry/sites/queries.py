"""Reads of sites."""

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.problems import NotFound
from services.registry.sites.models import Site
from services.registry.sites.rules import FILED


def visible(by: Caller) -> Select[Site]:
    """Ministry and operator see all, a province its own, TEO and college theirs; everyone else the filed ones."""
    query = select(Site)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        return query.where(Site.province_code == by.province_code)
    if by.role == Role.TEO:
        return query.where(Site.teo_id == by.organization_id)
    if by.role == Role.COLLEGE:
        return query.where(Site.college_id == by.organization_id)
    return query.where(Site.state == FILED)


def to_change(session: Session, site_id: uuid.UUID) -> Site:
    """The site of a request's address, locked until the transaction ends; raise NotFound without one."""
    found = session.get(Site, site_id, with_for_update=True)
    if found is None:
        raise NotFound()
    return found
