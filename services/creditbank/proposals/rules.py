"""The one-month clock of a credit-record proposal (OP-33). Days are days in Beijing."""

import calendar
from datetime import date


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
