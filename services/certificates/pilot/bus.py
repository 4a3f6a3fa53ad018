"""Doors for what the registry says."""

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import CertificateTypePublished, OrganizationAdmitted
from onex.messaging.consumer import consumes
from onex.messaging.heard import Heard
from onex.messaging.provided import Provided
from services.certificates.credentials import actions as credentials
from services.certificates.elsewhere import colleges
from services.certificates.pilot import actions


class PilotBus:
    vault = Provided("vault")

    @consumes(OrganizationAdmitted)
    def on_organizations(self, session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
        """Names of TEOs and codes of colleges, and for each new TEO the key that will sign its certificates."""
        events = [one.event for one in heard]
        actions.know_teos(session, events)
        colleges.know(session, events)
        teo_ids = {event.organization_id for event in events if event.kind == "teo"}
        credentials.ensure_keys(session, self.vault, teo_ids)

    @consumes(CertificateTypePublished)
    def on_certificate_types(self, session: UnitOfWork, heard: list[Heard[CertificateTypePublished]]) -> None:
        actions.know_types(session, [one.event for one in heard])
