"""What may become a certificate type, and how a standard comes into force and leaves it."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date

from onex.chassis.states import Machine
from services.registry.standards.errors import (
    CancelledQualification,
    CertificateTypeNotPublished,
    CertificateTypeRetired,
    LevelNotOpen,
    LevelNotPublished,
    LevelsNotToChoose,
    NotDevelopedJointly,
    NothingToPublish,
    NotReviewed,
    ReviewerIsAuthor,
)

# PP-10: three levels, everywhere the same, lowest first.
LEVELS = ("primary", "intermediate", "advanced")

# PP-12: a draft is approved or sent back by the technical body; what is sent back is revised and looked at again.
STANDARD = Machine(
    "standard",
    "PP-12",
    {
        "revise": (("draft", "returned"), "draft"),
        "approve": ("draft", "reviewed"),
        "send_back": ("draft", "returned"),
        "publish": ("reviewed", "published"),
        "retire": ("published", "retired"),
        "withdraw": (("draft", "returned", "reviewed"), "withdrawn"),
    },
)
DRAFT, RETURNED, REVIEWED, PUBLISHED, RETIRED, WITHDRAWN = STATES = STANDARD.states

# OP-41 (d) counts stale standards as a ground; neither document says how old one may be. A standard may say otherwise.
USUAL_INTERVAL_MONTHS, LONGEST_INTERVAL_MONTHS = 36, 120

# PP-13: secondary and higher vocational colleges work at every level; colleges of these kinds choose what suits them.
CHOOSING_KINDS = ("undergraduate_vocational", "applied_university", "open_university")


def check_not_cancelled(decision: str | None) -> None:
    """PP-16: `decision` is the one that cancelled the qualification of this name, None when there is none."""
    if decision is not None:
        raise CancelledQualification(f"Cancelled by {decision}.", decision=decision)


def check_developed_jointly(authors: Sequence[str]) -> None:
    """PP-11: a standard has two authors at least; the same one written twice is one."""
    if len({"".join(name.split()).casefold() for name in authors}) < 2:
        raise NotDevelopedJointly()


def check_reviewer(reviewed_by: str, authors: Sequence[str]) -> None:
    """PP-12: the technical body that gives its opinion is not one of the authors."""
    if "".join(reviewed_by.split()).casefold() in {"".join(name.split()).casefold() for name in authors}:
        raise ReviewerIsAuthor()


def check_publishable(standards: Iterable[tuple[str, str]]) -> None:
    """PP-12: of `standards` (level, state) one is ready to be published, and no level waits with nothing but drafts.

    Drafts are those that the technical body has not approved; what was withdrawn or retired counts for nothing.
    """
    states_of: dict[str, set[str]] = {}
    for level, state in standards:
        if state not in (RETIRED, WITHDRAWN):
            states_of.setdefault(level, set()).add(state)
    drafts_only = [level for level in LEVELS if level in states_of and states_of[level] <= {DRAFT, RETURNED}]
    if drafts_only:
        raise NotReviewed(f"Without a reviewed standard: {', '.join(drafts_only)}.", levels=drafts_only)
    if not any(REVIEWED in states for states in states_of.values()):
        raise NothingToPublish()


def is_released(released_on: date, today: date) -> bool:
    """A standard is published on the day of its release or later: the TEO's month for its credit record begins there (OP-33)."""
    return released_on <= today


def check_published(type_version: int) -> None:
    """Nothing is done for a certificate type that was never published; what is on record of one that was, stays in use."""
    if type_version == 0:
        raise CertificateTypeNotPublished()


def check_in_force(type_version: int, levels: Sequence[str]) -> None:
    """PP-10: nothing new is begun (a site, a programme, a consortium) for a type that has no standard in force.

    `levels` are those with a standard in force: none before the first publication, none when the last was retired.
    """
    check_published(type_version)
    if not levels:
        raise CertificateTypeRetired()


def check_level_published(level: str, published: Iterable[str]) -> None:
    """PP-10: what is done for a level needs a standard in force at it; `published` are the levels that have one."""
    if level not in published:
        raise LevelNotPublished(f"There is no standard in force at the level {level}.", level=level)


def check_may_choose(college_kind: str | None) -> None:
    """PP-13: only the kinds that choose their levels choose them."""
    if college_kind not in CHOOSING_KINDS:
        raise LevelsNotToChoose()


def open_levels(college_kind: str | None, chosen: Sequence[str]) -> tuple[str, ...]:
    """PP-13: the levels at which a college trains and assesses: all of them, or what a kind that may choose has chosen."""
    if college_kind in CHOOSING_KINDS and chosen:
        return tuple(level for level in LEVELS if level in chosen)
    return LEVELS


def check_open(level: str, college_kind: str | None, chosen: Sequence[str]) -> None:
    """PP-13: nothing is done at a level that is not open to the college."""
    levels = open_levels(college_kind, chosen)
    if level not in levels:
        raise LevelNotOpen(f"The college chose: {', '.join(levels)}.", levels=list(levels))


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where it has no such day. Stops at the calendar's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
