"""The OP-32 clocks of a batch: worked out once for each pair of days."""

from datetime import date

from onex.chassis.working_days import PUBLISHED, Calendar, CalendarNotPublished
from services.certificates.deadlines import rules


class Clocks:
    """Answers from memory what was asked before; make one for each batch, so that a new calendar is seen."""

    def __init__(self, calendar: Calendar = PUBLISHED) -> None:
        self._calendar = calendar
        self._known: dict[tuple[date, date], tuple[date | None, bool | None]] = {}
        self._due: dict[date, date | None] = {}

    def judge(self, issued_on: date, entered_on: date) -> tuple[date | None, bool | None]:
        """OP-32: the last day in time, and whether the entry is late; each None while the calendar is not published."""
        days = (issued_on, entered_on)
        if days not in self._known:
            self._known[days] = (self.due_on(issued_on), self._late(issued_on, entered_on))
        return self._known[days]

    def due_on(self, issued_on: date) -> date | None:
        """OP-32: the last day in time, None while the calendar is not published."""
        if issued_on not in self._due:
            try:
                self._due[issued_on] = rules.entry_due_on(issued_on, self._calendar)
            except CalendarNotPublished:
                self._due[issued_on] = None
        return self._due[issued_on]

    def warning_is_due(self, today: date, due_on: date) -> bool:
        """OP-32: see `rules.warning_is_due`. Every day up to a day that is known as due has a calendar."""
        return rules.warning_is_due(today, due_on, self._calendar)

    def _late(self, issued_on: date, entered_on: date) -> bool | None:
        try:
            return rules.entry_is_late(issued_on, entered_on, self._calendar)
        except CalendarNotPublished:
            return None
