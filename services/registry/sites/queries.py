"""Reads of sites and of their published conditions."""

import uuid
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import there
from services.registry.sites.models import Site, SiteConditionList
from services.registry.sites.rules import FILED


def visible(by: Caller) -> Select[Site]:
    """Ministry and operator see all, a province its own, TEO and college theirs; everyone else the filed ones."""
    query = select(Site)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        return owned_by(query, Site.province_code, by.province_code)
    if by.role == Role.TEO:
        return owned_by(query, Site.teo_id, by.organization_id)
    if by.role == Role.COLLEGE:
        return owned_by(query, Site.college_id, by.organization_id)
    return query.where(Site.state == FILED)


def one_visible(session: Session, by: Caller, site_id: uuid.UUID) -> Site:
    """The site; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Site.id == site_id)).first())


def to_change(session: Session, site_id: uuid.UUID) -> Site:
    """The site of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Site, site_id, with_for_update=True))


def of_code(session: Session, code: str) -> Site | None:
    """The site of this code, locked, None without one."""
    return session.scalars(select(Site).where(Site.code == code).with_for_update()).first()


def condition_lists() -> Select[SiteConditionList]:
    """Every list ever published: conditions are announced to the public (OP-23)."""
    return select(SiteConditionList)


def condition_list(session: Session, list_id: uuid.UUID, *, lock: bool = False) -> SiteConditionList:
    """The list of a request's address; raise NotFound without one."""
    return there(session.get(SiteConditionList, list_id, with_for_update=lock))


def conditions_in_force(session: Session, type_id: uuid.UUID, day: date) -> SiteConditionList | None:
    """The list that counts on `day` (a day in Beijing): of those that have begun the latest; None when none has."""
    counting = (
        SiteConditionList.certificate_type_id == type_id,
        SiteConditionList.in_force_from <= day,
        SiteConditionList.withdrawn_at.is_(None),
    )
    latest = (SiteConditionList.in_force_from.desc(), SiteConditionList.version.desc())
    return session.scalars(select(SiteConditionList).where(*counting).order_by(*latest).limit(1)).first()


def last_version(session: Session, type_id: uuid.UUID) -> int:
    """The number of the type's newest list of conditions, 0 without one."""
    newest = select(func.max(SiteConditionList.version)).where(SiteConditionList.certificate_type_id == type_id)
    return session.scalar(newest) or 0
