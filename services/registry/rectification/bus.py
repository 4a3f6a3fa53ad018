"""The timer door of rectification."""

from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.registry.rectification import actions


class RectificationBus:
    @every(60)
    def mark_missed_rectifications(self, session: UnitOfWork) -> bool:
        """OP-43: what was due yesterday and not reported on is overdue; true when there is more to mark."""
        return actions.mark_missed(session)
