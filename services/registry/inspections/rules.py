"""How many are watched, who may inspect whom, and when a draw is held (OP-38, PP-28)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from services.registry.inspections.errors import (
    DrawDayOver,
    FindingOrdered,
    NobodyToReplaceWith,
    NothingToDrawFrom,
    NotYetInspected,
    PublicValueMissing,
    ResultIncoherent,
    TooEarlyToDraw,
    TooFewCandidates,
    TooFewInspectors,
)

FEWEST_POINTS, POINTS, MOST_POINTS = 8, 10, 12
"""OP-38: about ten colleges for each certificate type."""
KINDS = ("teo", "college")

COMMITTED, DRAWN, CANCELLED = DRAW_STATES = ("committed", "drawn", "cancelled")
DRAW = Machine("inspection_draw", "PP-28", {"reveal": (COMMITTED, DRAWN), "cancel": (COMMITTED, CANCELLED)})

WATCHED, ENDED = POINT_STATES = ("watched", "ended")
POINT = Machine("monitoring_point", "OP-38", {"end": (WATCHED, ENDED)})

ACTIVE, RETIRED = INSPECTOR_STATES = ("active", "retired")
INSPECTOR = Machine("inspector", "PP-28", {"declare": (ACTIVE, ACTIVE), "retire": (ACTIVE, RETIRED)})

DUE, INSPECTED = INSPECTION_STATES = ("due", "inspected")
INSPECTION = Machine("inspection", "PP-28", {"record": (DUE, INSPECTED)})
OUTCOMES = ("nothing_found", "findings")


def how_many_points(asked: int, candidates: int) -> int:
    """OP-38: about ten; where fewer colleges have a filed site of the type, all of them."""
    if not candidates:
        raise NothingToDrawFrom("No college has a filed site of this type.")
    return min(asked, candidates)


def first_not_a_point(drawn: Sequence[str], points: Collection[str]) -> str:
    """OP-38: who replaces a monitoring point: the next of the drawn order that is none yet."""
    for college_id in drawn:
        if college_id not in points:
            return college_id
    raise NobodyToReplaceWith()


def recused(inspector_of: str | None, interests: Collection[str], candidates: Collection[str]) -> list[str]:
    """PP-28: whom an inspector may not inspect: the organization it belongs to and those it has an interest in."""
    barred = {*interests, *([inspector_of] if inspector_of else [])}
    return sorted(barred & set(candidates))


def check_lists(candidates: Collection[str], count: int, inspectors: Mapping[str, Collection[str]], each: int) -> None:
    """PP-28: whoever is drawn, there are enough inspectors who may go."""
    if len(candidates) < count:
        raise TooFewCandidates(f"{count} are to be inspected and there are {len(candidates)} candidates.")
    barred: dict[str, int] = {}
    for recusals in inspectors.values():
        for organization_id in recusals:
            barred[organization_id] = barred.get(organization_id, 0) + 1
    if len(inspectors) - max(barred.values(), default=0) < each:
        raise TooFewInspectors(f"Each visit needs {each} inspectors without a tie to the organization.")


def check_draw_day(draw_on: date, today: date) -> None:
    """PP-28: a draw is committed to before or on its day."""
    if draw_on < today:
        raise DrawDayOver(f"Today is {today}.")


def check_not_ordered(rectification_id: object | None) -> None:
    """OP-43: a finding leads to one order."""
    if rectification_id is not None:
        raise FindingOrdered()


def check_reveal(draw_on: date, today: date, public_source: str | None, public_value: str | None) -> None:
    """PP-28: a draw is held on its day or later, with the public number that it was committed to wait for, if any."""
    if today < draw_on:
        raise TooEarlyToDraw(f"The draw is held on {draw_on}.")
    if (public_source is None) != (public_value is None):
        raise PublicValueMissing(public_source or "This draw waits for no public number.")


def check_result(outcome: str, findings: int, inspected_on: date, drawn_on: date, today: date) -> None:
    """PP-28: a visit is recorded from the day of the draw on; an outcome says findings where there are some."""
    if not drawn_on <= inspected_on <= today:
        raise NotYetInspected(f"The draw was held on {drawn_on}.")
    if (outcome == "findings") != (findings > 0):
        raise ResultIncoherent()


def check_may_draw(by: Caller, kind: str) -> None:
    """PP-28, OP-01: the Ministry and the operator have TEOs and colleges inspected, a province its own colleges."""
    if by.role == Role.PROVINCE and (kind != "college" or by.province_code is None):
        raise OutOfScope()


def check_territory(by: Caller, province_code: str | None) -> None:
    """OP-01: what a province holds is its own, what the Ministry holds is the Ministry's and the operator's."""
    if not by.sees_everything and (province_code is None or by.province_code != province_code):
        raise OutOfScope()


def territory(by: Caller, asked: str | None) -> str | None:
    """The territory a draw or an inspector is of: a province's own; what the Ministry or the operator says, None: the nation."""
    return by.province_code if by.role == Role.PROVINCE else asked
