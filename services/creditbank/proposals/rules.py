"""When a credit record is proposed (OP-33), for which levels (PP-10), and how often. Days are days in Beijing."""

import calendar
from datetime import date

from services.creditbank.proposals.errors import ProposalApproved, ProposalExists, StandardUnknown

LEVELS = ("primary", "intermediate", "advanced")
"""PP-10: the three levels of every certificate."""


def credit_record_due_on(released_on: date) -> date:
    """OP-33: the last day on which the TEO proposes the credit record of a certificate released on `released_on`."""
    return one_month_after(released_on)


def is_late(released_on: date, proposed_on: date) -> bool:
    """OP-33: whether a proposal made on `proposed_on` breaches the clock. The due day itself is in time."""
    return proposed_on > credit_record_due_on(released_on)


def one_month_after(day: date) -> date:
    """The same day of the next month, or that month's last day where it has no such day: 01-31 leads to 02-28 or 29."""
    year, month = (day.year, day.month + 1) if day.month < 12 else (day.year + 1, 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def check_published(released_on: date | None) -> date:
    """PP-10: credit is proposed for a published standard of a level; return its release or raise StandardUnknown."""
    if released_on is None:
        raise StandardUnknown()
    return released_on


def check_first(state_of_other: str | None) -> None:
    """A standard has one proposal; raise ProposalExists when there is one, whatever its state."""
    if state_of_other is not None:
        raise ProposalExists(f"There is a proposal for this standard already; it is {state_of_other}.")


def check_approvable(state: str) -> None:
    """Only what is proposed can be approved; raise ProposalApproved otherwise."""
    if state != "proposed":
        raise ProposalApproved()
