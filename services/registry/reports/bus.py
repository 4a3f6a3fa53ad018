"""Timer doors of reports."""

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.registry.reports import actions


class ReportsBus:
    @every(60)
    def look_for_missed_weeks(self, session: UnitOfWork) -> bool:
        """OP-42: three weekly reports missing running open an exit case by themselves, on the day."""
        return actions.look_for_missed_weeks(session, clock.today())
