"""The door for what is annulled."""

from onex.chassis.database import UnitOfWork
from onex.contracts.assessment import ResultAnnulled
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from services.certificates.standing import annulments


class StandingBus:
    @consumes(ResultAnnulled)
    def on_annulments(self, session: UnitOfWork, heard: list[Heard[ResultAnnulled]]) -> None:
        """PP-07: a result that no longer counts leads to a proposal to revoke what it earned."""
        annulments.note(session, [one.event for one in heard])
