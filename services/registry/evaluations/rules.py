"""Who evaluates whom, how scores make a total, and what may be done with an evaluation (OP-39)."""

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from services.registry.evaluations.errors import EvaluatorMissing, KindNotOpen, WeightsWrong, YearWrong

SELF, PROVINCIAL, THIRD_PARTY = KINDS = ("self", "provincial", "third_party")
FIRST_YEAR = 2019
WHOLE = Decimal(100)

DRAFT, SUBMITTED, PUBLISHED, WITHDRAWN, ANNULLED = STATES = ("draft", "submitted", "published", "withdrawn", "annulled")
STANDING = (DRAFT, SUBMITTED, PUBLISHED)
EVALUATION = Machine(
    "evaluation",
    "OP-39",
    {
        "correct": (DRAFT, DRAFT),
        "submit": (DRAFT, SUBMITTED),
        "return": (SUBMITTED, DRAFT),
        "publish": (SUBMITTED, PUBLISHED),
        "withdraw": ((DRAFT, SUBMITTED), WITHDRAWN),
        "annul": (PUBLISHED, ANNULLED),
    },
)


def total(items: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """OP-39: the exact sum of weight times score over 100, for weights that make 100 exactly and scores of 0 to 100."""
    weighed = list(items)
    weights = sum((weight for weight, _ in weighed), Decimal())
    if weights != WHOLE:
        raise WeightsWrong(f"The weights make {weights}.")
    return sum((weight * score for weight, score in weighed), Decimal()) / WHOLE


def check_year(year: int, today: date) -> None:
    """OP-39: a year of the pilot that has begun."""
    if not FIRST_YEAR <= year <= today.year:
        raise YearWrong(f"From {FIRST_YEAR} to {today.year}.")


def check_may_make(
    by: Caller, kind: str, organization_id: uuid.UUID, organization_kind: str, province_code: str | None
) -> None:
    """OP-39: an organization evaluates itself; a province its colleges, and TEOs in its territory; third parties are
    entrusted by a province, the Ministry or the operator."""
    if kind == SELF:
        if by.role not in (Role.TEO, Role.COLLEGE):
            raise KindNotOpen("Only a TEO or a college evaluates itself.")
        if by.organization_id != organization_id:
            raise OutOfScope()
    elif by.role == Role.PROVINCE:
        if organization_kind != "teo" and by.province_code != province_code:
            raise OutOfScope()
    elif kind == PROVINCIAL or not by.sees_everything:
        raise KindNotOpen(f"An evaluation of the kind {kind} is made by a province.")


def evaluator_of(kind: str, named: str | None) -> str | None:
    """OP-39: a third party has a name; whoever else evaluates is known by the kind and the province."""
    if kind != THIRD_PARTY:
        return None
    if not named:
        raise EvaluatorMissing()
    return named


def territory(by: Caller, kind: str, province_code: str | None) -> str | None:
    """OP-01: whose territory an evaluation belongs to: a college's province; of a TEO the province that evaluates it."""
    if by.role == Role.PROVINCE:
        return by.province_code
    return province_code


def check_may_publish(by: Caller, kind: str, organization_kind: str, province_code: str | None) -> None:
    """OP-39: the Ministry and the operator publish; a province a college's evaluations of its own territory."""
    if by.sees_everything:
        return
    if by.role != Role.PROVINCE or organization_kind != "college" or by.province_code != province_code:
        raise OutOfScope()


def check_author(by: Caller, kind: str, organization_id: uuid.UUID, made_by_province: str | None) -> None:
    """OP-39: who made an evaluation corrects, submits and withdraws it."""
    if kind == SELF:
        mine = by.organization_id == organization_id
    elif made_by_province is None:
        mine = by.sees_everything
    else:
        mine = by.province_code == made_by_province
    if not mine:
        raise OutOfScope()
