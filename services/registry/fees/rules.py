"""What an assessment may cost (OP-27, PP-38), what it costs by agreement (OP-28), and what it did cost (OP-30).

Amounts are whole numbers of fen: nothing is rounded. Days are days in Beijing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from onex.chassis.states import Machine
from services.registry.fees.errors import (
    AccountTooEarly,
    CeilingBeginsTooEarly,
    FeeAboveCeiling,
    FeeAgreementIsOver,
    FeeAgreementOverlaps,
    FeeConsentGiven,
    FeeEndingDayWrong,
    FeePeriodWrong,
    ItemsDoNotSum,
    NoCeilingInForce,
    PolicyBeginsTooEarly,
    PolicyHasBegun,
    PolicyReachWrong,
)

CEILING = Machine(
    "fee_ceiling",
    "OP-27",
    {
        "correct": ("argued", "argued"),
        "publish": ("argued", "published"),
        "withdraw": ("argued", "withdrawn"),
    },
)
ARGUED, PUBLISHED, CEILING_WITHDRAWN = CEILING.states

POLICY = Machine("fee_policy", "PP-38", {"withdraw": ("announced", "withdrawn")})
ANNOUNCED, POLICY_WITHDRAWN = POLICY.states
ASSESSMENT, TRAINING = SUBJECTS = ("assessment", "training")

FEE = Machine(
    "fee_agreement",
    "OP-28",
    {
        "consent": ("proposed", "proposed"),
        "agree": ("proposed", "agreed"),
        "withdraw": ("proposed", "withdrawn"),
        "end": ("agreed", "ended"),
    },
)
PROPOSED, AGREED, WITHDRAWN, ENDED = FEE.states
TEO, PROVINCE, COLLEGE = SIDES = ("teo", "province", "college")

ACCOUNT = Machine(
    "cost_account",
    "OP-30",
    {"correct": ("open", "open"), "close": ("open", "closed"), "reopen": ("closed", "open")},
)
OPEN, CLOSED = ACCOUNT.states
# OP-30: what candidates paid is told apart from what else paid for the sitting.
FEES = "assessment_fees"
SOURCES = (FEES, "public_funds", "college_funds", "other")


def check_sum(amount_fen: int, items: Iterable[Mapping[str, Any]]) -> None:
    """OP-27, OP-30: an amount is the sum of its items, to the fen."""
    sum_fen = sum(int(item["amount_fen"]) for item in items)
    if sum_fen != amount_fen:
        raise ItemsDoNotSum(f"The items sum to {sum_fen} fen, not {amount_fen}.", sum_fen=sum_fen)


def check_ceiling_begins(in_force_from: date, newest_from: date | None, today: date) -> None:
    """OP-27: a level's first ceiling begins today or later; each further one after today, and after the one before it."""
    if newest_from is None:
        if in_force_from < today:
            raise CeilingBeginsTooEarly(f"It begins on {in_force_from}; the first day left is {today}.")
    elif in_force_from <= max(newest_from, today):
        raise CeilingBeginsTooEarly(f"It begins on {in_force_from}, not after {max(newest_from, today)}.")


def in_force_between(steps: Sequence[tuple[date, int | None]], first: date, last: date) -> list[int | None]:
    """What holds on some day from `first` to `last`, each step from its day until the next begins; of one day the last counts.

    `steps` are (first day, amount) in the order in which they were made for their day. Empty before the first step.
    """
    ordered = dict(sorted(steps, key=lambda step: step[0]))
    begun = [day for day in ordered if day <= first]
    days = begun[-1:] + [day for day in ordered if first < day <= last]
    return [ordered[day] for day in days]


def check_ceiling_known(steps: Sequence[tuple[date, int]], first: date) -> None:
    """OP-27, OP-28: no fee is agreed for days on which no ceiling is in force."""
    if not any(day <= first for day, _ in steps):
        raise NoCeilingInForce(f"No ceiling is in force on {first}.")


def check_under_ceilings(amount_fen: int, ceilings: Iterable[int | None]) -> None:
    """OP-28, PP-38: the fee is at or under the lowest of the ceilings that hold on any of its days, nation's or province's."""
    lowest = min((one for one in ceilings if one is not None), default=None)
    if lowest is not None and amount_fen > lowest:
        raise FeeAboveCeiling(f"{amount_fen} fen are above the ceiling of {lowest} fen.", ceiling_fen=lowest)


def check_policy(
    subject: str, certificate_type_id: Any, level: str | None, ceiling_fen: int | None, in_force_from: date, today: date
) -> None:
    """PP-38: a province sets assessment and training fee policy, for all certificates or one level, from today or later."""
    if (certificate_type_id is None) != (level is None) or (ceiling_fen is not None and subject != ASSESSMENT):
        raise PolicyReachWrong()
    if in_force_from < today:
        raise PolicyBeginsTooEarly()


def check_policy_waits(in_force_from: date, today: date) -> None:
    """PP-38: a policy is put right or withdrawn before it begins; afterwards a later one replaces it."""
    if in_force_from <= today:
        raise PolicyHasBegun()


def side_of(by: Caller, teo_id: Any, province_code: str, college_id: Any) -> str:
    """OP-28: for which of the three sides the caller speaks; nobody speaks for another, the operator for none."""
    if by.role == Role.TEO and by.organization_id == teo_id:
        return TEO
    if by.role == Role.PROVINCE and by.province_code == province_code:
        return PROVINCE
    if by.role == Role.COLLEGE and by.organization_id == college_id:
        return COLLEGE
    raise OutOfScope()


def check_consent(already: Any) -> None:
    """OP-28: each side consents once."""
    if already is not None:
        raise FeeConsentGiven()


def check_period(first: date, last: date, today: date) -> None:
    """OP-28: fees are agreed for days to come; the last day, which is included, is not before the first."""
    if not today <= first <= last:
        raise FeePeriodWrong()


def check_no_overlap(overlapping: Any) -> None:
    """OP-28: on no day are two fees agreed for a college at a type's level."""
    if overlapping is not None:
        raise FeeAgreementOverlaps(other=str(overlapping))


def last_day_when_ended(first: date, last: date, wanted: date, today: date) -> date:
    """OP-28: the last day of a fee agreement that is ended; one that has not begun ends on the day before its first."""
    if last < today:
        raise FeeAgreementIsOver()
    if today < first:
        return first - timedelta(days=1)
    if not today <= wanted < last:
        raise FeeEndingDayWrong(f"From {today} to {last - timedelta(days=1)} at most, not {wanted}.")
    return wanted


def fees_of(income: Iterable[Mapping[str, Any]]) -> int:
    """OP-30: what the candidates paid, in fen."""
    return sum(int(item["amount_fen"]) for item in income if item["source"] == FEES)


def is_over(amount_fen: int, candidates: int, agreed_fee_fen: int | None) -> bool:
    """OP-30: whether an amount is above the agreed fee for each candidate; where nothing is agreed, nothing is to be paid."""
    return amount_fen > candidates * (agreed_fee_fen or 0)


def check_held(held_on: date, today: date) -> None:
    """OP-30: accounts are of what was held."""
    if held_on > today:
        raise AccountTooEarly()
