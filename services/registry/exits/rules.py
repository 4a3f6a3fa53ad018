"""Grounds, bodies and steps of an exit case: ground → investigation → verified or dismissed → decision (OP-41, OP-42)."""

from collections.abc import Collection
from datetime import date, timedelta

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from services.registry.exits.errors import (
    CollegeNotHeard,
    GroundUnknownForCollege,
    GroundUnknownForTeo,
    NobodyExits,
    NothingFound,
    NothingMissed,
    NotTheMinistry,
    NotTheProvince,
    StatementDayTooSoon,
    StatementTermOver,
    TeoNotHeard,
)

TEO, COLLEGE = KINDS = ("teo", "college")
STATES = ("opened", "investigation", "verified", "exited", "dismissed")
OPENED, INVESTIGATION, VERIFIED, EXITED, DISMISSED = STATES
OPEN = (OPENED, INVESTIGATION, VERIFIED)

# OP-41: grounds for a TEO. OP-42: grounds for a college.
GROUNDS_OF_TEO = {
    "a": "assessment poorly organized, serious indiscipline or fraud in it",
    "b": "high or arbitrary fees, not put right in time",
    "c": "improper gain, such as bundled sales to schools",
    "d": "standards, teaching materials or question banks not updated in time",
    "e": "other reported matters, not put right in time",
    "f": "other violations of discipline and regulations",
}
GROUNDS_OF_COLLEGE = {
    "a": "pilot work ineffective or slow, or no weekly report for three weeks running",
    "b": "training or assessment not strictly managed",
    "c": "irregular use of pilot funds",
    "d": "students forced into training or assessment",
    "e": "other violations of discipline and regulations",
}
GROUNDS = {TEO: GROUNDS_OF_TEO, COLLEGE: GROUNDS_OF_COLLEGE}
LETTERS = tuple(GROUNDS_OF_TEO)
NEEDS_A_MISSED_ORDER = {(TEO, "b"), (TEO, "e")}

_STEPS: dict[str, tuple[str | tuple[str, ...], str]] = {
    "investigate": (OPENED, INVESTIGATION),
    "verify": (INVESTIGATION, VERIFIED),
    "dismiss": (OPEN, DISMISSED),
    "decide": (VERIFIED, EXITED),
}
MACHINES = {TEO: Machine("exit_case", "OP-41", _STEPS), COLLEGE: Machine("exit_case", "OP-42", _STEPS)}

STATEMENT_DAYS = 15
"""So long an organization has for its statement unless it is told otherwise; the clauses name no term."""
LEAST_STATEMENT_DAYS = 3


def check_ground(kind: str, ground: str) -> None:
    """OP-41: a TEO exits on the grounds (a) to (f). OP-42: a college on (a) to (e)."""
    if kind not in KINDS:
        raise NobodyExits(f"An organization of the kind {kind} has no exit.")
    if ground not in GROUNDS[kind]:
        raise (GroundUnknownForTeo if kind == TEO else GroundUnknownForCollege)()


def check_may_pursue(by: Caller, kind: str, province_code: str | None) -> None:
    """OP-41, OP-42, OP-01: who opens, investigates and verifies.

    The Ministry and the operator everywhere; a province the colleges of its territory.
    """
    if by.sees_everything:
        return
    if by.role != Role.PROVINCE or kind != COLLEGE or province_code is None or by.province_code != province_code:
        raise OutOfScope()


def check_may_decide(by: Caller, kind: str, province_code: str | None) -> None:
    """OP-41: the Ministry alone ends a TEO's part. OP-42: the college's province alone ends a college's."""
    if kind == TEO:
        if by.role != Role.MINISTRY:
            raise NotTheMinistry()
    elif by.role != Role.PROVINCE or province_code is None or by.province_code != province_code:
        raise NotTheProvince()


def statement_due(asked_for: date | None, today: date) -> date:
    """The last day, included, for the organization's statement: never so soon that it cannot answer."""
    due_on = asked_for or today + timedelta(days=STATEMENT_DAYS)
    if due_on < today + timedelta(days=LEAST_STATEMENT_DAYS):
        raise StatementDayTooSoon(f"The organization has at least {LEAST_STATEMENT_DAYS} days.")
    return due_on


def check_statement_in_time(due_on: date, today: date) -> None:
    """The last day counts."""
    if today > due_on:
        raise StatementTermOver(f"The last day for a statement was {due_on}.")


def check_heard(kind: str, stated: bool, due_on: date, today: date) -> None:
    """OP-41, OP-42: nothing is verified before the organization has spoken or has let its last day pass."""
    if not stated and today <= due_on:
        raise (TeoNotHeard if kind == TEO else CollegeNotHeard)(f"It may make a statement until {due_on}.")


def check_found(kind: str, ground: str, evidence: int, by_itself: bool, missed: Collection[object]) -> None:
    """OP-41, OP-42: what is verified rests on evidence, or on a rule that found it by itself.

    OP-41 (b) and (e), OP-43: these grounds are there only where an order to put it right was missed.
    """
    if (kind, ground) in NEEDS_A_MISSED_ORDER:
        if not missed:
            raise NothingMissed()
    elif not evidence and not by_itself:
        raise NothingFound()
