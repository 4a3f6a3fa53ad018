"""The doors that time opens."""

from onex.chassis import metrics
from onex.chassis.database import UnitOfWork
from onex.messaging.provided import Provided
from onex.messaging.timers import every
from services.certificates.log import actions, folder, queries

GAUGE_EVERY_S = 5


class LogBus:
    vault = Provided("vault")
    settings = Provided("settings")

    @every(1)
    def sequence_log(self, session: UnitOfWork) -> bool:
        """Seconds after a certificate is issued, the log holds it."""
        return actions.sequence(session, self.vault, self.settings.public_url)

    @every(1)
    def publish_log(self, session: UnitOfWork) -> bool:
        """The static files follow the log, where they are wanted."""
        named = folder.folder_in_force()
        return named is not None and folder.publish(session, named)

    @every(GAUGE_EVERY_S)
    def measure_log(self, session: UnitOfWork) -> None:
        """Measured apart, so that a log that stands still is seen."""
        metrics.log_oldest_waiting.set(queries.oldest_waiting_s(session))
