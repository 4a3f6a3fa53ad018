"""Events as the other services say them, for the tests of this folder."""

import uuid
from datetime import UTC, date, datetime

from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued

MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def certificate(code: str = "001") -> CertificateIssued:
    return CertificateIssued(
        certificate_id=new_id(),
        number=f"{code}-{uuid.uuid4().hex[:12]}",
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
