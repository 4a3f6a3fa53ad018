"""The doors for what the assessment says, and for the end of a TEO's part."""

from onex.chassis.database import UnitOfWork
from onex.contracts.assessment import ResultPublished
from onex.contracts.pilot import OrganizationExited
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from onex.messaging.provided import Provided
from services.certificates.issuing import actions, exits


class IssuingBus:
    vault = Provided("vault")
    settings = Provided("settings")

    @consumes(ResultPublished)
    def on_results(self, session: UnitOfWork, heard: list[Heard[ResultPublished]]) -> None:
        """PP-22: who passed gets the certificate."""
        actions.issue(session, actions.Desk(self.vault, self.settings.public_url), heard)

    @consumes(OrganizationExited)
    def on_exits(self, session: UnitOfWork, heard: list[Heard[OrganizationExited]]) -> None:
        """OP-41: from the exit on nothing new is issued."""
        exits.note(session, [one.event for one in heard])
