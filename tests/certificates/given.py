"""What the certificates service is told in tests: TEOs, certificate types, results."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from onex.chassis.ids import new_id
from onex.contracts.assessment import ResultPublished
from onex.contracts.registry import CertificateTypePublished, OrganizationAdmitted, PublishedLevel
from tests.harness.service import Service

PUBLISHED_AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def admitted(teo_id: uuid.UUID, **changes: Any) -> OrganizationAdmitted:
    """A TEO is admitted."""
    event = OrganizationAdmitted(
        organization_id=teo_id,
        organization_version=1,
        kind="teo",
        code="91110108MA01ABCD2X",
        name_zh="某某教育科技有限公司",
        name_en="Moumou Education Technology Co., Ltd.",
        division_code="110000",
        admitted_at=datetime(2026, 1, 5, tzinfo=UTC),
    )
    return replace(event, **changes)


def published(type_id: uuid.UUID, teo_id: uuid.UUID, **changes: Any) -> CertificateTypePublished:
    """A certificate type of the TEO is published with its three levels."""
    levels = ("primary", "intermediate", "advanced")
    event = CertificateTypePublished(
        certificate_type_id=type_id,
        type_version=1,
        code="004",
        name_zh="Web前端开发",
        name_en="Web Front-end Development",
        teo_id=teo_id,
        levels=tuple(
            PublishedLevel(level=level, standard_version="2.0", standard_released_on=date(2026, 1, 6))  # type: ignore[arg-type]
            for level in levels
        ),
    )
    return replace(event, **changes)


class Pilot:
    """A certificates service that has heard of one TEO and one certificate type."""

    def __init__(self, service: Callable[[str], Service], *, heard: bool = True) -> None:
        self.certificates = service("certificates")
        self.teo_id, self.type_id, self.college_id = new_id(), new_id(), new_id()
        if heard:
            self.certificates.hear(admitted(self.teo_id))
            self.certificates.hear(published(self.type_id, self.teo_id))

    def result(self, name: str = "张三", number: str = "11010519491231002X", **changes: Any) -> ResultPublished:
        """A published pass of this person, unless the changes say otherwise."""
        vault = self.certificates.vault
        event = ResultPublished(
            result_id=new_id(),
            learner_id=vault.learner_id("RIC", number),
            sealed_person=vault.seal_person(name, "RIC", number),
            candidate_kind="student",
            certificate_type_id=self.type_id,
            level="intermediate",
            standard_version="2.0",
            teo_id=self.teo_id,
            college_id=self.college_id,
            plan_id=new_id(),
            sitting_id=new_id(),
            assessed_on=date(2026, 2, 1),
            passed=True,
            score_hundredths=8150,
            published_at=PUBLISHED_AT,
        )
        return replace(event, **changes)
