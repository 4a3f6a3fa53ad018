"""Events as the other services say them, for the tests of this folder."""

import uuid
from datetime import UTC, date, datetime, timedelta

from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.contracts.registry import CertificateTypePublished, PublishedLevel

MOMENT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
TEO = uuid.uuid5(uuid.NAMESPACE_URL, "a TEO")
TYPE = uuid.uuid5(uuid.NAMESPACE_URL, "a certificate type")
LEVELS = ("primary", "intermediate", "advanced")


def published(
    released_on: date, *, version: int = 1, standard: str = "1.0", type_id: uuid.UUID = TYPE, teo_id: uuid.UUID = TEO
) -> CertificateTypePublished:
    """A certificate type with its three levels in one standard."""
    return CertificateTypePublished(
        certificate_type_id=type_id,
        type_version=version,
        code="004",
        name_zh="Web前端开发",
        name_en="Web front-end development",
        teo_id=teo_id,
        levels=tuple(
            PublishedLevel(level=level, standard_version=standard, standard_released_on=released_on) for level in LEVELS
        ),  # type: ignore[arg-type]
    )


def changed(
    issued: CertificateIssued, version: int, standing: str, *, successor: tuple[uuid.UUID, str] | None = None
) -> CertificateStandingChanged:
    """A certificate's standing changed; `successor` is the id and number of the one in its place."""
    reasons = {
        "suspended": "under_investigation",
        "valid": "cleared",
        "revoked": "result_annulled",
        "replaced": "corrected",
    }
    return CertificateStandingChanged(
        certificate_id=issued.certificate_id,
        certificate_version=version,
        number=issued.number,
        standing=standing,  # type: ignore[arg-type]
        reason=reasons[standing],  # type: ignore[arg-type]
        learner_id=issued.learner_id,
        certificate_type_id=issued.certificate_type_id,
        level=issued.level,
        teo_id=issued.teo_id,
        college_id=issued.college_id,
        successor_id=successor[0] if successor else None,
        successor_number=successor[1] if successor else None,
        changed_at=MOMENT + timedelta(days=version),
    )


def certificate(
    level: str = "primary", *, learner_id: uuid.UUID | None = None, standard: str = "1.0", type_id: uuid.UUID = TYPE
) -> CertificateIssued:
    return CertificateIssued(
        certificate_id=new_id(),
        number=f"004-{uuid.uuid4().hex[:12]}",
        result_id=new_id(),
        learner_id=learner_id or uuid.uuid4(),
        certificate_type_id=type_id,
        certificate_type_code="004",
        level=level,  # type: ignore[arg-type]
        standard_version=standard,
        teo_id=TEO,
        college_id=None,
        issued_on=date(2026, 3, 2),
        entered_at=MOMENT,
        credential_url="https://onex.example/certificates/v1/credentials/x",
    )
