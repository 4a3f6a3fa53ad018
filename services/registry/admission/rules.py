"""How TEOs are recruited, and colleges recorded: who applies when, who judges, and when it may be decided."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from fractions import Fraction

from onex.chassis.states import Machine
from services.registry.admission.errors import (
    ApplicationStands,
    CapReached,
    ExpertRecused,
    ExpertRetired,
    ObjectionUnanswered,
    ObjectionUpheld,
    ObjectionWindowClosed,
    ObjectionWindowOpen,
    PanelIncomplete,
    RoundDaysWrong,
    RoundInUse,
    RoundNotOpen,
    TierClosed,
)

# PP-08: TEOs that are mature, that are growing, and that are planned for what nobody does yet.
TIERS = ("mature", "growing", "planned")
# PP-26: the pool is mixed (PP-40 names the same three for a TEO's own team).
SECTORS = ("industry", "college", "research")
# The texts give no number. Three is the least that has a majority; an odd number always has one.
LEAST_IN_A_PANEL = 3

ROUND = Machine(
    "round",
    "PP-04",
    {
        "revise": ("draft", "draft"),
        "announce": ("draft", "announced"),
        "withdraw": (("draft", "announced"), "withdrawn"),
    },
)
APPLICATION = Machine(
    "application",
    "PP-04",
    {
        "revise": ("draft", "draft"),
        "submit": ("draft", "submitted"),
        "review": (("submitted", "under_review"), "under_review"),
        "score": ("under_review", "under_review"),
        "notice": ("under_review", "noticed"),
        "object to": ("noticed", "noticed"),
        "accept": ("noticed", "accepted"),
        "refuse": (("under_review", "noticed"), "refused"),
        "withdraw": (("draft", "submitted", "under_review", "noticed"), "withdrawn"),
    },
)
OBJECTION = Machine("objection", "PP-27", {"uphold": ("open", "upheld"), "dismiss": ("open", "dismissed")})
FILING = Machine(
    "filing",
    "PP-33",
    {"revise": ("filed", "filed"), "record": ("filed", "recorded"), "withdraw": ("filed", "withdrawn")},
)
# A TEO whose newest application is in one of these comes in by it or not at all.
STANDING = ("submitted", "under_review", "noticed", "refused")


def check_round_days(opens_on: date, closes_on: date, today: date) -> None:
    """PP-04: a round opens and closes, both days included, and is not over when it is announced."""
    if not opens_on <= closes_on or closes_on < today:
        raise RoundDaysWrong()


def check_round_free(applications: int) -> None:
    """PP-04: a round in which TEOs have applied is carried through."""
    if applications:
        raise RoundInUse()


def check_takes_applications(state: str, opens_on: date, closes_on: date, today: date) -> None:
    """PP-04: applications are made in an announced round from its first day to its last, both included."""
    if state != "announced" or not opens_on <= today <= closes_on:
        raise RoundNotOpen()


def check_tier(cap: int) -> None:
    """PP-08: a tier that a round takes nobody of is not applied for."""
    if cap == 0:
        raise TierClosed()


def check_cap(accepted: int, cap: int) -> None:
    """PP-08: numbers are strictly limited; `accepted` counts those before this one."""
    if accepted >= cap:
        raise CapReached(f"{accepted} of {cap} are accepted.", cap=cap)


def check_recusal(
    applicant_id: uuid.UUID, expert_organization_id: uuid.UUID | None, interests: Collection[uuid.UUID]
) -> None:
    """PP-26: who belongs to an applicant, or declared an interest in it, has no say on it."""
    if expert_organization_id == applicant_id or applicant_id in interests:
        raise ExpertRecused()


def check_in_pool(retired: bool) -> None:
    """PP-26: panels are drawn from the pool as it is."""
    if retired:
        raise ExpertRetired()


def check_panel_size(members: int) -> None:
    """PP-26: see LEAST_IN_A_PANEL."""
    if members < LEAST_IN_A_PANEL or members % 2 == 0:
        raise PanelIncomplete(f"The panel would have {members}.")


def mean_score(scores: Sequence[int | None]) -> Fraction:
    """PP-26: the panel's score, exact; refuse while the panel is too small or someone has not scored."""
    check_panel_size(len(scores))
    given = [score for score in scores if score is not None]
    if len(given) < len(scores):
        raise PanelIncomplete(f"{len(scores) - len(given)} of {len(scores)} have not scored.")
    return Fraction(sum(given), len(given))


def last_day_for_objections(noticed_on: date, objection_days: int) -> date:
    """PP-27: the notice's own day is not counted; objections are taken until the last of the days is over."""
    return noticed_on + timedelta(days=objection_days)


def check_may_object(last_day: date, today: date) -> None:
    """PP-27: on the last day still, on the next no more."""
    if today > last_day:
        raise ObjectionWindowClosed(f"Objections were taken until {last_day}.")


def check_decidable(last_day: date, today: date, states: Collection[str]) -> None:
    """PP-27: nothing is decided before the days for objections have passed and each objection (its state) is answered."""
    if today <= last_day:
        raise ObjectionWindowOpen(f"The public may object until {last_day}.")
    if "open" in states:
        raise ObjectionUnanswered()


def check_acceptable(states: Collection[str]) -> None:
    """PP-27: what the public rightly objected to is not accepted."""
    if "upheld" in states:
        raise ObjectionUpheld()


def check_outside_a_round(newest_application: str | None) -> None:
    """PP-04: nobody goes round an application that stands, or one that was refused."""
    if newest_application in STANDING:
        raise ApplicationStands(f"The application is {newest_application}.")
