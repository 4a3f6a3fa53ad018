"""The timer door of opinions."""

from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.registry.opinions import actions


class OpinionsBus:
    @every(60)
    def mark_overdue_opinions(self, session: UnitOfWork) -> bool:
        """OP-40: what was to be answered by yesterday is overdue; true when there is more to mark."""
        return actions.mark_overdue(session)
