"""The way of a site (OP-23), what it must meet, and where it may lie (PP-20, OP-25)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from onex.chassis.problems import Refusal
from services.registry.sites.errors import (
    BaseInOtherProvince,
    BaseNotShared,
    ConditionsInForce,
    ConditionsNotMet,
    ConditionsTooEarly,
    ConditionsWithdrawn,
    ConsentGiven,
    NoLevelOpen,
    SuspendedByOther,
)

DECLARED, SETTLED, FILED = "declared", "settled", "filed"
TEO_SIDE, PROVINCE_SIDE, COLLEGE_SIDE = SIDES = ("teo", "province", "college")
NUMBER, YES_NO, TEXT = CONDITION_KINDS = ("number", "yes_no", "text")


def check_conditions(required: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]) -> None:
    """OP-23: a college declares against the published conditions; each that it does not meet is named.

    `required` are conditions with `name`, `kind` and, for a number, `least`: a number is met from `least` on, yes-no by yes,
    a text by any text. Answers to what was not asked are the college's own remarks.
    """
    unanswered, wrong_kind, not_met = [], [], []
    for condition in required:
        name, kind = condition["name"], condition["kind"]
        answer = answers.get(name)
        if answer is None or answer == "":
            unanswered.append(name)
        elif not _of_kind(kind, answer):
            wrong_kind.append(name)
        elif (kind == NUMBER and answer < condition["least"]) or (kind == YES_NO and not answer):
            not_met.append(name)
    if unanswered or wrong_kind or not_met:
        named = (("unanswered", unanswered), ("answered in another kind", wrong_kind), ("not met", not_met))
        detail = "; ".join(f"{what}: {', '.join(names)}" for what, names in named if names)
        raise ConditionsNotMet(f"Conditions {detail}.", unanswered=unanswered, wrong_kind=wrong_kind, not_met=not_met)


def _of_kind(kind: str, answer: Any) -> bool:
    if kind == YES_NO:
        return isinstance(answer, bool)
    if kind == NUMBER:
        return isinstance(answer, int) and not isinstance(answer, bool)
    return isinstance(answer, str)


def check_conditions_start(in_force_from: date, today: date) -> None:
    """OP-23: conditions are announced before they count: from the day of publication at the earliest."""
    if in_force_from < today:
        raise ConditionsTooEarly()


def check_conditions_withdrawable(in_force_from: date, withdrawn_at: datetime | None, today: date) -> None:
    """OP-23: a list may be taken back until the day before it comes into force; later a new version replaces it."""
    if withdrawn_at is not None:
        raise ConditionsWithdrawn()
    if in_force_from <= today:
        raise ConditionsInForce()


def check_consent(given_at: datetime | None) -> None:
    """OP-23: each side consents once."""
    if given_at is not None:
        raise ConsentGiven()


def both_consented(teo_at: datetime | None, province_at: datetime | None) -> bool:
    """OP-23: the site is settled when TEO and province have both consented."""
    return teo_at is not None and province_at is not None


def check_level_open(refusals: Mapping[str, Refusal | None]) -> None:
    """PP-20, PP-13: of the type's published levels, at least one is open to a college of this kind.

    `refusals` gives for each level why it is shut to the college, None where it is open.
    """
    if all(refusal is not None for refusal in refusals.values()):
        raise NoLevelOpen(levels=list(refusals))


def check_base(base_province_code: str | None, province_code: str, *, shared: bool) -> None:
    """OP-25, OP-01: the base lies in the territory of the province that files the site, and the college has a part in it."""
    if base_province_code != province_code:
        raise BaseInOtherProvince()
    if not shared:
        raise BaseNotShared()


def check_resumed_by(side: str, suspended_by: str | None) -> None:
    """OP-23: the side that suspended a site lets it resume; the other cannot undo it."""
    if side != suspended_by:
        raise SuspendedByOther(suspended_by=suspended_by)
