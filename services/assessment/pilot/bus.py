"""What the registry says is heard here."""

from onex.chassis.database import UnitOfWork
from onex.contracts.pilot import (
    FeeAgreed,
    FeeCeilingPublished,
    OrganizationExited,
    QuotaFiled,
    SiteStandingChanged,
)
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

    @consumes(SiteStandingChanged)
    def on_site_standings(self, session: UnitOfWork, heard: list[Heard[SiteStandingChanged]]) -> None:
        actions.keep_site_standings(session, heard)

    @consumes(OrganizationExited)
    def on_exits(self, session: UnitOfWork, heard: list[Heard[OrganizationExited]]) -> None:
        actions.keep_exits(session, heard)

    @consumes(QuotaFiled)
    def on_quotas(self, session: UnitOfWork, heard: list[Heard[QuotaFiled]]) -> None:
        actions.keep_quotas(session, heard)

    @consumes(FeeCeilingPublished)
    def on_fee_ceilings(self, session: UnitOfWork, heard: list[Heard[FeeCeilingPublished]]) -> None:
        actions.keep_fee_ceilings(session, heard)

    @consumes(FeeAgreed)
    def on_fee_agreements(self, session: UnitOfWork, heard: list[Heard[FeeAgreed]]) -> None:
        actions.keep_fee_agreements(session, heard)
