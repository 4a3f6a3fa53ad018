"""The organizations, agreements, types and sites that the registry's tests begin with, made through its doors."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from stdnum.cn import uscc
from werkzeug.test import TestResponse

from onex.chassis import clock
from onex.chassis.access import Role
from tests.harness.service import Service, json_of

API = "/registry/v1"
WORK_GROUP = {"leader_name": "王建国", "leader_title": "校长", "contact_name": "李敏", "contact_phone": "13800138000"}
CLAUSES = {
    name: f"What the TEO promises on {name}."
    for name in ("public_welfare", "advancedness", "compliance", "exit", "liability")
}


def credit_code(number: int, division: str = "110108") -> str:
    """The unified social credit code of an invented organization, with its right check character."""
    body = f"52{division}{number:09d}"
    return body + uscc.calc_check_digit(body)


@dataclass
class World:
    """Calls the registry's doors as the operator, a TEO, a college or a province."""

    registry: Service

    def post(self, path: str, body: Any = None, role: Role = Role.OPERATOR, expect: int = 201, **who: Any) -> Any:
        return self.send("POST", path, body, role, expect, **who)

    def send(self, method: str, path: str, body: Any, role: Role, expect: int, **who: Any) -> Any:
        options: dict[str, Any] = who if body is None else who | {"json": body}
        answer: TestResponse = self.registry.call(method, API + path, role=role, expect=expect, **options)
        return json_of(answer) if answer.get_data() else None

    def get(self, path: str, role: Role = Role.OPERATOR, expect: int = 200, **who: Any) -> Any:
        return json_of(self.registry.call("GET", API + path, role=role, expect=expect, **who))

    def province(self, code: str = "11", **changes: Any) -> dict[str, Any]:
        body = {
            "kind": "province",
            "code": code,
            "name_zh": "教育厅",
            "name_en": "Education Department",
            "division_code": code + "0000",
            "contacts": [{"name": "赵云", "phone": "01012345678", "email": "zhao@example.cn"}],
        }
        return self.post("/organizations", body | changes)

    def teo_body(self, number: int = 1, **changes: Any) -> dict[str, Any]:
        body = {
            "kind": "teo",
            "code": credit_code(number),
            "name_zh": f"评价组织{number}",
            "name_en": f"TEO {number}",
            "division_code": "110108",
            "contacts": [{"name": "张三", "phone": "13900139000", "email": "zhang@example.cn"}],
        }
        return body | changes

    def college_body(self, number: int = 100, **changes: Any) -> dict[str, Any]:
        body = {
            "kind": "college",
            "code": credit_code(number),
            "name_zh": f"职业学院{number}",
            "name_en": f"College {number}",
            "division_code": "110108",
            "province_code": "11",
            "college_kind": "higher_vocational",
            "contacts": [{"name": "欧阳娜娜", "phone": "13700137000", "email": "nana@example.cn"}],
            "work_group": WORK_GROUP,
        }
        return body | changes

    def base_body(self, code: str = "BJ-BASE-1", **changes: Any) -> dict[str, Any]:
        """A training base of Beijing, with a code of its own."""
        body = {
            "kind": "training_base",
            "code": code,
            "name_zh": "海淀产教融合实训基地",
            "name_en": "Haidian training base",
            "division_code": "110108",
            "province_code": "11",
        }
        return body | changes

    def admitted_base(self, code: str = "BJ-BASE-1", **changes: Any) -> dict[str, Any]:
        return self.admit(self.post("/organizations", self.base_body(code, **changes))["id"])

    def admitted_enterprise(self, number: int = 300, **changes: Any) -> dict[str, Any]:
        body = {
            "kind": "enterprise",
            "code": credit_code(number),
            "name_zh": f"企业{number}",
            "name_en": f"Enterprise {number}",
            "division_code": "110108",
            "province_code": "11",
        }
        return self.admit(self.post("/organizations", body | changes)["id"])

    def agreement_body(self, teo_id: str, from_days: int = 0, to_days: int = 365, **changes: Any) -> dict[str, Any]:
        today = clock.today()
        first = today + timedelta(days=from_days)
        body = {
            "teo_id": teo_id,
            "clauses": CLAUSES,
            "signed_on": str(min(today, first)),
            "in_force_from": str(first),
            "in_force_to": str(today + timedelta(days=to_days)),
        }
        return body | changes

    def batch(self, *college_ids: str, from_days: int = -30, to_days: int = 365, **changes: Any) -> dict[str, Any]:
        """A batch of the pilot that runs today unless told otherwise, with these colleges in it."""
        today = clock.today()
        body = {
            "code": f"batch-{uuid.uuid4().hex[:8]}",
            "name_zh": "首批试点",
            "name_en": "First batch",
            "starts_on": str(today + timedelta(days=from_days)),
            "ends_on": str(today + timedelta(days=to_days)),
        }
        made = self.post("/batches", body | changes, Role.MINISTRY)
        if college_ids:
            self.post(f"/batches/{made['id']}/colleges", {"college_ids": list(college_ids)}, Role.MINISTRY, 200)
        return made

    def quota(
        self, college_id: str, type_id: str, seats: int = 30, level: str = "primary", expect: int = 200,
        province_code: str = "11", **changes: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """A college's quota for this year, filed by its province."""
        body = {
            "college_id": college_id,
            "certificate_type_id": type_id,
            "level": level,
            "year": clock.today().year,
            "seats": seats,
        }
        return self.send("PUT", "/quotas", body | changes, Role.PROVINCE, expect, province_code=province_code)

    def admit(self, organization_id: str, expect: int = 200, role: Role = Role.OPERATOR, **who: Any) -> Any:
        return self.post(f"/organizations/{organization_id}/admission", None, role, expect, **who)

    def admitted_teo(self, number: int = 1) -> dict[str, Any]:
        teo = self.post("/organizations", self.teo_body(number))
        self.post("/agreements", self.agreement_body(teo["id"]))
        return self.admit(teo["id"])

    def admitted_college(self, number: int = 100, **changes: Any) -> dict[str, Any]:
        return self.admit(self.post("/organizations", self.college_body(number, **changes))["id"])

    def type_body(self, teo_id: str, code: str = "001", **changes: Any) -> dict[str, Any]:
        body = {
            "code": code,
            "name_zh": "Web前端开发",
            "name_en": "Web Front-end Development",
            "field": "information technology",
            "teo_id": teo_id,
            "selection_reference": "教职所〔2019〕141号",
        }
        return body | changes

    def standard_body(self, level: str = "primary", version: str = "1.0", **changes: Any) -> dict[str, Any]:
        body = {
            "level": level,
            "version": version,
            "basis": "国家职业技能标准",
            "authors": ["评价组织", "行业企业"],
            "what_changed": "First version.",
            "new_technology": "响应式网页与组件化开发",
            "released_on": "2019-04-20",
        }
        return body | changes

    def reviewed_standard(self, type_id: str, level: str = "primary", version: str = "1.0", **changes: Any) -> Any:
        made = self.post(f"/certificate-types/{type_id}/standards", self.standard_body(level, version, **changes))
        review = {"reviewed_by": "教育部职业技术教育中心研究所", "opinion": "Fit to be published."}
        return self.post(f"/certificate-types/{type_id}/standards/{made['id']}/review", review, expect=200)

    def published_type(self, teo_id: str, code: str = "001") -> dict[str, Any]:
        made = self.post("/certificate-types", self.type_body(teo_id, code))
        self.reviewed_standard(made["id"])
        return self.post(f"/certificate-types/{made['id']}/publication", expect=200)

    def site_body(self, type_id: str, code: str = "BJ-001", **changes: Any) -> dict[str, Any]:
        body = {
            "code": code,
            "certificate_type_id": type_id,
            "address_zh": "北京市海淀区某路1号",
            "division_code": "110108",
            "capacity": 60,
            "conditions": {"rooms": 2, "computers": 60, "cameras": True, "network": "1 Gbit/s"},
        }
        return body | changes

    def declared_site(self, college_id: str, type_id: str, code: str = "BJ-001") -> dict[str, Any]:
        return self.post("/sites", self.site_body(type_id, code), Role.COLLEGE, organization_id=uuid.UUID(college_id))

    def settle_as_teo(self, site_id: str, teo_id: str, expect: int = 200) -> Any:
        return self.post(f"/sites/{site_id}/settlement", None, Role.TEO, expect, organization_id=uuid.UUID(teo_id))

    def settle_as_province(self, site_id: str, province_code: str = "11", expect: int = 200) -> Any:
        return self.post(f"/sites/{site_id}/settlement", None, Role.PROVINCE, expect, province_code=province_code)

    def file(self, site_id: str, province_code: str = "11", expect: int = 200) -> Any:
        return self.post(f"/sites/{site_id}/filing", None, Role.PROVINCE, expect, province_code=province_code)
