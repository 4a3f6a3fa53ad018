"""Tables that only repeat what the registry said: `onex rebuild assessment` makes them again."""

from onex.contracts.registry import AgreementSigned, CertificateTypePublished, OrganizationAdmitted, SiteFiled
from onex.messaging.read_models import ReadModel, Table
from services.assessment.pilot import actions

_NEVER = "'-infinity'"

MODELS = (
    ReadModel("organizations", (Table("organization", "version"),), {OrganizationAdmitted: actions.keep_organizations}),
    ReadModel("agreements", (Table("agreement", "said_at", _NEVER),), {AgreementSigned: actions.keep_agreements}),
    ReadModel(
        "certificate-types",
        (Table("certificate_type", "version"),),
        {CertificateTypePublished: actions.keep_certificate_types},
    ),
    ReadModel("sites", (Table("site", "said_at", _NEVER),), {SiteFiled: actions.keep_sites}),
)
