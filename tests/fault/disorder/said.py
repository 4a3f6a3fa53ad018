"""A small pilot's whole history as its services said it: every contract, several versions of what changes, 150 events."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from onex.chassis import trace
from onex.chassis.ids import new_id
from onex.chassis.pii import RESIDENT_IDENTITY, Vault
from onex.contracts.assessment import ResultAnnulled, ResultPublished
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.contracts.creditbank import CreditsDeposited, Deposited
from onex.contracts.event import Event
from onex.contracts.pilot import (
    FeeAgreed,
    FeeCeilingPublished,
    OrganizationExited,
    QuotaFiled,
    SiteStandingChanged,
)
from onex.contracts.registry import (
    AccessKeyPublished,
    AgreementSigned,
    CertificateTypePublished,
    OrganizationAdmitted,
    PublishedLevel,
    SiteFiled,
)
from onex.messaging.heard import Heard

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEVELS = ("primary", "intermediate", "advanced")
TEOS, COLLEGES, TYPES, PASSES = 2, 3, 3, 30


@dataclass
class History:
    """What was said, in the order in which it was said."""

    events: list[Heard[Any]] = field(default_factory=list)

    def say(self, event: Event) -> None:
        at = BEGAN + timedelta(minutes=len(self.events))
        self.events.append(Heard(new_id(), event, at, trace.new_traceparent()))

    def of(self, contract: type[Event]) -> list[Heard[Any]]:
        return [one for one in self.events if type(one.event) is contract]

    @property
    def types(self) -> list[CertificateTypePublished]:
        """The first version of each certificate type."""
        return [one.event for one in self.of(CertificateTypePublished) if one.event.type_version == 1]


def history(vault: Vault, chance: random.Random) -> History:
    """A new history; its people are sealed with the platform's own key."""
    made = History()
    teos, colleges, types = ([new_id() for _ in range(count)] for count in (TEOS, COLLEGES, TYPES))
    _registry(made, teos, colleges, types)
    for place in range(PASSES):
        _result(made, vault, chance, teos, colleges, types, place)
    _afterwards(made, teos, types)
    return made


def _registry(made: History, teos: list[uuid.UUID], colleges: list[uuid.UUID], types: list[uuid.UUID]) -> None:
    for number in range(3):
        key = AccessKeyPublished(key_id=f"key-{number}", public_key=f"{number}" * 43)
        made.say(key)
        if number < 2:  # retired, and then sooner than was said before
            for days in (30, 10):
                retires = BEGAN + timedelta(days=days)
                made.say(AccessKeyPublished(key_id=key.key_id, public_key=key.public_key, retires_at=retires))
    for version in (1, 2, 3):
        for place, one in enumerate(teos):
            made.say(_organization(one, "teo", f"9111000060003734{place}L", version))
        for place, one in enumerate(colleges):
            made.say(_organization(one, "college", f"1244000045678901{place}A", version))
    for one in teos:
        made.say(
            AgreementSigned(
                agreement_id=new_id(), teo_id=one, in_force_from=date(2019, 4, 16), in_force_to=date(2099, 12, 31)
            )
        )
    for version in (1, 2, 3):
        for place, one in enumerate(types):
            made.say(_type(one, teos[place % TEOS], f"{place + 1:03}", version))
    for place, one in enumerate(types):
        made.say(
            SiteFiled(
                site_id=new_id(), code=f"GD-{place:04}", college_id=colleges[place % COLLEGES],
                teo_id=teos[place % TEOS], certificate_type_id=one, division_code="440106", filed_at=BEGAN,
            )
        )  # fmt: skip
    _course_of_the_pilot(made, teos, colleges, types)


def _course_of_the_pilot(
    made: History, teos: list[uuid.UUID], colleges: list[uuid.UUID], types: list[uuid.UUID]
) -> None:
    """Quotas and fees that change, a site that is closed, and two who leave and have no results: theirs depend on the time."""
    for site in made.of(SiteFiled):
        for version, standing in ((2, "suspended"), (3, "filed"), (4, "closed")):
            made.say(
                SiteStandingChanged(
                    site_id=site.event.site_id, site_version=version, standing=standing, code=site.event.code,  # type: ignore[arg-type]
                    college_id=site.event.college_id, teo_id=site.event.teo_id,
                    certificate_type_id=site.event.certificate_type_id, division_code="440106", changed_at=BEGAN,
                )
            )  # fmt: skip
    for place, one in enumerate(types):
        case: dict[str, Any] = {"certificate_type_id": one, "level": LEVELS[place % 3]}
        made.say(
            FeeCeilingPublished(
                fee_ceiling_id=new_id(), ceiling_version=1, amount_fen=42_000, in_force_from=date(2019, 4, 16), **case
            )
        )
        case |= {"college_id": colleges[place % COLLEGES]}
        quota_id = new_id()
        for version in (1, 2, 3):
            made.say(QuotaFiled(quota_id=quota_id, quota_version=version, year=2026, seats=100 * version, **case))
        made.say(
            FeeAgreed(
                fee_agreement_id=new_id(), teo_id=teos[place % TEOS], province_code="44", amount_fen=40_000,
                in_force_from=date(2019, 4, 16), in_force_to=date(2099, 12, 31), **case,
            )
        )  # fmt: skip
    for kind, code in (("teo", "91110000600037349L"), ("college", "12440000456789019A")):
        leaving = new_id()
        made.say(_organization(leaving, kind, code, 1))
        made.say(
            OrganizationExited(
                organization_id=leaving, organization_version=2, exit_case_id=new_id(), kind=kind, ground="a",  # type: ignore[arg-type]
                decided_by="教育部", exited_at=BEGAN,
            )
        )  # fmt: skip


def _organization(one: uuid.UUID, kind: Any, code: str, version: int) -> OrganizationAdmitted:
    return OrganizationAdmitted(
        organization_id=one, organization_version=version, kind=kind, code=code, name_zh=f"某单位（第{version}次更名）",
        name_en=f"An organization under its name number {version}", division_code="440106", admitted_at=BEGAN,
    )  # fmt: skip


def _type(one: uuid.UUID, teo: uuid.UUID, code: str, version: int) -> CertificateTypePublished:
    """Each version publishes one level more, and keeps the standards of those before."""
    levels = tuple(
        PublishedLevel(level=level, standard_version="1.0", standard_released_on=date(2026, 2, 1) + timedelta(days=day))  # type: ignore[arg-type]
        for day, level in enumerate(LEVELS[:version])
    )
    return CertificateTypePublished(
        certificate_type_id=one, type_version=version, code=code, name_zh=f"职业技能{version}",
        name_en=f"A vocational skill {version}", teo_id=teo, levels=levels,
    )  # fmt: skip


def _result(
    made: History, vault: Vault, chance: random.Random, teos: list[uuid.UUID], colleges: list[uuid.UUID],
    types: list[uuid.UUID], place: int,
) -> None:  # fmt: skip
    """One candidate's result; for a pass what the certificates service and the credit bank said of it."""
    which = place % TYPES
    document = f"110101{chance.randrange(10**11):011d}X"
    college = colleges[place % COLLEGES] if place % 4 else None
    passed = place % 5 != 0
    result = ResultPublished(
        result_id=new_id(), learner_id=vault.learner_id(RESIDENT_IDENTITY, document),
        sealed_person=vault.seal_person("张三", RESIDENT_IDENTITY, document),
        candidate_kind="student" if college else "social", certificate_type_id=types[which],
        level=LEVELS[place % 3], standard_version="1.0",  # type: ignore[arg-type]
        teo_id=teos[which % TEOS], college_id=college, plan_id=new_id(), sitting_id=new_id(),
        assessed_on=date(2026, 3, 1), passed=passed, score_hundredths=8000 if passed else 4000, published_at=BEGAN,
    )  # fmt: skip
    made.say(result)
    if not passed:
        return
    certificate = CertificateIssued(
        certificate_id=new_id(), number=f"0{place:017}", result_id=result.result_id, learner_id=result.learner_id,
        certificate_type_id=result.certificate_type_id, certificate_type_code=f"{which + 1:03}", level=result.level,
        standard_version="1.0", teo_id=result.teo_id, college_id=college, issued_on=date(2026, 3, 2),
        entered_at=BEGAN, credential_url="https://onex.example/certificates/v1/credentials/x",
    )  # fmt: skip
    made.say(certificate)
    deposit = Deposited(
        deposit_id=new_id(), certificate_id=certificate.certificate_id, learner_id=result.learner_id,
        credit_hundredths=250, traceparent=trace.new_traceparent(),
    )  # fmt: skip
    made.say(CreditsDeposited(booking_id=new_id(), deposited_at=BEGAN, deposits=(deposit,)))


def _afterwards(made: History, teos: list[uuid.UUID], types: list[uuid.UUID]) -> None:
    """A certificate is suspended, and a result annulled that was not a pass of these: else what became of it would depend on
    which of the two is heard first."""
    first = made.of(CertificateIssued)[0].event
    made.say(
        CertificateStandingChanged(
            certificate_id=first.certificate_id, certificate_version=2, number=first.number, standing="suspended",
            reason="under_investigation", learner_id=first.learner_id, certificate_type_id=first.certificate_type_id,
            level=first.level, teo_id=first.teo_id, college_id=first.college_id, changed_at=BEGAN,
            certificate_type_code=first.certificate_type_code,
        )
    )  # fmt: skip
    made.say(
        ResultAnnulled(
            result_id=new_id(), learner_id=new_id(), certificate_type_id=types[0], level="primary", teo_id=teos[0],
            college_id=None, ground="marking_error", passed=True, annulled_at=BEGAN,
        )
    )  # fmt: skip
