"""Tables that only repeat what the registry said: `onex rebuild assessment` makes them again."""

from onex.contracts.pilot import (
    FeeAgreed,
    FeeCeilingPublished,
    OrganizationExited,
    QuotaFiled,
    SiteStandingChanged,
)
from onex.contracts.registry import AgreementSigned, CertificateTypePublished, OrganizationAdmitted, SiteFiled
from onex.messaging.read_models import ReadModel, Table
from services.assessment.pilot import actions

_NEVER = "'-infinity'"

MODELS = (
    ReadModel("organizations", (Table("organization", "version"),), {OrganizationAdmitted: actions.keep_organizations}),
    ReadModel("exits", (Table("exited_organization"),), {OrganizationExited: actions.keep_exits}),
    ReadModel("agreements", (Table("agreement", "said_at", _NEVER),), {AgreementSigned: actions.keep_agreements}),
    ReadModel(
        "certificate-types",
        (Table("certificate_type", "version"),),
        {CertificateTypePublished: actions.keep_certificate_types},
    ),
    ReadModel(
        "sites",
        (Table("site", "version"),),
        {SiteFiled: actions.keep_sites, SiteStandingChanged: actions.keep_site_standings},
    ),
    ReadModel("quotas", (Table("quota", "version"),), {QuotaFiled: actions.keep_quotas}),
    ReadModel("fee-ceilings", (Table("fee_ceiling", "version"),), {FeeCeilingPublished: actions.keep_fee_ceilings}),
    ReadModel("fee-agreements", (Table("fee_agreement", "said_at", _NEVER),), {FeeAgreed: actions.keep_fee_agreements}),
)
