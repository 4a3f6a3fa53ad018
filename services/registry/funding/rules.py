"""Sums to the fen that hold at any moment, days in their order, and what use is misuse (OP-30, OP-34, OP-35, PP-41, PP-43)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onex.chassis.states import Machine
from services.registry.funding.errors import (
    AllocationInUse,
    Cancelled,
    DayWrong,
    OutsidePilot,
    ReceiptOverAllocation,
    ReceiptWasUsed,
    UseOverAllocation,
    UseOverReceipts,
)

SOURCES = ("central_award", "provincial", "local", "social")
"""OP-34, PP-41: where funds come from."""
KINDS = ("grant", "purchase_of_services")
"""PP-41: given, or paid for services bought."""
ALLOCATED = "allocated"
MISUSES = ("category", "withheld", "diverted")
"""OP-35: spent under a heading that is not allowed, withheld from the college, or diverted."""
MISUSE_GROUND = "c"
"""OP-42 (c): irregular funds."""
FOUND = "found"

ALLOCATION = Machine("allocation", "OP-34", {"change": (ALLOCATED, ALLOCATED), "withdraw": (ALLOCATED, "withdrawn")})
MISUSE = Machine(
    "misuse",
    "OP-35",
    {
        "put_right": (FOUND, "put_right"),
        "dismiss": (FOUND, "dismissed"),
        "open_case": (FOUND, "case_opened"),
    },
)


@dataclass(frozen=True, slots=True)
class Category:
    """A heading under which funds are used, and whether they may be."""

    code: str
    name_zh: str
    name_en: str
    allowed: bool


# OP-30: "used by the rules". What a registry begins with; from then on headings are data.
CATEGORIES = (
    Category("training", "培训费", "Training", True),
    Category("assessment", "考核费", "Assessment", True),
    Category("teacher_training", "师资培训", "Training of teachers", True),
    Category("site", "考核站点条件与耗材", "Sites and consumables", True),
    Category("resources", "教学资源与教材", "Teaching resources", True),
    Category("experts", "专家劳务", "Experts", True),
    Category("bonuses", "与试点无关的奖金福利", "Bonuses and benefits outside the pilot", False),
    Category("hospitality", "接待费", "Hospitality", False),
    Category("investment", "对外投资", "Investment", False),
    Category("debt", "偿还债务", "Repayment of debts", False),
    Category("other_projects", "挪作其他项目", "Other projects", False),
)


def check_in_pilot(in_pilot: bool) -> None:
    """PP-43: only a college that is in the pilot on the day is given pilot funds."""
    if not in_pilot:
        raise OutsidePilot()


def check_allocated(allocated_on: date, today: date) -> None:
    """OP-34: an allocation is put on record once it is made."""
    if allocated_on > today:
        raise DayWrong("The allocation's day has not come yet.")


def check_after_allocation(on: date, allocated_on: date, today: date) -> None:
    """OP-34: what is received or used was allocated before, on the same day at the earliest; nothing is in the future."""
    if on > today:
        raise DayWrong("This day has not come yet.")
    if on < allocated_on:
        raise DayWrong(f"The funds were allocated on {allocated_on}.")


def check_untouched(received_fen: int) -> None:
    """OP-34: an allocation is changed or withdrawn before anything of it was received."""
    if received_fen:
        raise AllocationInUse()


def received_after(amount_fen: int, received_fen: int, more_fen: int) -> int:
    """OP-34: what is received in all, to the fen; never more than was allocated."""
    if received_fen + more_fen > amount_fen:
        raise ReceiptOverAllocation(
            f"{amount_fen - received_fen} fen are still to come.", left_fen=amount_fen - received_fen
        )
    return received_fen + more_fen


def used_after(amount_fen: int, received_fen: int, used_fen: int, more_fen: int) -> int:
    """OP-30: what is used in all, to the fen; never more than was allocated, nor than was received."""
    if used_fen + more_fen > amount_fen:
        raise UseOverAllocation(f"{amount_fen - used_fen} fen are left.", left_fen=amount_fen - used_fen)
    if used_fen + more_fen > received_fen:
        raise UseOverReceipts(
            f"{received_fen - used_fen} fen were received and are left.", left_fen=received_fen - used_fen
        )
    return used_fen + more_fen


def received_without(received_fen: int, used_fen: int, less_fen: int) -> int:
    """OP-30: a receipt is cancelled as long as what remains covers what was used."""
    if received_fen - less_fen < used_fen:
        raise ReceiptWasUsed()
    return received_fen - less_fen


def check_not_cancelled(cancelled: bool) -> None:
    """An entry is cancelled once."""
    if cancelled:
        raise Cancelled()


def is_misuse(allowed: bool) -> bool:
    """OP-35: funds used under a heading that is not allowed are misused."""
    return not allowed


def mean_days(total_days: int, allocations: int) -> str | None:
    """OP-34: the days from allocation to receipt on average, as an exact fraction such as `37/3`; None of nothing."""
    return str(Fraction(total_days, allocations)) if allocations else None


def found_of(what: str, amount_fen: int | None, heading: str) -> str:
    """What is said to be the case when misuse leads to an exit case; it names no person (OP-42 c)."""
    said = {
        "category": f"Used under a heading that is not allowed ({heading})",
        "withheld": "Withheld",
        "diverted": "Diverted",
    }
    amount = f", {amount_fen} fen" if amount_fen is not None else ""
    return f"Misuse of pilot funds: {said[what]}{amount}. 试点经费使用不规范。"
