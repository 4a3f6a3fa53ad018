"""A small pilot for the tests of assessment: two TEOs, two colleges, one certificate type, a plan with a sitting."""

import csv
import io
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from werkzeug.test import TestResponse

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.pilot import FeeAgreed, OrganizationExited, QuotaFiled
from onex.contracts.registry import (
    AgreementSigned,
    CertificateTypePublished,
    OrganizationAdmitted,
    PublishedLevel,
    SiteFiled,
)
from onex.demo.rosters import HEADINGS, Candidate, make_roster
from tests.harness.service import Service, json_of

COMPONENTS = [
    {
        "code": "knowledge",
        "name_zh": "理论知识",
        "name_en": "Knowledge",
        "weight_percent": 40,
        "pass_line_hundredths": 5000,
    },
    {
        "code": "skill",
        "name_zh": "操作技能",
        "name_en": "Skill",
        "weight_percent": 60,
        "pass_line_hundredths": 6000,
    },
]
SITTING_STARTS = datetime(2026, 6, 6, 1, 0, tzinfo=UTC)
LEVELS = ("primary", "intermediate", "advanced")
COLLEGE_CODES = ("12440000456789012A", "12440000456789013B")


@dataclass
class World:
    """The service, and the ids of what the registry told it."""

    service: Service
    teo: uuid.UUID = field(default_factory=new_id)
    other_teo: uuid.UUID = field(default_factory=new_id)
    colleges: tuple[uuid.UUID, uuid.UUID] = field(default_factory=lambda: (new_id(), new_id()))
    type_id: uuid.UUID = field(default_factory=new_id)
    other_type_id: uuid.UUID = field(default_factory=new_id)
    sites: tuple[uuid.UUID, uuid.UUID] = field(default_factory=lambda: (new_id(), new_id()))

    def hear_the_registry(self) -> None:
        """Hear of everything that was admitted, signed, published and filed."""
        self.service.hear(
            organization(self.teo, "teo", "91110000100000001A"),
            organization(self.other_teo, "teo", "91110000100000002B"),
            *(organization(one, "college", code) for one, code in zip(self.colleges, COLLEGE_CODES, strict=True)),
        )
        self.service.hear(agreement(self.teo), agreement(self.other_teo))
        self.service.hear(
            certificate_type(self.type_id, self.teo, "004"), certificate_type(self.other_type_id, self.other_teo, "005")
        )
        self.service.hear(
            *(
                site(one, f"GD-000{place}", self.colleges[0], self.teo, self.type_id)
                for place, one in enumerate(self.sites, 1)
            )
        )
        self.service.hear(*(quota(one, self.type_id, level) for one in self.colleges for level in LEVELS))
        self.service.hear(*(fee(self.teo, one, self.type_id, level) for one in self.colleges for level in LEVELS))

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """A request by the TEO, unless another role is given."""
        options = {"role": Role.TEO, "organization_id": self.teo} | options
        return self.service.call(method, f"/assessment/v1{path}", **options)

    def new_plan(self, **changes: Any) -> dict[str, Any]:
        """The body of a plan that is right but for `changes`."""
        return {
            "certificate_type_id": str(self.type_id),
            "level": "intermediate",
            "title_zh": "2026年上半年Web前端开发中级考核",
            "title_en": "Web front-end development, intermediate, first half of 2026",
            "year": 2026,
            "components": COMPONENTS,
            "pass_line_hundredths": 6000,
        } | changes

    def draft(self, **changes: Any) -> str:
        """A drafted plan's id."""
        return str(json_of(self.call("POST", "/plans", json=self.new_plan(**changes), expect=201))["id"])

    def published(self, **changes: Any) -> str:
        """A published plan's id."""
        plan_id = self.draft(**changes)
        self.call("POST", f"/plans/{plan_id}/publication", expect=200)
        return plan_id

    def new_sitting(self, plan_id: str, **changes: Any) -> dict[str, Any]:
        """The body of a sitting that is right but for `changes`."""
        return {
            "plan_id": plan_id,
            "site_id": str(self.sites[0]),
            "starts_at": SITTING_STARTS.isoformat(),
            "ends_at": (SITTING_STARTS + timedelta(hours=2)).isoformat(),
            "capacity": 100_000,
        } | changes

    def with_sittings(self, capacity: int = 100_000, **changes: Any) -> str:
        """The id of a published plan with a sitting at each site."""
        plan_id = self.published(**changes)
        for one in self.sites:
            body = self.new_sitting(plan_id, site_id=str(one), capacity=capacity)
            self.call("POST", "/sittings", json=body, expect=201)
        return plan_id

    def send(self, path: str, data: bytes, name: str = "file.csv", **options: Any) -> dict[str, Any]:
        """Send a file, let the job run to its end, and return the job."""
        job = json_of(self.call("POST", path, data=upload(data, name), expect=202, **options))
        self.service.run_jobs()
        return self.job(job["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        """A job as an operator sees it."""
        answer = self.call("GET", f"/jobs/{job_id}", role=Role.OPERATOR, organization_id=None, expect=200)
        found: dict[str, Any] = json_of(answer)
        return found

    def refusals(self, job: dict[str, Any]) -> list[tuple[int, str | None, str]]:
        """(row, column, code) of every refused cell of a job."""
        return [
            (row.row_number, row.column_name, row.code)
            for row in self.rows("SELECT * FROM job_refusal WHERE job_id = :id ORDER BY seq", id=job["id"])
        ]

    def rows(self, query: str, **values: Any) -> Sequence[Any]:
        """What the database holds."""
        with self.service.database.session() as session:
            return session.execute(text(query), values).all()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])


def upload(data: bytes, name: str) -> dict[str, Any]:
    """The multipart form of a file."""
    return {"file": (io.BytesIO(data), name)}


def counts(job: dict[str, Any]) -> tuple[str, int, int, int]:
    """How a job ended: state, accepted, unchanged, refused."""
    return job["state"], job["accepted"], job["unchanged"], job["refused"]


def organization(
    one: uuid.UUID, kind: Any, code: str, version: int = 1, name: str = "某单位", levels: tuple[str, ...] = ()
) -> OrganizationAdmitted:
    """An admitted organization."""
    return OrganizationAdmitted(
        organization_id=one,
        organization_version=version,
        kind=kind,
        code=code,
        name_zh=name,
        name_en="An organization",
        division_code="440106",
        admitted_at=datetime(2019, 4, 16, tzinfo=UTC),
        levels=levels,
    )


def exited(one: uuid.UUID, kind: Any, exited_at: datetime | None = None, version: int = 2) -> OrganizationExited:
    """An organization's part has ended."""
    return OrganizationExited(
        organization_id=one,
        organization_version=version,
        exit_case_id=new_id(),
        kind=kind,
        ground="a",
        decided_by="教育部",
        exited_at=exited_at or clock.now(),
    )


def quota(
    college: uuid.UUID, type_id: uuid.UUID, level: Any, seats: int = 1_000_000, year: int = 2026, **changes: Any
) -> QuotaFiled:
    """A college's quota."""
    event = QuotaFiled(
        quota_id=new_id(),
        quota_version=1,
        college_id=college,
        certificate_type_id=type_id,
        level=level,
        year=year,
        seats=seats,
    )
    return replace(event, **changes)


def fee(
    teo: uuid.UUID, college: uuid.UUID, type_id: uuid.UUID, level: Any, amount_fen: int = 45_000, **changes: Any
) -> FeeAgreed:
    """What TEO, province and college have agreed on."""
    event = FeeAgreed(
        fee_agreement_id=new_id(), teo_id=teo, college_id=college, province_code="44", certificate_type_id=type_id, level=level,
        amount_fen=amount_fen, in_force_from=date(2019, 4, 16), in_force_to=date(2099, 12, 31),
    )  # fmt: skip
    return replace(event, **changes)


def agreement(teo: uuid.UUID, first: date = date(2019, 4, 16), last: date = date(2099, 12, 31)) -> AgreementSigned:
    """A TEO's agreement."""
    return AgreementSigned(agreement_id=new_id(), teo_id=teo, in_force_from=first, in_force_to=last)


def certificate_type(
    one: uuid.UUID, teo: uuid.UUID, code: str, version: int = 1, levels: Sequence[Any] = ("primary", "intermediate")
) -> CertificateTypePublished:
    """A certificate type with a first standard for each level."""
    return CertificateTypePublished(
        certificate_type_id=one,
        type_version=version,
        code=code,
        name_zh="Web前端开发",
        name_en="Web front-end development",
        teo_id=teo,
        levels=tuple(
            PublishedLevel(
                level=level, standard_version=f"{version}.0", standard_released_on=clock.today() - timedelta(days=30)
            )
            for level in levels
        ),
    )


def site(one: uuid.UUID, code: str, college: uuid.UUID, teo: uuid.UUID, type_id: uuid.UUID) -> SiteFiled:
    """A filed site."""
    return SiteFiled(
        site_id=one,
        code=code,
        college_id=college,
        teo_id=teo,
        certificate_type_id=type_id,
        division_code="440106",
        filed_at=datetime(2019, 6, 1, tzinfo=UTC),
    )


def candidates(count: int, *, seed: int = 1, social: bool = False, site_code: str = "GD-0001") -> tuple[Candidate, ...]:
    """So many invented candidates of the first college (or of none) who chose one site."""
    share = 1.0 if social else 0.0
    made = make_roster(
        count, seed=seed, colleges=COLLEGE_CODES[:1], sites=(site_code,), bad_share=0, social_share=share
    )
    return made.candidates


def roster_of(rows: Iterable[Candidate]) -> bytes:
    """The roster in CSV."""
    text_file = io.StringIO()
    writer = csv.writer(text_file)
    writer.writerow(HEADINGS)
    writer.writerows(row.cells() for row in rows)
    return text_file.getvalue().encode()
