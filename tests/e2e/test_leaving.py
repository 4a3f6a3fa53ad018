"""A TEO leaves by the Ministry's decision: the assessment service refuses its next plan, with no hand in between."""

import time
from datetime import timedelta
from typing import Any

import pytest

from onex.chassis import clock
from onex.demo import assessing, cast
from onex.demo.client import Caller, Refused, until_heard
from onex.demo.founding import CLAUSES, Founding
from onex.local.platform import Platform

HEARD_WITHIN_S = 30.0
CODE = "990"


@pytest.fixture
def founding(platform: Platform) -> Founding:
    operator = Caller(platform.url, "operator", platform.environment["ONEX_BOOTSTRAP_OPERATOR_SECRET"])
    until_heard(lambda: operator.get("/registry/v1/organizations"))
    return Founding(platform.url, operator, platform.home / "leaving-clients.json", lambda _: None)


def admitted_teo(founding: Founding) -> Caller:
    """A TEO of its own, with a published certificate type: the demo's TEOs stay."""
    body = {
        "kind": "teo",
        "code": cast.credit_code("110108", 990),
        "name_zh": "示例离场评价中心",
        "name_en": "Example Leaving Centre",
        "division_code": "110108",
        "contacts": [],
    }
    teo_id, today = founding.organization("leaving", body), clock.today()
    days = {"signed_on": str(today), "in_force_from": str(today), "in_force_to": str(today + timedelta(days=365))}
    founding.operator.post("/registry/v1/agreements", {"teo_id": teo_id, "clauses": CLAUSES} | days)
    founding.admit("leaving")
    return founding.client("leaving", "teo", organization_id=teo_id)


def published_type(founding: Founding, teo: Caller) -> str:
    body = {
        "code": CODE,
        "name_zh": "离场示例",
        "name_en": "Leaving",
        "field": "software",
        "teo_id": founding.ids["leaving"],
        "selection_reference": "教职成司函〔2019〕36号",
    }
    type_id = str(founding.operator.post("/registry/v1/certificate-types", body)["id"])
    standard = {
        "level": "primary",
        "version": "1.0",
        "basis": "国家职业标准",
        "authors": ["行业企业", "职业院校"],
        "what_changed": "首次发布",
        "new_technology": "反映新技术",
        "released_on": str(clock.today()),
    }
    base = f"/registry/v1/certificate-types/{type_id}"
    made = teo.post(f"{base}/standards", standard)
    opinion = {"reviewed_by": "职业教育标准化技术组织", "opinion": "同意发布"}
    founding.operator.post(f"{base}/standards/{made['id']}/review", opinion)
    founding.operator.post(f"{base}/publication")
    return type_id


def decide_exit(founding: Founding, teo: Caller) -> None:
    """Ground, investigation, statement, evidence, verification, decision (OP-41)."""
    ministry = founding.client("ministry-leaving", "ministry")
    body = {"organization_id": founding.ids["leaving"], "ground": "f", "found": "Papers were sold."}
    case = f"/registry/v1/exit-cases/{ministry.post('/registry/v1/exit-cases', body)['id']}"
    ministry.post(f"{case}/investigation")
    teo.post(f"{case}/statements", {"statement": "We regret it."})
    ministry.post(f"{case}/evidence", {"title": "Receipt", "source": "inspection 1", "content": "A receipt."})
    ministry.post(f"{case}/verification", {"finding": "It is so."})
    ministry.post(f"{case}/decision", {"reasons": "It may not go on."})


@pytest.mark.rule("OP-41")
def test_from_the_decision_on_assessment_refuses_the_teo(founding: Founding) -> None:
    teo = admitted_teo(founding)
    plan = {
        "certificate_type_id": published_type(founding, teo),
        "level": "primary",
        "title_zh": "考核方案",
        "title_en": "A plan",
        "year": clock.today().year,
        "components": [
            {"code": code, "name_zh": zh, "name_en": en, "weight_percent": weight, "pass_line_hundredths": line}
            for code, zh, en, weight, line in assessing.COMPONENTS
        ],
        "pass_line_hundredths": assessing.PASS_LINE_HUNDREDTHS,
    }
    until_heard(lambda: teo.post("/assessment/v1/plans", plan))
    decide_exit(founding, teo)
    refused = refusal_of(teo, plan)
    assert (refused["code"], refused["clause"]) == ("teo_exited", "OP-41")


def refusal_of(teo: Caller, plan: dict[str, Any]) -> dict[str, Any]:
    """The refusal of the first plan after word of the exit came."""
    deadline = time.monotonic() + HEARD_WITHIN_S
    while time.monotonic() < deadline:
        try:
            teo.post("/assessment/v1/plans", plan)
        except Refused as refused:
            return refused.problem
        time.sleep(0.1)
    raise AssertionError("no plan was refused")
