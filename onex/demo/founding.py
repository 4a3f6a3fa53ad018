"""Step 1 of the main job: organizations, agreements, certificate types, sites and everyone's credentials."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onex.chassis import clock
from onex.demo import cast
from onex.demo.client import Caller, Refused

CLAUSES = {
    "public_welfare": "公益性：以社会效益为先，按成本核算收费。",
    "advancedness": "先进性：标准随新技术、新工艺、新规范及时更新。",
    "compliance": "规范性：依法依规开展培训、考核与颁证。",
    "exit": "退出机制：违约经核实后退出试点。",
    "liability": "违约责任：按协议承担相应责任。",
}


class Founding:
    """Registers what is not registered yet, so that the demo can run again on the same data."""

    def __init__(self, url: str, operator: Caller, credentials: Path, tick: Callable[[str], None]) -> None:
        self.url, self.operator, self.credentials_file, self.tick = url, operator, credentials, tick
        self.secrets: dict[str, str] = json.loads(credentials.read_text()) if credentials.exists() else {}
        self.ids: dict[str, str] = {}

    def client(self, client_id: str, role: str, **scope: Any) -> Caller:
        """A caller with credentials of its own, registered by the operator at the first run."""
        if client_id not in self.secrets:
            body = {"client_id": client_id, "role": role} | scope
            self.secrets[client_id] = self.operator.post("/registry/v1/clients", body)["client_secret"]
            descriptor = os.open(self.credentials_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                json.dump(self.secrets, file)
        return Caller(self.url, client_id, self.secrets[client_id])

    def organization(self, key: str, body: dict[str, Any]) -> str:
        """The organization's id, registered if it is not."""
        try:
            self.ids[key] = self.operator.post("/registry/v1/organizations", body)["id"]
        except Refused as refused:
            if refused.code != "organization_exists":
                raise
            everyone = self.operator.pages("/registry/v1/organizations", kind=body["kind"], size=200)
            self.ids[key] = next(one["id"] for one in everyone if one["code"] == body["code"])
        self.tick(body["name_zh"])
        return self.ids[key]

    def admit(self, key: str, by: Caller | None = None) -> None:
        current = self.operator.get(f"/registry/v1/organizations/{self.ids[key]}")
        if current["status"] != "admitted":
            (by or self.operator).post(f"/registry/v1/organizations/{self.ids[key]}/admission")

    def provinces(self) -> dict[str, Caller]:
        """Three provinces and their callers, by province code."""
        callers = {}
        for province in cast.PROVINCES:
            key = f"province-{province.code}"
            body = {
                "kind": "province",
                "code": province.code,
                "name_zh": province.name_zh,
                "name_en": province.name_en,
                "division_code": province.division,
                "province_code": province.code,
                "contacts": [{"name": "职成处", "phone": "025-00000000", "email": f"{key}@example.cn"}],
            }
            organization_id = self.organization(key, body)
            self.admit(key)
            callers[province.code] = self.client(key, "province", organization_id=organization_id)
        return callers

    def teos(self) -> dict[str, Caller]:
        """Five TEOs, each with an agreement in force (OP-36), by key."""
        callers = {}
        today = clock.today()
        signed = {one["teo_id"] for one in self.operator.pages("/registry/v1/agreements", size=200)}
        for teo in cast.TEOS:
            body = {
                "kind": "teo",
                "code": teo.code,
                "name_zh": teo.name_zh,
                "name_en": teo.name_en,
                "division_code": teo.division,
                "contacts": [{"name": "项目部", "phone": "010-00000000", "email": f"{teo.key}@example.cn"}],
            }
            organization_id = self.organization(teo.key, body)
            if organization_id not in signed:
                agreement = {
                    "teo_id": organization_id,
                    "clauses": CLAUSES,
                    "signed_on": today.isoformat(),
                    "in_force_from": today.isoformat(),
                    "in_force_to": today.replace(year=today.year + 3, day=min(today.day, 28)).isoformat(),
                }
                self.operator.post("/registry/v1/agreements", agreement)
            self.admit(teo.key)
            callers[teo.key] = self.client(teo.key, "teo", organization_id=organization_id)
        return callers

    def colleges(self, provinces: dict[str, Caller]) -> dict[str, Caller]:
        """Twelve colleges, each filed by its own province (PP-33), by key."""
        callers = {}
        for college in cast.COLLEGES:
            body = {
                "kind": "college",
                "code": college.code,
                "name_zh": college.name_zh,
                "name_en": college.name_en,
                "division_code": college.division,
                "province_code": college.province,
                "college_kind": college.kind,
                "contacts": [{"name": "教务处", "phone": "025-00000001", "email": f"{college.key}@example.cn"}],
                "work_group": {
                    "leader_name": "示例校长",
                    "leader_title": "校长",
                    "contact_name": "示例联系人",
                    "contact_phone": "025-00000002",
                },
            }
            organization_id = self.organization(college.key, body)
            self.admit(college.key, by=provinces[college.province])
            callers[college.key] = self.client(college.key, "college", organization_id=organization_id)
        return callers

    def types(self, teos: dict[str, Caller]) -> None:
        """The six certificate types with a published standard for the level that is assessed here (PP-10, PP-12)."""
        known = {one["code"]: one["id"] for one in Caller(self.url).pages("/registry/v1/certificate-types", size=200)}
        for one in cast.TYPES:
            if one.code not in known:
                body = {
                    "code": one.code,
                    "name_zh": one.name_zh,
                    "name_en": one.name_en,
                    "field": one.field,
                    "teo_id": self.ids[one.teo],
                    "selection_reference": "教职成司函〔2019〕36号",
                }
                known[one.code] = self.operator.post("/registry/v1/certificate-types", body)["id"]
                base = f"/registry/v1/certificate-types/{known[one.code]}"
                standard = {
                    "level": one.level,
                    "version": "1.0",
                    "basis": "国家职业标准",
                    "authors": ["行业企业", "职业院校", "培训评价组织"],
                    "what_changed": "首次发布",
                    "new_technology": "反映本行业的新技术、新工艺、新规范",
                    "released_on": clock.today().isoformat(),
                }
                made = teos[one.teo].post(f"{base}/standards", standard)
                self.operator.post(
                    f"{base}/standards/{made['id']}/review",
                    {"reviewed_by": "职业教育标准化技术组织", "opinion": "同意发布"},
                )
                self.operator.post(f"{base}/publication")
            self.ids[f"type-{one.code}"] = known[one.code]
            self.tick(one.name_zh)

    def sites(self, teos: dict[str, Caller], colleges: dict[str, Caller], provinces: dict[str, Caller]) -> None:
        """Two sites a type, declared by colleges, settled by TEO and province, filed (OP-23)."""
        known = {one["code"]: one["id"] for one in self.operator.pages("/registry/v1/sites", size=200)}
        for one in cast.TYPES:
            for number, college in enumerate(cast.colleges_of(one), start=1):
                code = f"S{one.code}{number}"
                if code not in known:
                    body = {
                        "code": code,
                        "certificate_type_id": self.ids[f"type-{one.code}"],
                        "address_zh": f"{college.name_zh}实训楼{number}号楼",
                        "division_code": college.division,
                        "capacity": 100_000,
                        "conditions": {"rooms": 20, "cameras": "全程监控"},
                    }
                    known[code] = colleges[college.key].post("/registry/v1/sites", body)["id"]
                    teos[one.teo].post(f"/registry/v1/sites/{known[code]}/settlement")
                    provinces[college.province].post(f"/registry/v1/sites/{known[code]}/settlement")
                    provinces[college.province].post(f"/registry/v1/sites/{known[code]}/filing")
                self.ids[code] = known[code]
                self.tick(code)
