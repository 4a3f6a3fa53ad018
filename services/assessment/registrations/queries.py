"""Reads of registrations."""

import uuid
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.database import Database
from services.assessment.pilot.models import Organization
from services.assessment.registrations.models import Registration
from services.assessment.sittings.models import Sitting

_STREAM_ROWS = 2_000


class Registered(NamedTuple):
    """What is known of a learner who is registered for the plan."""

    learner_id: uuid.UUID
    site_code: str
    candidate_kind: str
    college_id: uuid.UUID | None
    name_index: bytes
    seen_job_id: uuid.UUID
    seen_row: int


_REGISTERED = text(
    "SELECT r.learner_id, s.site_code, r.candidate_kind, r.college_id, r.name_index, r.seen_job_id, r.seen_row"
    " FROM registration r JOIN sitting s ON s.id = r.sitting_id"
    " WHERE r.plan_id = :plan_id AND r.learner_id = ANY(CAST(:learner_ids AS uuid[]))"
)


def registered(session: Session, plan_id: uuid.UUID, learner_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Registered]:
    """Those of the learners who are registered for the plan."""
    rows = session.execute(_REGISTERED, {"plan_id": plan_id, "learner_ids": list(learner_ids)})
    return {row[0]: Registered(*row) for row in rows}


def of_plan(plan_id: uuid.UUID, who: Caller) -> Select[Registration]:
    """The plan's registrations that the caller may see: a college its own students, others who see the plan all."""
    query = select(Registration).where(Registration.plan_id == plan_id)
    return query.where(Registration.college_id == who.organization_id) if who.role is Role.COLLEGE else query


def stream(database: Database, plan_id: uuid.UUID) -> Iterator[list[tuple[Any, ...]]]:
    """(number, masked name, site code, college code) of every registration, in blocks, each read by itself.

    A slow reader of the answer so holds no transaction open.
    """
    query = (
        select(Registration.id, Registration.number, Registration.masked_name, Sitting.site_code, Organization.code)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .outerjoin(Organization, Organization.id == Registration.college_id)
        .where(Registration.plan_id == plan_id)
        .order_by(Registration.id)
        .limit(_STREAM_ROWS)
    )
    last = uuid.UUID(int=0)
    while True:
        with database.session() as session:
            rows = session.execute(query.where(Registration.id > last)).all()
        if not rows:
            return
        last = rows[-1][0]
        yield [tuple(row[1:]) for row in rows]
