"""What TEOs file before they do it, what they are invited to, and what becomes of cases and suggestions."""

from datetime import date, datetime

from onex.chassis.states import Machine
from services.registry.reports.errors import (
    ActivityBackwards,
    ActivityBegun,
    ActivityNotBegun,
    AnswerMissing,
    InvitationBackwards,
    InvitationBegun,
    InvitationNotBegun,
    ReasonMissing,
)

ACTIVITY_KINDS = ("promotion", "training", "assessment", "large_meeting")
OCCASIONS = ("seminar", "training")
FILED, INVITED, PROPOSED, PUBLISHED, RECEIVED = "filed", "invited", "proposed", "published", "received"
ATTENDED = "attended"

ACTIVITY = Machine(
    "activity",
    "OP-04",
    {
        "change": (("filed", "noted"), "filed"),
        "note": ("filed", "noted"),
        "withdraw": (("filed", "noted"), "withdrawn"),
    },
)
INVITATION = Machine(
    "invitation",
    "OP-05",
    {
        "accept": (("invited", "declined"), "accepted"),
        "decline": (("invited", "accepted"), "declined"),
        "attend": (("invited", "accepted", "declined", "absent"), "attended"),
        "miss": (("invited", "accepted", "declined", "attended"), "absent"),
        "withdraw": (("invited", "accepted", "declined"), "withdrawn"),
    },
)
GOOD_CASE = Machine(
    "good_case",
    "OP-44",
    {
        "change": ("proposed", "proposed"),
        "publish": ("proposed", "published"),
        "decline": ("proposed", "declined"),
        "withdraw": (("proposed", "published"), "withdrawn"),
    },
)
SUGGESTION = Machine(
    "suggestion",
    "OP-44",
    {
        "change": ("received", "received"),
        "review": ("received", "under_review"),
        "adopt": (("received", "under_review"), "adopted"),
        "decline": (("received", "under_review"), "declined"),
        "withdraw": (("received", "under_review"), "withdrawn"),
    },
)


def is_breach(starts_at: datetime, ends_at: datetime, now: datetime, *, late: bool) -> bool:
    """OP-04: an activity is filed before it begins.

    Filed as `late`, one that has begun is taken as the breach it is. Without the word it is refused.
    """
    if ends_at < starts_at:
        raise ActivityBackwards()
    begun = now >= starts_at
    if begun and not late:
        raise ActivityBegun()
    return begun


def check_not_begun(starts_at: datetime, now: datetime) -> None:
    """OP-04: a filing is changed or withdrawn before its activity begins, and never moved to where it has begun."""
    if now >= starts_at:
        raise ActivityBegun()


def check_unfiled(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """OP-04: what began without any filing is on record as a breach, and only once it has begun."""
    if ends_at < starts_at:
        raise ActivityBackwards()
    if now < starts_at:
        raise ActivityNotBegun()


def check_occasion(starts_on: date, ends_on: date, today: date) -> None:
    """OP-05: who is invited can still come: the occasion has not begun, the day of its beginning included."""
    if ends_on < starts_on:
        raise InvitationBackwards()
    if today > starts_on:
        raise InvitationBegun()


def check_answer(verb: str, reason: str, starts_on: date, today: date) -> None:
    """OP-05: an answer comes by the day the occasion begins; who declines says why."""
    if today > starts_on:
        raise InvitationBegun()
    if verb == "decline" and not reason:
        raise ReasonMissing()


def check_not_over(starts_on: date, today: date) -> None:
    """OP-05: an invitation is taken back before the occasion begins, or on that day."""
    if today > starts_on:
        raise InvitationBegun()


def check_attendance(starts_on: date, today: date) -> None:
    """OP-05: attendance is recorded from the first day of the occasion on."""
    if today < starts_on:
        raise InvitationNotBegun()


def check_decision(verb: str, answer: str) -> None:
    """OP-44: what is adopted or declined is answered."""
    if verb in ("adopt", "decline") and not answer:
        raise AnswerMissing()
