"""What goes in: published passes of made-up people who each pass once, the same for every side."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onex.chassis import clock
from onex.chassis.ids import new_id, new_ids
from onex.chassis.pii import RESIDENT_IDENTITY, Vault
from onex.contracts.assessment import ResultPublished
from onex.contracts.certificates import CertificateIssued
from onex.contracts.registry import CertificateTypePublished, OrganizationAdmitted, PublishedLevel
from onex.demo import cast

STANDARD_VERSION = "1.0"
CREDIT_HUNDREDTHS = 400
_COLLEGE, _PLAN, _SITTING = new_ids(3)
_FAMILY, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


@dataclass(frozen=True)
class Pilot:
    """Who assesses what: the demo's five TEOs and six certificate types, with ids of their own."""

    teos: Sequence[OrganizationAdmitted]
    types: Sequence[CertificateTypePublished]


def new_pilot() -> Pilot:
    """Ids are new with each call."""
    now = clock.now()
    teos = {
        teo.key: OrganizationAdmitted(
            organization_id=new_id(),
            organization_version=1,
            kind="teo",
            code=teo.code,
            name_zh=teo.name_zh,
            name_en=teo.name_en,
            division_code=teo.division,
            admitted_at=now,
        )
        for teo in cast.TEOS
    }
    types = [
        CertificateTypePublished(
            certificate_type_id=new_id(),
            type_version=1,
            code=one.code,
            name_zh=one.name_zh,
            name_en=one.name_en,
            teo_id=teos[one.teo].organization_id,
            levels=(
                PublishedLevel(
                    level=one.level,  # type: ignore[arg-type]
                    standard_version=STANDARD_VERSION,
                    standard_released_on=clock.today(),
                ),
            ),
        )
        for one in cast.TYPES
    ]
    return Pilot(list(teos.values()), types)


def new_passes(pilot: Pilot, vault: Vault, count: int) -> list[ResultPublished]:
    """`count` published passes, dealt out over the pilot's types; every person is a new one."""
    return [_pass(pilot.types[place % len(pilot.types)], vault, clock.now()) for place in range(count)]


def _pass(kind: CertificateTypePublished, vault: Vault, now: datetime) -> ResultPublished:
    name = random.choice(_FAMILY) + "".join(random.choices(_GIVEN, k=random.choice((1, 2))))
    document_number = f"110101{random.randrange(10**11):011d}X"
    return ResultPublished(
        result_id=new_id(),
        learner_id=vault.learner_id(RESIDENT_IDENTITY, document_number),
        sealed_person=vault.seal_person(name, RESIDENT_IDENTITY, document_number),
        candidate_kind="student",
        certificate_type_id=kind.certificate_type_id,
        level=kind.levels[0].level,
        standard_version=STANDARD_VERSION,
        teo_id=kind.teo_id,
        college_id=_COLLEGE,
        plan_id=_PLAN,
        sitting_id=_SITTING,
        assessed_on=clock.beijing_day(now - timedelta(days=1)),
        passed=True,
        score_hundredths=random.randrange(6000, 10000),
        published_at=now,
    )


def new_issued(pilot: Pilot, count: int) -> list[CertificateIssued]:
    """`count` events of made-up certificates, for the measure of the bus alone."""
    return [_issued(pilot.types[place % len(pilot.types)], clock.now()) for place in range(count)]


def _issued(kind: CertificateTypePublished, now: datetime) -> CertificateIssued:
    number = f"26{kind.code}2{random.randrange(10**14):014d}"
    return CertificateIssued(
        certificate_id=new_id(),
        number=number,
        result_id=new_id(),
        learner_id=new_id(),
        certificate_type_id=kind.certificate_type_id,
        certificate_type_code=kind.code,
        level=kind.levels[0].level,
        standard_version=STANDARD_VERSION,
        teo_id=kind.teo_id,
        college_id=_COLLEGE,
        issued_on=clock.beijing_day(now),
        entered_at=now,
        credential_url=f"https://onex.example/certificates/v1/credentials/{number}",
    )
