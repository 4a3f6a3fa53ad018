"""Events as the other services say them, for the tests of this folder."""

import uuid
from datetime import UTC, date, datetime

from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged

MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def certificate(code: str = "001") -> CertificateIssued:
    return CertificateIssued(
        certificate_id=new_id(),
        number=f"26{code}1{uuid.uuid4().hex[:14].upper()}",
        result_id=new_id(),
        learner_id=uuid.uuid4(),
        certificate_type_id=uuid.uuid5(uuid.NAMESPACE_URL, code),
        certificate_type_code=code,
        level="primary",
        standard_version="1.0",
        teo_id=uuid.uuid5(uuid.NAMESPACE_URL, "teo"),
        college_id=None,
        issued_on=date(2026, 3, 2),
        entered_at=MOMENT,
        credential_url="https://onex.example/certificates/v1/credentials/x",
    )


def changed(issued: CertificateIssued, version: int = 2, standing: str = "suspended") -> CertificateStandingChanged:
    """The standing of a certificate changed."""
    return CertificateStandingChanged(
        certificate_id=issued.certificate_id,
        certificate_version=version,
        number=issued.number,
        standing=standing,  # type: ignore[arg-type]
        reason="under_investigation",
        learner_id=issued.learner_id,
        certificate_type_id=issued.certificate_type_id,
        certificate_type_code=issued.certificate_type_code,
        level=issued.level,
        teo_id=issued.teo_id,
        college_id=issued.college_id,
        changed_at=MOMENT,
    )
