"""The workload of each teacher in a time, as a college's pay office takes it over (OP-18)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from marshmallow import fields
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from onex.chassis.pii import Vault
from onex.chassis.web.listing import Filter
from services.registry.training import people, queries
from services.registry.training.models import Teacher, TrainingWorkload


def teachers(by: Caller) -> Select[Teacher]:
    """The teachers in the caller's scope; `taught` leaves those who taught in the time."""
    return queries.of_colleges(Teacher, by)


def taught() -> Filter:
    """Teachers with lessons from `taught_from` to `taught_to`, both included."""

    def narrow(query: Select[Any], given: Mapping[str, Any]) -> Select[Any]:
        lessons = select(TrainingWorkload.id).where(TrainingWorkload.teacher_id == Teacher.id, *_standing(given))
        return query.where(lessons.exists())

    def day() -> fields.Field[Any]:
        return fields.Date(load_default=None, metadata={"description": "included"})

    return Filter({"_from": day, "_to": day}, narrow)


def sums(session: Session, vault: Vault, query: Mapping[str, Any], shown: Sequence[Teacher]) -> list[dict[str, Any]]:
    """For each teacher the lessons and the workload they count for, exactly."""
    given = {"_from": query["taught_from"], "_to": query["taught_to"]}
    added = (
        select(TrainingWorkload.teacher_id, func.sum(TrainingWorkload.lessons), func.sum(TrainingWorkload.workload))
        .where(TrainingWorkload.teacher_id.in_([one.id for one in shown]), *_standing(given))
        .group_by(TrainingWorkload.teacher_id)
    )
    nothing = (Decimal(0), Decimal(0))
    totals = {teacher_id: (lessons, workload) for teacher_id, lessons, workload in session.execute(added)}
    return [
        {
            "teacher_id": one.id,
            "college_id": one.college_id,
            "staff_number": one.staff_number,
            "name": people.masked(vault, one.sealed_name, people.TEACHER),
            "lessons": totals.get(one.id, nothing)[0],
            "workload": totals.get(one.id, nothing)[1],
        }
        for one in shown
    ]


def _standing(given: Mapping[str, Any]) -> list[Any]:
    conditions: list[Any] = [TrainingWorkload.withdrawn_at.is_(None)]
    if given["_from"] is not None:
        conditions.append(TrainingWorkload.taught_on >= given["_from"])
    if given["_to"] is not None:
        conditions.append(TrainingWorkload.taught_on <= given["_to"])
    return conditions
