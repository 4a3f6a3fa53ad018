"""Reads of registrations."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.database import Database
from onex.chassis.owned import owned_by
from services.assessment.pilot.models import Organization
from services.assessment.registrations.models import Registration
from services.assessment.sittings.models import Sitting
from services.assessment.transfers.models import ReleasedRegistration

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
    released: bool


# OFFSET 0 keeps the look-up to the index of learners. Left to choose, PostgreSQL may believe what it last knew of the plan,
# that nobody is registered, and read the whole plan for every step.
_REGISTERED = text(
    "SELECT r.learner_id, s.site_code, r.candidate_kind, r.college_id, r.name_index, r.seen_job_id, r.seen_row,"
    " gone.registration_id IS NOT NULL"
    " FROM (SELECT * FROM registration WHERE learner_id = ANY(CAST(:learner_ids AS uuid[])) OFFSET 0) AS r"
    " JOIN sitting s ON s.id = r.sitting_id"
    " LEFT JOIN released_registration gone ON gone.registration_id = r.id WHERE r.plan_id = :plan_id"
)
# For this transaction. A plan made for the very ids would count on reading a page of the disk for each, and so prefer the
# whole table; one made for any ids counts on few.
_FOR_ANY_IDS = text("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")


def registered(session: Session, plan_id: uuid.UUID, learner_ids: Iterable[bytes]) -> dict[bytes, Registered]:
    """Those of the learners who are registered for the plan. Learners are given, and found, by their id's 16 bytes."""
    listed = "{" + ",".join(map(bytes.hex, learner_ids)) + "}"  # a fifth of the time of passing a list
    session.execute(_FOR_ANY_IDS)
    rows = session.execute(_REGISTERED, {"plan_id": plan_id, "learner_ids": listed})
    return {row[0].bytes: Registered(*row) for row in rows}


def of_plan(plan_id: uuid.UUID, who: Caller) -> Select[Registration]:
    """The plan's registrations that the caller may see: a college its own students, others who see the plan all."""
    query = owned_by(select(Registration), Registration.plan_id, plan_id)
    return owned_by(query, Registration.college_id, who.organization_id) if who.role is Role.COLLEGE else query


def stream(database: Database, plan_id: uuid.UUID) -> Iterator[list[tuple[Any, ...]]]:
    """(number, masked name, site code, college code) of every registration that was not released, in blocks, each read by itself.

    A slow reader of the answer so holds no transaction open.
    """
    every = (
        select(Registration.id, Registration.number, Registration.masked_name, Sitting.site_code, Organization.code)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .outerjoin(Organization, Organization.id == Registration.college_id)
        .where(~exists().where(ReleasedRegistration.registration_id == Registration.id))
    )
    of_plan = owned_by(every, Registration.plan_id, plan_id, oldest_first=True)
    query = of_plan.order_by(Registration.id).limit(_STREAM_ROWS)
    last = uuid.UUID(int=0)
    while True:
        with database.session() as session:
            rows = session.execute(query.where(Registration.id > last)).all()
        if not rows:
            return
        last = rows[-1][0]
        yield [tuple(row[1:]) for row in rows]


def released_at(session: Session, registration_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Since when those of the registrations that were released are."""
    query = select(ReleasedRegistration.registration_id, ReleasedRegistration.released_at)
    return dict(iter(session.execute(query.where(ReleasedRegistration.registration_id.in_(list(registration_ids))))))
