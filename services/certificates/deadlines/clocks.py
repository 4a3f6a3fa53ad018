"""The OP-32 clocks of a batch: worked out once for each pair of days."""

from datetime import date

from onex.chassis.working_days import CalendarNotPublished
from services.certificates.deadlines import rules


class Clocks:
    """Answers from memory what was asked before; make one for each batch, so that a new calendar is seen."""

    def __init__(self) -> None:
        self._known: dict[tuple[date, date], tuple[date | None, bool | None]] = {}

    def judge(self, issued_on: date, entered_on: date) -> tuple[date | None, bool | None]:
        """OP-32: the last day in time, and whether the entry is late; each None while the calendar is not published."""
        days = (issued_on, entered_on)
        if days not in self._known:
            self._known[days] = (_due_on(issued_on), _late(issued_on, entered_on))
        return self._known[days]


def _due_on(issued_on: date) -> date | None:
    try:
        return rules.entry_due_on(issued_on)
    except CalendarNotPublished:
        return None


def _late(issued_on: date, entered_on: date) -> bool | None:
    try:
        return rules.entry_is_late(issued_on, entered_on)
    except CalendarNotPublished:
        return None
