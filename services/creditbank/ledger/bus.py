"""Event and timer doors of the ledger."""

from onex.chassis.database import UnitOfWork
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from onex.messaging.timers import every
from services.creditbank.ledger import actions, standings


class LedgerBus:
    @consumes(CertificateIssued)
    def on_certificates(self, session: UnitOfWork, heard: list[Heard[CertificateIssued]]) -> None:
        actions.take_certificates(session, heard)

    @consumes(CertificateStandingChanged)
    def on_standings(self, session: UnitOfWork, heard: list[Heard[CertificateStandingChanged]]) -> None:
        standings.hear(session, heard)

    @every(1)
    def book_waiting(self, session: UnitOfWork) -> bool:
        return actions.book_waiting(session)
