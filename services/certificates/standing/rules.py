"""What the standing of a certificate may become, why, and by whose two hands (PP-07, PP-17, PP-18, OP-41)."""

from onex.chassis.access import Role
from onex.chassis.states import Machine
from services.certificates.standing.errors import (
    NameNotForThis,
    NotTheProposer,
    OrderedAbove,
    OtherProposalOpen,
    ReasonWrong,
    ResultWasAnnulled,
    SecondPersonNeeded,
    TeoHasLeft,
)

VALID, SUSPENDED, REVOKED, REPLACED = STANDINGS = ("valid", "suspended", "revoked", "replaced")
FINAL = (REVOKED, REPLACED)
CERTIFICATE = Machine(
    "certificate",
    "PP-07",
    {
        "suspend": (VALID, SUSPENDED),
        "reinstate": (SUSPENDED, VALID),
        "revoke": ((VALID, SUSPENDED), REVOKED),
        # What is under investigation is cleared before it is corrected.
        "replace": (VALID, REPLACED),
    },
)
KINDS: tuple[str, ...] = tuple(CERTIFICATE.moves)
REASONS_FOR = {
    "suspend": ("under_investigation",),
    "reinstate": ("cleared",),
    "revoke": ("result_annulled", "issued_in_error", "obtained_by_fraud"),
    "replace": ("corrected",),
}
REASONS: tuple[str, ...] = tuple(reason for reasons in REASONS_FOR.values() for reason in reasons)

PROPOSED, APPROVED, REFUSED, WITHDRAWN, LAPSED = PROPOSAL_STATES = (
    "proposed",
    "approved",
    "refused",
    "withdrawn",
    "lapsed",
)
PROPOSAL = Machine(
    "proposal",
    "PP-17",
    {
        "approve": (PROPOSED, APPROVED),
        "refuse": (PROPOSED, REFUSED),
        "withdraw": (PROPOSED, WITHDRAWN),
        # The certificate was revoked for another reason meanwhile.
        "lapse": (PROPOSED, LAPSED),
    },
)

FEWEST_MONTHS, FEWEST_ISSUED, TIMES_THE_USUAL, REVOKED_PER_CENT = 3, 30, 3, 5

ASSESSMENT = "assessment"
"""In place of a person and a role, where an annulled result proposes."""
_ABOVE = {Role.MINISTRY.value, Role.OPERATOR.value}


def check_reason(kind: str, reason: str) -> None:
    """PP-07: a TEO answers for why a standing changes; raise ReasonWrong for a reason that is none for such a change."""
    if reason not in REASONS_FOR[kind]:
        raise ReasonWrong(f"To {kind} a certificate takes one of: {', '.join(REASONS_FOR[kind])}.")


def check_name(kind: str, has_name: bool) -> None:
    """Only a replacement brings another name; raise NameNotForThis otherwise."""
    if has_name and kind != "replace":
        raise NameNotForThis()


def check_second_person(proposed_by: str, decided_by: str) -> None:
    """PP-17: two persons change a standing; raise SecondPersonNeeded where the one who proposed would decide too."""
    if proposed_by == decided_by:
        raise SecondPersonNeeded()


def check_proposer(proposed_by: str, withdrawn_by: str) -> None:
    """Raise NotTheProposer unless the one who proposed withdraws."""
    if proposed_by != withdrawn_by:
        raise NotTheProposer()


def check_refusable(proposed_role: str, refused_role: str) -> None:
    """PP-17: what supervision orders is not refused below it; raise OrderedAbove where a TEO would."""
    if proposed_role in _ABOVE and refused_role not in _ABOVE:
        raise OrderedAbove()


def check_still_acts(role: str, has_left: bool) -> None:
    """OP-41: for a TEO that has left, the operator and the Ministry act; raise TeoHasLeft where it would itself."""
    if has_left and role not in _ABOVE:
        raise TeoHasLeft()


def check_replaceable(annulled: bool, other_open: bool) -> None:
    """PP-07: nothing is corrected that should rather be revoked: raise ResultWasAnnulled or OtherProposalOpen."""
    if annulled:
        raise ResultWasAnnulled()
    if other_open:
        raise OtherProposalOpen()


def volume_is_out_of_line(issued: int, usual: float, months: int) -> bool:
    """PP-17: whether a TEO issued far more of a type in a month than it used to: how a certificate mill shows.

    `usual`: the median of its `months` earlier months, of which at least three are needed.
    """
    return months >= FEWEST_MONTHS and issued >= FEWEST_ISSUED and issued > TIMES_THE_USUAL * usual


def revocations_are_out_of_line(issued: int, revoked: int) -> bool:
    """PP-17: whether so many of a month's certificates had to be revoked that how they were earned should be looked into."""
    return issued >= FEWEST_ISSUED and 100 * revoked > REVOKED_PER_CENT * issued


def bits(standing: str) -> dict[str, bool]:
    """The bits of a certificate by purpose: `suspension` where it is not to be accepted, `revocation` where that is for good.

    So no bit is taken back by a revocation: who has kept the one list for a minute and fetches the other anew never finds
    good in both what was suspended before.
    """
    return {"suspension": standing != VALID, "revocation": standing in FINAL}
