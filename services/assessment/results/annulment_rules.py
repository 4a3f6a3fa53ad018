"""When a published result may be annulled, and by whom (PP-17, PP-18)."""

from datetime import datetime

from onex.chassis.states import Machine
from services.assessment.results.annulment_errors import (
    ResultAnnulledAlready,
    ResultNotPublished,
    SecondPersonNeeded,
    SittingAnnulledAlready,
)

GROUNDS = ("cheating", "impersonation", "marking_error", "irregular_sitting")
STATES = ("proposed", "approved", "carried_out", "refused", "withdrawn")
PROPOSED, APPROVED, CARRIED_OUT, REFUSED, WITHDRAWN = STATES
IN_FORCE = (APPROVED, CARRIED_OUT)

ANNULMENT = Machine(
    "annulment",
    "PP-17",
    {
        "approve": (PROPOSED, APPROVED),
        "carry_out": (APPROVED, CARRIED_OUT),
        "refuse": (PROPOSED, REFUSED),
        "withdraw": (PROPOSED, WITHDRAWN),
    },
)


def check_second_person(proposed_by: str, decides: str) -> None:
    """PP-17: what one person proposed, another decides; raise SecondPersonNeeded."""
    if proposed_by == decides:
        raise SecondPersonNeeded("Who proposed an annulment does not decide on it: it takes a second person.")


def check_annullable(published_at: datetime | None, annulled: bool) -> None:
    """PP-17: only a published result is annulled, and once; one that is not published can still be replaced."""
    if published_at is None:
        raise ResultNotPublished("The result is not published: it can be replaced, and needs no annulment.")
    if annulled:
        raise ResultAnnulledAlready("The result was annulled already.")


def check_sitting(annulled: bool) -> None:
    """PP-21: a sitting that was irregular is annulled once."""
    if annulled:
        raise SittingAnnulledAlready("The sitting was annulled already.")
