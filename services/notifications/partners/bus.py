"""Event doors: what partners are told."""

from onex.chassis.database import UnitOfWork
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from services.notifications.partners import actions


class PartnersBus:
    @consumes(CertificateIssued)
    def on_certificates(self, session: UnitOfWork, heard: list[Heard[CertificateIssued]]) -> None:
        actions.tell_of_certificates(session, heard)

    @consumes(CertificateStandingChanged)
    def on_standings(self, session: UnitOfWork, heard: list[Heard[CertificateStandingChanged]]) -> None:
        actions.tell_of_standings(session, heard)
