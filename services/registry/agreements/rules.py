"""What an agreement must hold (OP-36: public welfare, advancedness, compliance, exit, liability)."""

from collections.abc import Mapping
from datetime import date, timedelta

from services.registry.agreements.errors import (
    AgreementIsOver,
    AgreementIsTerminated,
    ClauseMissing,
    NoAgreementInForce,
    PeriodWrong,
    TerminationDayWrong,
)

CLAUSES = ("public_welfare", "advancedness", "compliance", "exit", "liability")


def check_clauses(clauses: Mapping[str, str]) -> None:
    """OP-36: none of the five clauses is missing or empty."""
    missing = [name for name in CLAUSES if not clauses.get(name, "").strip()]
    if missing:
        raise ClauseMissing(f"Missing: {', '.join(missing)}.", missing=missing)


def check_period(signed_on: date, in_force_from: date, in_force_to: date, today: date) -> None:
    """OP-36: signed by today, before or on its first day in force; the last day, which is included, is not before the first."""
    if signed_on > today:
        raise PeriodWrong("The agreement is not signed yet.")
    if not signed_on <= in_force_from <= in_force_to:
        raise PeriodWrong("These must follow one another: signed_on, in_force_from, in_force_to.")


def check_in_force(any_in_force: bool) -> None:
    """OP-36: nothing operates without an agreement in force."""
    if not any_in_force:
        raise NoAgreementInForce()


def last_day_after_termination(
    in_force_from: date, in_force_to: date, last_day: date, today: date, *, terminated: bool
) -> date:
    """OP-36 (exit, liability): the day with which an agreement ends early; nothing operates from the day after on.

    A running agreement ends today or later, and before its own last day: what was done under it stays done. One that has not
    begun never begins, so its last day is the one before its first.
    """
    if terminated:
        raise AgreementIsTerminated()
    if in_force_to < today:
        raise AgreementIsOver()
    if today < in_force_from:
        return in_force_from - timedelta(days=1)
    if not today <= last_day < in_force_to:
        raise TerminationDayWrong(f"From {today} to {in_force_to - timedelta(days=1)} at most, not {last_day}.")
    return last_day
