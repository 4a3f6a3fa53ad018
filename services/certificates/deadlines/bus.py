"""The doors that time opens. Each does what differs from what is already written down, so a turn run twice changes nothing."""

from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.certificates.deadlines import actions, breaches, reports, tally

EVERY_S = 3600.0
FOLD_EVERY_S = 60.0
SETTLE_EVERY_S = 10.0


class DeadlinesBus:
    @every(EVERY_S)
    def on_the_hour(self, session: UnitOfWork) -> bool:
        """Some thousand certificates a turn, each in its own transaction, until all are judged as the calendar has it."""
        return actions.judge_again(session)

    @every(SETTLE_EVERY_S)
    def settle_calendar(self, session: UnitOfWork) -> bool:
        """The same, soon after an operator entered a notice."""
        return actions.settle_calendar(session)

    @every(EVERY_S)
    def watch_entries(self, session: UnitOfWork) -> bool:
        """Warnings before, breaches after."""
        return breaches.watch(session)

    @every(EVERY_S)
    def report_timeliness(self, session: UnitOfWork) -> bool:
        """Each TEO's closed months."""
        return reports.report(session)

    @every(FOLD_EVERY_S)
    def on_the_minute(self, session: UnitOfWork) -> None:
        """A second's batches may have added dozens of rows to the counts: make them few again, and show them."""
        tally.fold(session)
        reports.show(session)
