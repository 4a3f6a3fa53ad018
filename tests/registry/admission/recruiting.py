"""What recruiting takes, from a round to the decision, done through the doors."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.world import World

OBJECTION = {"name": "司马相如", "contact": "13500135000", "text": "该机构并无相关行业经验。"}


def round_body(code: str = "2026-1", from_days: int = 0, to_days: int = 30, **changes: Any) -> dict[str, Any]:
    today = clock.today()
    body = {
        "code": code,
        "name_zh": "2026年第一次公开招募",
        "name_en": "First recruitment of 2026",
        "conditions": "具有独立法人资格，社会信誉良好，有相关行业影响力。",
        "opens_on": str(today + timedelta(days=from_days)),
        "closes_on": str(today + timedelta(days=to_days)),
        "cap_mature": 1,
        "cap_growing": 2,
        "cap_planned": 0,
        "objection_days": 7,
    }
    return body | changes


def draft_body(tier: str = "mature", **changes: Any) -> dict[str, Any]:
    return {"tier": tier, "statement": "二十年行业经验，专职专家四十人。"} | changes


@dataclass
class Recruiting:
    """Acts as the Ministry, and as the TEOs that apply."""

    world: World

    def announced(self, code: str = "2026-1", **changes: Any) -> str:
        made = self.world.post("/recruitment-rounds", round_body(code, **changes), Role.MINISTRY)
        self.world.post(f"/recruitment-rounds/{made['id']}/announcement", None, Role.MINISTRY, 200)
        return str(made["id"])

    def teo(self, number: int) -> str:
        return str(self.world.post("/organizations", self.world.teo_body(number))["id"])

    def as_teo(self, teo_id: str) -> dict[str, Any]:
        return {"role": Role.TEO, "organization_id": uuid.UUID(teo_id)}

    def draft(self, round_id: str, teo_id: str, tier: str = "mature", expect: int = 201) -> Any:
        path = f"/recruitment-rounds/{round_id}/applications"
        return self.world.post(path, draft_body(tier), expect=expect, **self.as_teo(teo_id))

    def submitted(self, round_id: str, teo_id: str, tier: str = "mature") -> str:
        made = self.draft(round_id, teo_id, tier)
        self.act(made["id"], "submission", **self.as_teo(teo_id))
        return str(made["id"])

    def act(self, application_id: str, step: str, body: Any = None, expect: int = 200, **who: Any) -> Any:
        who = who or {"role": Role.MINISTRY}
        return self.world.post(f"/applications/{application_id}/{step}", body, expect=expect, **who)

    def expert(self, number: int, expect: int = 201, **changes: Any) -> Any:
        body = {"name": f"专家{'甲乙丙丁戊己庚辛'[number]}", "phone": f"1330000000{number}"}
        body |= {"sector": "industry", "specialty": "software"}
        return self.world.post("/expert-pool", body | changes, Role.MINISTRY, expect)

    def panel(self, size: int = 3, start: int = 0) -> list[str]:
        return [self.expert(number)["id"] for number in range(start, start + size)]

    def judged(self, application_id: str, experts: list[str], score: int = 80) -> None:
        self.act(application_id, "panel", {"expert_ids": experts})
        for expert in experts:
            self.score(application_id, expert, score)

    def score(self, application_id: str, expert_id: str, score: int = 80, expect: int = 201) -> Any:
        body = {"expert_id": expert_id, "score": score, "opinion": "同意"}
        return self.act(application_id, "scores", body, expect)

    def noticed(self, application_id: str, experts: list[str]) -> dict[str, Any]:
        self.judged(application_id, experts)
        return self.act(application_id, "notice")

    def decide(self, application_id: str, accepted: bool = True, expect: int = 200) -> Any:
        return self.act(application_id, "decision", {"accepted": accepted, "reason": "经专家评审"}, expect)

    def object_to(self, application_id: str, expect: int = 201) -> Any:
        answer = self.world.registry.call(
            "POST", f"/registry/v1/notices/{application_id}/objections", json=OBJECTION, expect=expect
        )
        return answer.get_json(force=True)

    def public(self, path: str, expect: int = 200) -> Any:
        return self.world.registry.call("GET", f"/registry/v1{path}", expect=expect).get_json(force=True)
