"""The 7-working-day clock of a certificate's entry on the platform (OP-32). Days are days in Beijing."""

from datetime import date

from onex.chassis.working_days import add_working_days

ENTRY_WORKING_DAYS = 7


def entry_due_on(issued_on: date) -> date:
    """OP-32: the last day on which the information of a certificate issued on `issued_on` is on the platform in time.

    Raises CalendarNotPublished when a day up to then has no published calendar of working days.
    """
    return add_working_days(issued_on, ENTRY_WORKING_DAYS)


def entry_is_late(issued_on: date, entered_on: date) -> bool:
    """OP-32: whether an entry on `entered_on` breaches the clock.

    Raises CalendarNotPublished only when the answer depends on it: 7 working days are never fewer than 7 days, so an
    entry within a week is in time whatever the calendar says.
    """
    if (entered_on - issued_on).days <= ENTRY_WORKING_DAYS:
        return False
    return entered_on > entry_due_on(issued_on)
