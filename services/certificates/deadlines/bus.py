"""The door that time opens."""

from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.certificates.deadlines import actions, tally

EVERY_S = 3600.0
FOLD_EVERY_S = 60.0


class DeadlinesBus:
    @every(EVERY_S)
    def on_the_hour(self, session: UnitOfWork) -> bool:
        """One day of issue a turn, each in its own transaction, until none is left that can be settled."""
        return actions.settle_open_clocks(session)

    @every(FOLD_EVERY_S)
    def on_the_minute(self, session: UnitOfWork) -> None:
        """A second's batches may have added dozens of rows to the counts: make them few again."""
        tally.fold(session)
