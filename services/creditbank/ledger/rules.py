"""Double entry: whatever one account is given, another gives (PP-23). Amounts are in hundredths of a credit."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass


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
