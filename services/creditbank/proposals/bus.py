"""Event doors of proposals."""

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import CertificateTypePublished
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from services.creditbank.proposals import actions


class ProposalsBus:
    @consumes(CertificateTypePublished)
    def on_certificate_types(self, session: UnitOfWork, heard: list[Heard[CertificateTypePublished]]) -> None:
        actions.learn_types(session, heard)
