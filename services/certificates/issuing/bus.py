"""The door for what the assessment says."""

from onex.chassis.database import UnitOfWork
from onex.contracts.assessment import ResultPublished
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from onex.messaging.provided import Provided
from services.certificates.issuing import actions


class IssuingBus:
    vault = Provided("vault")
    settings = Provided("settings")

    @consumes(ResultPublished)
    def on_results(self, session: UnitOfWork, heard: list[Heard[ResultPublished]]) -> None:
        """PP-22: who passed gets the certificate."""
        actions.issue(session, actions.Desk(self.vault, self.settings.public_url), heard)
