"""The way of an order: ordered → reported → accepted, or sent back; and what comes of one that is missed (OP-43)."""

from datetime import date

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from services.registry.rectification.errors import DueDayNotLater, DueDayPast, NotSupervised

STATES = ("ordered", "reported", "sent_back", "overdue", "accepted", "withdrawn")
ORDERED, REPORTED, SENT_BACK, OVERDUE, ACCEPTED, WITHDRAWN = STATES
OPEN = (ORDERED, REPORTED, SENT_BACK, OVERDUE)
AWAITED = (ORDERED, SENT_BACK)
"""In these an organization's report is waited for."""

RECTIFICATION = Machine(
    "rectification",
    "OP-43",
    {
        "report": ((ORDERED, SENT_BACK, OVERDUE), REPORTED),
        "accept": (REPORTED, ACCEPTED),
        "send_back": (REPORTED, SENT_BACK),
        "miss": (AWAITED, OVERDUE),
        "put_off": ((ORDERED, SENT_BACK, OVERDUE), ORDERED),
        "withdraw": (OPEN, WITHDRAWN),
    },
)

ABOUT = ("fees", "assessment", "training", "funds", "standards", "publicity", "reports", "coercion", "other")

# OP-41 (b) and (e), OP-42 (a) to (e): which ground an order that was missed speaks for.
_GROUND_OF_TEO = {"fees": "b"}
_GROUND_OF_COLLEGE = {
    "reports": "a",
    "assessment": "b",
    "training": "b",
    "fees": "c",
    "funds": "c",
    "coercion": "d",
}
SUPERVISED = ("teo", "college")


def check_supervised(kind: str) -> None:
    """OP-43: TEOs and colleges are ordered to put things right."""
    if kind not in SUPERVISED:
        raise NotSupervised(f"An organization of the kind {kind} cannot be ordered.")


def check_may_order(by: Caller, province_code: str | None) -> None:
    """OP-43, OP-01: the Ministry and the operator order everywhere, a province in its own territory."""
    if by.role == Role.PROVINCE and (province_code is None or by.province_code != province_code):
        raise OutOfScope()


def is_missed(state: str, due_on: date, today: date) -> bool:
    """OP-43: the due day is the last; on the day after, what is still waited for is missed."""
    return state in AWAITED and today > due_on


def check_orderer(by: Caller, ordering_province: str | None) -> None:
    """OP-43: who ordered decides what becomes of it; the Ministry and the operator also of what a province ordered."""
    if not by.sees_everything and (ordering_province is None or by.province_code != ordering_province):
        raise OutOfScope()


def check_due_day(due_on: date, today: date) -> None:
    """OP-43: whoever is ordered has at least the day of the order; the due day is the last one, included."""
    if due_on < today:
        raise DueDayPast(f"The due day {due_on} is over.")


def check_later(due_on: date, until_now: date) -> None:
    """OP-43: a due day is put off, never brought forward."""
    if due_on <= until_now:
        raise DueDayNotLater(f"The due day is {until_now} already.")


def ground_of(kind: str, about: str) -> str:
    """OP-41 (b), (e), OP-42: the ground for an exit that an order speaks for when it was not put right in time."""
    return _GROUND_OF_TEO.get(about, "e") if kind == "teo" else _GROUND_OF_COLLEGE.get(about, "e")
