"""Double entry: whatever one account is given, another gives (PP-23). Amounts are in hundredths of a credit."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

STANDINGS = ("valid", "suspended", "revoked", "replaced")


class Consequence(StrEnum):
    """What a certificate's standing does to its credit."""

    FREE = "free"
    HELD = "held"
    REVERSED = "reversed"


_CONSEQUENCES = {
    "valid": Consequence.FREE,
    "replaced": Consequence.FREE,
    "suspended": Consequence.HELD,
    "revoked": Consequence.REVERSED,
}


class Unbalanced(ValueError):
    """Entries that do not make a journal: fewer than two, one of nothing, or a sum that is not zero."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One side of a journal: what an account is given (positive) or gives (negative)."""

    account_id: uuid.UUID
    hundredths: int


def deposit(issuance_id: uuid.UUID, learner_account_id: uuid.UUID, credit_hundredths: int) -> tuple[Amount, Amount]:
    """PP-45: the journal of a certificate's credit. The issuance account is debited, the learner's credited.

    Raises Unbalanced when the credit is not positive or both are one account.
    """
    if credit_hundredths <= 0:
        raise Unbalanced("credit is positive")
    if issuance_id == learner_account_id:
        raise Unbalanced("an account gives itself nothing")
    journal = Amount(issuance_id, -credit_hundredths), Amount(learner_account_id, credit_hundredths)
    check_balanced(journal)
    return journal


def reversal(issuance_id: uuid.UUID, learner_account_id: uuid.UUID, credit_hundredths: int) -> tuple[Amount, Amount]:
    """PP-23: the journal that undoes a deposit: the same two accounts, the other way round. Nothing is deleted."""
    given, taken = deposit(issuance_id, learner_account_id, credit_hundredths)
    return Amount(taken.account_id, -taken.hundredths), Amount(given.account_id, -given.hundredths)


def consequence(standing: str) -> Consequence:
    """PP-45: the credit is the certificate's: held while it is suspended, given back when it is revoked.

    A replaced certificate's credit is borne by its successor, whose own standing counts. Raises KeyError for another word.
    """
    return _CONSEQUENCES[standing]


def check_balanced(journal: Iterable[Amount]) -> None:
    """PP-23: a journal has at least two entries, none of them nothing, that sum to zero; raise Unbalanced otherwise."""
    amounts: list[int] = [amount.hundredths for amount in journal]
    if len(amounts) < 2 or 0 in amounts or sum(amounts) != 0:
        raise Unbalanced(f"{len(amounts)} entries that sum to {sum(amounts)}")


def balances(amounts: Iterable[Amount]) -> dict[uuid.UUID, int]:
    """PP-23: what has accumulated in each account."""
    totals: dict[uuid.UUID, int] = {}
    for amount in amounts:
        totals[amount.account_id] = totals.get(amount.account_id, 0) + amount.hundredths
    return totals
