"""Tables that only repeat what the registry said: `onex rebuild certificates` makes them again.

Keys of TEOs are made when a TEO is heard of; they are this service's own and no rebuild touches them.
"""

from onex.chassis.database import UnitOfWork
from onex.contracts.pilot import OrganizationExited
from onex.contracts.registry import CertificateTypePublished, OrganizationAdmitted
from onex.messaging.heard import Heard
from onex.messaging.read_models import ReadModel, Table
from services.certificates.elsewhere import colleges
from services.certificates.issuing import exits
from services.certificates.pilot import actions


def keep_teos(session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
    actions.know_teos(session, [one.event for one in heard])


def keep_colleges(session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
    colleges.know(session, [one.event for one in heard])


def keep_types(session: UnitOfWork, heard: list[Heard[CertificateTypePublished]]) -> None:
    actions.know_types(session, [one.event for one in heard])


def keep_exits(session: UnitOfWork, heard: list[Heard[OrganizationExited]]) -> None:
    exits.note(session, [one.event for one in heard])


MODELS = (
    ReadModel("teos", (Table("teo", "version"),), {OrganizationAdmitted: keep_teos}),
    ReadModel("colleges", (Table("college", "version"),), {OrganizationAdmitted: keep_colleges}),
    ReadModel("certificate-types", (Table("certificate_type", "version"),), {CertificateTypePublished: keep_types}),
    ReadModel("exits", (Table("exited_teo"),), {OrganizationExited: keep_exits}),
)
