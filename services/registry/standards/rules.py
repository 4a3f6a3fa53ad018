"""What may become a certificate type, and how a standard comes into force."""

from collections.abc import Iterable

from services.registry.standards.errors import (
    AlreadyReviewed,
    CancelledQualification,
    CertificateTypeNotPublished,
    NothingToPublish,
    NotReviewed,
)

# PP-10: three levels, everywhere the same, lowest first.
LEVELS = ("primary", "intermediate", "advanced")

DRAFT, REVIEWED, PUBLISHED = STATES = ("draft", "reviewed", "published")


def check_not_cancelled(decision: str | None) -> None:
    """PP-16: `decision` is the one that cancelled the qualification of this name, None when there is none."""
    if decision is not None:
        raise CancelledQualification(f"Cancelled by {decision}.", decision=decision)


def check_reviewable(state: str) -> None:
    """PP-12: a draft is reviewed, once."""
    if state != DRAFT:
        raise AlreadyReviewed(f"The standard is {state}.")


def check_publishable(standards: Iterable[tuple[str, str]]) -> None:
    """PP-12: of `standards` (level, state) one is ready to be published, and no level has drafts only."""
    states_of: dict[str, set[str]] = {}
    for level, state in standards:
        states_of.setdefault(level, set()).add(state)
    drafts_only = [level for level in LEVELS if states_of.get(level) == {DRAFT}]
    if drafts_only:
        raise NotReviewed(f"Without a reviewed standard: {', '.join(drafts_only)}.", levels=drafts_only)
    if not any(REVIEWED in states for states in states_of.values()):
        raise NothingToPublish()


def check_published(type_version: int) -> None:
    """Nobody declares a site, or trains, for a certificate type that has no standard in force."""
    if type_version == 0:
        raise CertificateTypeNotPublished()
