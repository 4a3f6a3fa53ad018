"""Reads of publishers and of what is taught from."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import NotFound, there
from services.registry.organizations import queries as organizations
from services.registry.organizations.rules import TEO
from services.registry.standards import queries
from services.registry.standards.errors import PublisherUnknown
from services.registry.standards.models import CertificateType
from services.registry.standards.resource_models import Publisher, Resource, ResourceUpdate
from services.registry.standards.resource_rules import OFFERED, is_stale


@dataclass(frozen=True)
class Stale:
    """What should have been renewed by `due_on` and was not: the ground (d) of OP-41."""

    kind: str
    """`standard`, or the kind of a resource."""
    id: uuid.UUID
    title: str
    certificate_type_id: uuid.UUID
    level: str | None
    due_on: date


def publisher_to_change(session: Session, publisher_id: uuid.UUID) -> Publisher:
    """The publisher of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Publisher, publisher_id, with_for_update=True))


def publisher_named(session: Session, publisher_id: uuid.UUID) -> Publisher:
    """The publisher that a body names; raise PublisherUnknown without one."""
    found = session.get(Publisher, publisher_id)
    if found is None:
        raise PublisherUnknown()
    return found


def visible(by: Caller | None) -> Select[Resource]:
    """Anyone sees what is offered (OP-21: shared widely), a TEO also what it withdrew, the regulators everything."""
    query = select(Resource)
    if by is not None and by.sees_everything:
        return query
    if by is not None and by.role == Role.TEO:
        return query.where(or_(Resource.state == OFFERED, Resource.teo_id == by.organization_id))
    return query.where(Resource.state == OFFERED)


def one_visible(session: Session, by: Caller | None, resource_id: uuid.UUID) -> Resource:
    """The resource; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Resource.id == resource_id)).first())


def updates_of(session: Session, by: Caller | None, resource_id: uuid.UUID) -> Select[ResourceUpdate]:
    """The renewals of a resource that the caller may see."""
    resource = one_visible(session, by, resource_id)
    return owned_by(select(ResourceUpdate), ResourceUpdate.resource_id, resource.id)


def overdue(by: Caller, on: date) -> Select[Resource]:
    """What is offered and stale on a day (OP-21): a TEO's own, everyone's for those who watch them."""
    query = select(Resource).where(Resource.state == OFFERED, Resource.due_on < on)
    return owned_by(query, Resource.teo_id, by.organization_id) if by.role == Role.TEO else query


def to_change(session: Session, resource_id: uuid.UUID) -> Resource:
    """The resource of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Resource, resource_id, with_for_update=True))


def stale_visible(session: Session, by: Caller, teo_id: uuid.UUID, on: date) -> list[Stale]:
    """The same for those who may know: a TEO of itself, the regulators of every TEO; raise NotFound for anyone else's."""
    teo = organizations.one_visible(session, by, teo_id)
    if teo.kind != TEO or (by.role == Role.TEO and by.organization_id != teo_id):
        raise NotFound()
    return stale_resources(session, teo_id, on)


def stale_resources(session: Session, teo_id: uuid.UUID, on: date) -> list[Stale]:
    """The TEO's standards in force and resources on offer that are stale on a day, the oldest first (OP-41 d)."""
    late = select(Resource).where(Resource.teo_id == teo_id, Resource.state == OFFERED, Resource.due_on < on)
    found = [
        Stale(one.kind, one.id, one.title_zh, one.certificate_type_id, one.level, one.due_on)
        for one in session.scalars(late)
    ]
    types = {one.id: one for one in session.scalars(select(CertificateType).where(CertificateType.teo_id == teo_id))}
    for type_id, standards in queries.levels_in_force(session, list(types)).items():
        found += [
            Stale("standard", one.id, f"{types[type_id].name_zh} {one.version}", type_id, one.level, one.due_on)
            for one in standards
            if is_stale(one.due_on, on)
        ]
    return sorted(found, key=lambda one: (one.due_on, one.id))
