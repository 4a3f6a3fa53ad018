"""The parties of training, and what they do through the doors."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from tests.harness.service import json_of
from tests.registry.callers import Sides
from tests.registry.world import API, World

TEAM = {"enterprise": 2, "college": 2, "research": 1}


@dataclass
class Training(Sides):
    """A TEO with a published type and a reviewed team, a college of Beijing with teachers, and their province."""

    world: World
    teo_id: str
    type_id: str
    college_id: str
    team: dict[str, list[str]] = field(default_factory=dict)
    numbers: int = 0

    @property
    def reviewer(self) -> dict[str, Any]:
        """Another client of the TEO than the one that enters its experts."""
        return self.teo | {"client_id": "reviewer"}

    @property
    def experts(self) -> list[str]:
        return [one for experts in self.team.values() for one in experts]

    def public(self, path: str, expect: int = 200) -> Any:
        """What anyone is answered, without a token."""
        return json_of(self.world.registry.call("GET", f"{API}/training/{path}", expect=expect))

    def number(self) -> str:
        self.numbers += 1
        return f"N{self.numbers:03}"

    def expert(self, source: str, approved: bool | None = True) -> str:
        """An expert of the team; not reviewed with `approved` None."""
        body = {"number": self.number(), "name": "钱学", "source": source, "employer": "某单位"}
        body |= {"specialty": "Web", "qualification": "高级工程师"}
        made = str(self.world.post("/training/experts", body, **self.teo)["id"])
        if approved is not None:
            review = {"approved": approved, "reviewer": "培训专家委员会", "opinion": "ok"}
            self.world.post(f"/training/experts/{made}/review", review, expect=200, **self.reviewer)
        return made

    def teacher(self, name: str = "孙小红") -> str:
        body = {"staff_number": self.number(), "name": name, "subject": "Web"}
        return str(self.world.post("/training/teachers", body, **self.college)["id"])

    def session(self, days: int = 10, **changes: Any) -> dict[str, Any]:
        body = {
            "held_on": str(clock.today() + timedelta(days=days)),
            "lessons": 4,
            "mode": "offline",
            "venue_kind": "college",
            "venue_id": self.college_id,
            "venue": "实训楼101",
            "expert_id": self.experts[0],
            "topic": "HTML",
        }
        return body | changes

    def programme_body(self, **changes: Any) -> dict[str, Any]:
        today = clock.today()
        body = {
            "certificate_type_id": self.type_id,
            "trains_for": "evaluator",
            "title_zh": "考评员培训",
            "title_en": "Evaluator training",
            "content": "Two days.",
            "starts_on": str(today + timedelta(days=10)),
            "ends_on": str(today + timedelta(days=12)),
            "enrol_until": str(today + timedelta(days=5)),
            "places": 2,
            "fee_fen": 80_000,
            "fee_basis": "京财教〔2019〕1号",
            "sessions": [self.session(), self.session(11, mode="online", venue_kind=None, venue_id=None)],
            "experts": [{"expert_id": one, "rank": "senior", "pay_fen_a_lesson": 0} for one in self.experts],
        }
        return body | changes

    def draft(self, expect: int = 201, **changes: Any) -> dict[str, Any]:
        who = changes.pop("who", self.teo)
        return dict(self.world.post("/training/programmes", self.programme_body(**changes), expect=expect, **who))

    def announce(self, programme_id: str, expect: int = 200, **who: Any) -> dict[str, Any]:
        address = f"/training/programmes/{programme_id}/announcement"
        return dict(self.world.post(address, expect=expect, **(who or self.teo)))

    def announced(self, **changes: Any) -> dict[str, Any]:
        return self.announce(self.draft(**changes)["id"])

    def consent(self, name: str = "孙小红", **changes: Any) -> dict[str, Any]:
        return {"given": True, "given_by": name, "given_at": clock.now().isoformat()} | changes

    def enrol(self, programme_id: str, teacher_id: str, expect: int = 201, **consent: Any) -> dict[str, Any]:
        body = {"teacher_id": teacher_id, "consent": self.consent(**consent)}
        address = f"/training/programmes/{programme_id}/enrolments"
        return dict(self.world.post(address, body, expect=expect, **self.college))

    def government_draft(self, days: int = 30) -> str:
        """A draft of the province's, with nobody engaged yet."""
        today = clock.today()
        changes: dict[str, Any] = {
            "starts_on": str(today + timedelta(days=days)),
            "ends_on": str(today + timedelta(days=days + 2)),
            "sessions": [],
            "experts": [],
        }
        return str(self.draft(who=self.province, **changes)["id"])

    def request(self, programme_id: str, expect: int = 201) -> dict[str, Any]:
        body = {"teo_id": self.teo_id, "needs": "Two experts."}
        address = f"/training/programmes/{programme_id}/requests"
        return dict(self.world.post(address, body, expect=expect, **self.province))


@pytest.fixture
def training(world: World) -> Training:
    teo = world.admitted_teo()
    made = Training(world, teo["id"], world.published_type(teo["id"])["id"], world.admitted_college()["id"])
    for source, number in TEAM.items():
        made.team[source] = [made.expert(source) for _ in range(number)]
    return made


@pytest.fixture
def other_college(world: World) -> Callable[[], dict[str, Any]]:
    """Another college, of Jiangsu, as a caller."""

    def make() -> dict[str, Any]:
        college = world.admitted_college(300, province_code="32", division_code="320102")
        return {"role": Role.COLLEGE, "organization_id": uuid.UUID(college["id"])}

    return make
