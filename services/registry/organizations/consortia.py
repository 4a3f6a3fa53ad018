"""Consortia: colleges that train together for a certificate type (OP-19)."""

import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import NotFound, OutOfScope, there
from services.registry.organizations import queries, rules
from services.registry.organizations.errors import AlreadyAMember, ConsortiumExists
from services.registry.organizations.models import Consortium, ConsortiumMember
from services.registry.standards import actions as standard_actions
from services.registry.standards import queries as standards


def found(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Consortium:
    """A college founds a consortium with others for a published type, and leads it."""
    if by.organization_id is None:
        raise OutOfScope()
    lead = queries.pilot_college(session, by.organization_id)
    certificate_type = standards.type_named(session, body["certificate_type_id"])
    standard_actions.must_be_in_force(session, certificate_type)
    college_ids = list(dict.fromkeys(body["college_ids"]))
    rules.check_consortium(college_ids, lead.id)
    consortium = Consortium(
        name_zh=body["name_zh"],
        certificate_type_id=certificate_type.id,
        lead_college_id=lead.id,
        purpose=body["purpose"],
        founded_by=by.client_id,
    )
    session.add(consortium)
    try:
        session.flush()
    except IntegrityError:
        raise ConsortiumExists() from None
    for college_id in college_ids:
        _add(session, consortium, college_id, by)
    session.flush()
    session.refresh(consortium)
    return consortium


def join(session: UnitOfWork, consortium_id: uuid.UUID, *, by: Caller) -> ConsortiumMember:
    """A college joins of its own will."""
    consortium = to_change(session, consortium_id)
    rules.check_consortium_stands(consortium.dissolved_at is not None)
    if by.organization_id is None:
        raise OutOfScope()
    member = _membership(session, consortium_id, by.organization_id)
    if member is None:
        member = _add(session, consortium, by.organization_id, by)
    elif member.left_at is None:
        raise AlreadyAMember()
    else:
        queries.pilot_college(session, by.organization_id)
        member.joined_at, member.joined_by, member.left_at, member.left_by = clock.now(), by.client_id, None, None
    session.flush()
    return member


def leave(session: UnitOfWork, consortium_id: uuid.UUID, *, by: Caller) -> ConsortiumMember:
    """A member leaves; the one that leads dissolves instead."""
    consortium = to_change(session, consortium_id)
    rules.check_consortium_stands(consortium.dissolved_at is not None)
    member = _membership(session, consortium_id, by.organization_id) if by.organization_id else None
    if member is None or member.left_at is not None:
        raise NotFound()
    active = (ConsortiumMember.consortium_id == consortium_id) & ConsortiumMember.left_at.is_(None)
    members = session.scalar(select(func.count()).select_from(ConsortiumMember).where(active)) or 0
    rules.check_leaves(member.college_id, consortium.lead_college_id, members - 1)
    member.left_at, member.left_by = clock.now(), by.client_id
    return member


def dissolve(session: UnitOfWork, consortium_id: uuid.UUID, *, by: Caller) -> Consortium:
    """The college that leads a consortium dissolves it."""
    consortium = to_change(session, consortium_id)
    by.must_be(consortium.lead_college_id)
    rules.check_consortium_stands(consortium.dissolved_at is not None)
    consortium.dissolved_at, consortium.dissolved_by = clock.now(), by.client_id
    return consortium


def known(session: Session, consortium_id: uuid.UUID) -> Consortium:
    """The consortium of a request's address; raise NotFound without one."""
    return there(session.get(Consortium, consortium_id))


def to_change(session: Session, consortium_id: uuid.UUID) -> Consortium:
    """The consortium of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Consortium, consortium_id, with_for_update=True))


def _membership(session: Session, consortium_id: uuid.UUID, college_id: uuid.UUID) -> ConsortiumMember | None:
    own = select(ConsortiumMember).where(
        ConsortiumMember.consortium_id == consortium_id, ConsortiumMember.college_id == college_id
    )
    return session.scalars(own).first()


def _add(session: UnitOfWork, consortium: Consortium, college_id: uuid.UUID, by: Caller) -> ConsortiumMember:
    college = queries.pilot_college(session, college_id)
    member = ConsortiumMember(
        consortium_id=consortium.id, college_id=college.id, joined_by=by.client_id, joined_at=clock.now()
    )
    session.add(member)
    return member
