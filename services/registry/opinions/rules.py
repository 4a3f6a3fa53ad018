"""What opinions are about, how they are dealt with, and in what time (OP-40, PP-30)."""

import uuid
from datetime import date, datetime

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from onex.chassis.working_days import CalendarNotPublished, add_working_days
from services.registry.opinions.errors import AssigneeUnclear, ConsequenceDrawn, NobodyMeant, NotAnswered, NotReleased

ANSWER_WORKING_DAYS = 15
"""OP-40 says "in time" and names no number; 15 working days is what citizens' hotlines promise for matters to look into."""

CLAUSE_OF = {
    "forced_purchase": "OP-26",
    "forced_training": "OP-11",
    "illegal_charge": "PP-09",
    "false_publicity": "OP-37",
    "misuse_of_funds": "OP-35",
    "exam_discipline": "PP-21",
    "other": "OP-40",
}
GROUNDS = tuple(CLAUSE_OF)

RECEIVED, ASSIGNED, REPLIED, ANSWERED, SET_ASIDE = STATES = ("received", "assigned", "replied", "answered", "set_aside")
OPEN = (RECEIVED, ASSIGNED, REPLIED)
OPINION = Machine(
    "opinion",
    "OP-40",
    {
        "classify": (OPEN, RECEIVED),
        "assign": (OPEN, ASSIGNED),
        "reply": (ASSIGNED, REPLIED),
        "answer": (OPEN, ANSWERED),
        "set_aside": (OPEN, SET_ASIDE),
    },
)

# What an order that comes of an opinion is about (OP-43), and on which ground a case is opened (OP-41, OP-42).
ABOUT = {
    "forced_purchase": "coercion",
    "forced_training": "coercion",
    "illegal_charge": "fees",
    "false_publicity": "publicity",
    "misuse_of_funds": "funds",
    "exam_discipline": "assessment",
    "other": "other",
}
_GROUND_OF_TEO = {"forced_purchase": "c", "illegal_charge": "b", "exam_discipline": "a", "other": "e"}
_GROUND_OF_COLLEGE = {"misuse_of_funds": "c", "exam_discipline": "b", "forced_training": "d"}


def answer_due_on(received_on: date) -> date | None:
    """OP-40: the last day for the answer; None while the calendar of a day on the way is not published."""
    try:
        return add_working_days(received_on, ANSWER_WORKING_DAYS)
    except CalendarNotPublished:
        return None


def exit_ground(kind: str, ground: str) -> str:
    """OP-41, OP-42: the ground of the case that an opinion opens.

    OP-26: bundling is (c) for a TEO. PP-09, OP-28: charging is (b). OP-42: forcing is (d) for a college, OP-35: funds are (c).
    """
    return _GROUND_OF_TEO.get(ground, "f") if kind == "teo" else _GROUND_OF_COLLEGE.get(ground, "e")


def seen_by(kind: str | None, province_code: str | None) -> str | None:
    """PP-30, PP-09: the province where it happened sees an opinion.

    Of one about a province, or a body of one, only the Ministry and the operator know.
    """
    return None if kind in ("province", "coordinating_body") else province_code


def answered_in_time(received_on: date, due_on: date | None, answered_on: date) -> bool:
    """OP-40: by the end of the last day. So many working days are never fewer days, whatever a calendar to come says."""
    if due_on is not None:
        return answered_on <= due_on
    return (answered_on - received_on).days <= ANSWER_WORKING_DAYS


def check_assignee(teo_id: uuid.UUID | None, province_code: str | None) -> None:
    """OP-40: one province or one TEO is asked to reply."""
    if (teo_id is None) == (province_code is None):
        raise AssigneeUnclear()


def check_assigned_to(by: Caller, state: str, teo_id: uuid.UUID | None, province_code: str | None) -> None:
    """OP-40: whoever was asked replies, and nobody else."""
    if by.role == Role.TEO:
        if teo_id is None or by.organization_id != teo_id:
            raise OutOfScope()
    elif teo_id is not None or province_code is None or by.province_code != province_code:
        raise OutOfScope()


def check_released(state: str) -> None:
    """OP-40: what is not answered is not released."""
    if state != ANSWERED:
        raise NotAnswered(f"The opinion is {state}.")


def check_is_released(released_at: datetime | None) -> None:
    """Only what is released is taken back."""
    if released_at is None:
        raise NotReleased()


def check_consequence(organization_id: uuid.UUID | None, drawn: uuid.UUID | None) -> uuid.UUID:
    """OP-43, OP-41, OP-42: an order or a case needs the organization that is meant, and comes of an opinion once."""
    if organization_id is None:
        raise NobodyMeant()
    if drawn is not None:
        raise ConsequenceDrawn()
    return organization_id
