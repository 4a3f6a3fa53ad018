"""Batches of the pilot: opened with their days, moved, and joined by colleges (PP-36, OP-44)."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import NotFound, there
from services.registry.organizations import fields, queries, rules
from services.registry.organizations.errors import BatchExists
from services.registry.organizations.models import Batch, BatchCollege


def open_batch(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Batch:
    """Put a batch with its days and fields on record."""
    rules.check_batch_days(body["starts_on"], body["ends_on"], body["review_on"])
    fields.must_exist(session, body["field_codes"])
    batch = Batch(created_by=by.client_id, **body)
    session.add(batch)
    _written(session)
    session.refresh(batch)
    return batch


def change(session: UnitOfWork, batch_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Batch:
    """Move a batch's days or fields; what it was before is in the history."""
    batch = to_change(session, batch_id)
    rules.check_batch_days(body["starts_on"], body["ends_on"], body["review_on"])
    rules.check_batch_change(batch.starts_on, body["starts_on"], body["ends_on"], clock.today())
    fields.must_exist(session, body["field_codes"])
    for name, value in body.items():
        setattr(batch, name, value)
    _written(session)
    return batch


def add_colleges(session: UnitOfWork, batch_id: uuid.UUID, college_ids: Iterable[uuid.UUID], *, by: Caller) -> int:
    """Name colleges that take part in a batch; returns how many were not in it yet."""
    batch = to_change(session, batch_id)
    wanted = dict.fromkeys(college_ids)
    there = set(
        session.scalars(
            select(BatchCollege.college_id).where(
                BatchCollege.batch_id == batch.id, BatchCollege.college_id.in_(list(wanted))
            )
        )
    )
    new = [college_id for college_id in wanted if college_id not in there]
    for college_id in new:
        college = queries.pilot_college(session, college_id)
        session.add(BatchCollege(batch_id=batch.id, college_id=college.id, added_by=by.client_id))
    session.flush()
    return len(new)


def remove_college(session: UnitOfWork, batch_id: uuid.UUID, college_id: uuid.UUID) -> None:
    """Take a college out of a batch again; raise NotFound when it is not in it."""
    to_change(session, batch_id)
    found = session.scalars(
        select(BatchCollege).where(BatchCollege.batch_id == batch_id, BatchCollege.college_id == college_id)
    ).first()
    if found is None:
        raise NotFound()
    session.delete(found)
    session.flush()


def known(session: Session, batch_id: uuid.UUID) -> Batch:
    """The batch of a request's address; raise NotFound without one."""
    return there(session.get(Batch, batch_id))


def to_change(session: Session, batch_id: uuid.UUID) -> Batch:
    """The batch of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(Batch, batch_id, with_for_update=True))


def _written(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise BatchExists() from None
