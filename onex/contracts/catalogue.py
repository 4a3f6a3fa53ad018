"""Every contract, by service; the AsyncAPI document, the golden samples and the topology are made from this list."""

from onex.contracts.assessment import ResultAnnulled, ResultPublished
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.contracts.creditbank import CreditsDeposited
from onex.contracts.deadlines import EntryBreached, EntryDueSoon, TimelinessReported
from onex.contracts.event import Event
from onex.contracts.pilot import (
    ExitCaseOpened,
    FeeAgreed,
    FeeCeilingPublished,
    OpinionAnswered,
    OrganizationExited,
    OrganizationInvited,
    PolicyPublished,
    QuotaFiled,
    RectificationOrdered,
    SiteStandingChanged,
)
from onex.contracts.registry import (
    AccessKeyPublished,
    AgreementSigned,
    CertificateTypePublished,
    OrganizationAdmitted,
    SiteFiled,
)

CONTRACTS: tuple[type[Event], ...] = (
    AccessKeyPublished,
    OrganizationAdmitted,
    AgreementSigned,
    CertificateTypePublished,
    SiteFiled,
    SiteStandingChanged,
    QuotaFiled,
    FeeCeilingPublished,
    FeeAgreed,
    OrganizationInvited,
    RectificationOrdered,
    OpinionAnswered,
    PolicyPublished,
    ExitCaseOpened,
    OrganizationExited,
    ResultAnnulled,
    ResultPublished,
    CertificateIssued,
    CertificateStandingChanged,
    EntryDueSoon,
    EntryBreached,
    TimelinessReported,
    CreditsDeposited,
)

# What partners may hear (docs/decisions/0010-partners-hear-of-certificates.md).
OPEN_TO_PARTNERS: tuple[type[Event], ...] = (CertificateIssued, CertificateStandingChanged)

# Said by the thousand, and heard by our own services alone: many to a message (docs/decisions/0026-results-travel-together.md).
PACKED: tuple[type[Event], ...] = (ResultPublished,)
