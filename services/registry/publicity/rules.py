"""What may be said in public, on which days (OP-37)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from services.registry.publicity.errors import AlreadyShown, ClaimNotAuthorized, NoClaimFound, PeriodWrong, SeenInFuture
from services.registry.publicity.scan import Hit

CHANNELS = ("website", "social_media", "print", "broadcast", "event", "notice", "other")
LONGEST_PERIOD_DAYS = 366

FILED, SUSPENDED, WITHDRAWN = FILING_STATES = ("filed", "suspended", "withdrawn")
FILING = Machine(
    "publicity_filing",
    "OP-37",
    {
        "suspend": (FILED, SUSPENDED),
        "correct": ((FILED, SUSPENDED), FILED),
        "withdraw": ((FILED, SUSPENDED), WITHDRAWN),
    },
)

GRANTED, REVOKED = AUTHORIZATION_STATES = ("granted", "revoked")
AUTHORIZATION = Machine("publicity_authorization", "OP-37", {"revoke": (GRANTED, REVOKED)})

RECORDED, ORDERED, DISMISSED = FINDING_STATES = ("recorded", "ordered", "dismissed")
FINDING = Machine("publicity_finding", "OP-37", {"order": (RECORDED, ORDERED), "dismiss": (RECORDED, DISMISSED)})


@dataclass(frozen=True)
class Granted:
    """That a claim is authorized from a day to a day, both included."""

    claim: str
    first: date
    last: date


def granted(claim: str, first: date, last: date, revoked_on: date | None) -> Granted:
    """OP-37: an authorization ends with its last day, or with the day before it was revoked."""
    return Granted(claim, first, last if revoked_on is None else min(last, revoked_on - timedelta(days=1)))


def is_covered(claim: str, first: date, last: date, authorizations: Iterable[Granted]) -> bool:
    """OP-37: whether the claim is authorized on every day from `first` to `last`, by one authorization or several in turn."""
    day = first
    for one in sorted((one for one in authorizations if one.claim == claim), key=lambda one: one.first):
        if one.first <= day <= one.last:
            if one.last >= last:
                return True
            day = one.last + timedelta(days=1)
    return False


def unauthorized(hits: Iterable[Hit], first: date, last: date, authorizations: Sequence[Granted]) -> list[Hit]:
    """OP-37: the hits whose claim is not authorized on each of the days."""
    return [hit for hit in hits if not is_covered(hit.claim, first, last, authorizations)]


def check_authorized(hits: Iterable[Hit], first: date, last: date, authorizations: Sequence[Granted]) -> None:
    """OP-37: no text is filed with a claim that is not authorized on every day it is shown; the refusal shows the hits."""
    wrong = unauthorized(hits, first, last, authorizations)
    if wrong:
        claims = ", ".join(sorted({hit.claim for hit in wrong}))
        raise ClaimNotAuthorized(
            f"Not authorized from {first} to {last}: {claims}.", hits=[asdict(hit) for hit in wrong]
        )


def check_found(hits: Iterable[Hit], seen_on: date, authorizations: Sequence[Granted]) -> list[Hit]:
    """OP-37: a finding needs a claim that was not authorized on the day it was seen; returns those there are."""
    wrong = unauthorized(hits, seen_on, seen_on, authorizations)
    if not wrong:
        raise NoClaimFound()
    return wrong


def check_shown(shown_from: date, shown_to: date, today: date) -> None:
    """OP-37: publicity is filed before or on its first day, for a year at most; then it is looked at anew."""
    if shown_from < today:
        raise PeriodWrong(f"The first day, {shown_from}, is over.")
    check_period(shown_from, shown_to)
    if (shown_to - shown_from).days >= LONGEST_PERIOD_DAYS:
        raise PeriodWrong(f"At most {LONGEST_PERIOD_DAYS} days.")


def check_period(first: date, last: date) -> None:
    """The last day is included and not before the first."""
    if last < first:
        raise PeriodWrong(f"The last day, {last}, lies before the first, {first}.")


def check_not_shown(state: str, shown_from: date, today: date) -> None:
    """OP-37: a text is corrected before its first day; afterwards only where it may not be shown."""
    if state == FILED and shown_from <= today:
        raise AlreadyShown(f"It is shown since {shown_from}.")


def check_seen(seen_on: date, today: date) -> None:
    """Nothing is found before its day."""
    if seen_on > today:
        raise SeenInFuture(f"Today is {today}.")


def found_in(by: Caller, kind: str, province_code: str | None) -> str | None:
    """OP-01: the territory a finding belongs to; a province looks at its own colleges, and at any TEO in its territory."""
    if by.role != Role.PROVINCE:
        return province_code
    if kind != "teo" and by.province_code != province_code:
        raise OutOfScope()
    return by.province_code
