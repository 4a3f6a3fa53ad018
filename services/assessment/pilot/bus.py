"""What the registry says is heard here."""

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import AgreementSigned, CertificateTypePublished, OrganizationAdmitted, SiteFiled
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from services.assessment.pilot import actions


class PilotBus:
    """The registry's facts that assessment needs."""

    @consumes(OrganizationAdmitted)
    def on_organizations(self, session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
        actions.keep_organizations(session, heard)

    @consumes(AgreementSigned)
    def on_agreements(self, session: UnitOfWork, heard: list[Heard[AgreementSigned]]) -> None:
        actions.keep_agreements(session, heard)

    @consumes(CertificateTypePublished)
    def on_certificate_types(self, session: UnitOfWork, heard: list[Heard[CertificateTypePublished]]) -> None:
        actions.keep_certificate_types(session, heard)

    @consumes(SiteFiled)
    def on_sites(self, session: UnitOfWork, heard: list[Heard[SiteFiled]]) -> None:
        actions.keep_sites(session, heard)
