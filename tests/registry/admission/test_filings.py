"""Provinces file colleges, the Ministry records them: who fulfils the conditions is in, the others come back (PP-33)."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.contracts.registry import OrganizationAdmitted
from tests.registry.world import World

BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
JIANGSU: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}


def filing(*college_ids: str, **changes: Any) -> dict[str, Any]:
    return {"document": "京教职成〔2026〕3号", "college_ids": list(college_ids)} | changes


@pytest.mark.rule("PP-33", "OP-03")
def test_recording_admits_those_whose_conditions_hold_and_returns_the_others(world: World) -> None:
    good = world.post("/organizations", world.college_body(1))["id"]
    without_group = world.post("/organizations", world.college_body(2, work_group=None))["id"]
    there_already = world.admitted_college(3)["id"]
    made = world.post("/college-filings", filing(good, without_group, there_already), **BEIJING)
    assert (made["state"], made["province_code"]) == ("filed", "11")
    assert world.get(f"/organizations/{good}")["status"] == "registered"
    path = f"/college-filings/{made['id']}"
    assert world.post(f"{path}/recording", None, Role.MINISTRY, 200)["state"] == "recorded"
    outcomes = {
        one["college_id"]: (one["outcome"], one["code"]) for one in world.get(f"{path}/colleges", **BEIJING)["items"]
    }
    assert outcomes == {
        good: ("admitted", None),
        without_group: ("returned", "work_group_incomplete"),
        there_already: ("returned", "organization_already_admitted"),
    }
    returned = world.get(f"{path}/colleges?outcome=returned", Role.MINISTRY)["items"]
    assert all(one["reason"] for one in returned)
    assert world.get(f"/organizations/{good}")["status"] == "admitted"
    assert world.get(f"/organizations/{without_group}")["status"] == "registered"
    heard = {str(one.organization_id) for one in world.registry.said(OrganizationAdmitted)}  # type: ignore[attr-defined]
    assert heard == {good, there_already}
    assert world.post(f"{path}/recording", None, Role.MINISTRY, 409)["code"] == "filing_is_recorded"
    assert world.send("PUT", path, filing(good), expect=409, **BEIJING)["code"] == "filing_is_recorded"


@pytest.mark.rule("PP-33", "PP-36")
def test_a_filing_brings_its_colleges_into_a_batch(world: World) -> None:
    batch = world.batch()
    new = world.post("/organizations", world.college_body(1))["id"]
    old = world.admitted_college(2)["id"]
    unknown = filing(new, batch_id=str(uuid.uuid4()))
    assert world.post("/college-filings", unknown, expect=422, **BEIJING)["code"] == "batch_unknown"
    made = world.post("/college-filings", filing(new, old, batch_id=batch["id"]), **BEIJING)
    world.post(f"/college-filings/{made['id']}/recording", None, Role.OPERATOR, 200)
    colleges = world.get(f"/batches/{batch['id']}/colleges", Role.MINISTRY)["items"]
    assert {one["college_id"] for one in colleges} == {new, old}
    assert len(world.registry.said(OrganizationAdmitted)) == 2


@pytest.mark.rule("PP-33", "OP-01")
def test_a_province_files_and_sees_its_own_colleges_alone(world: World) -> None:
    here = world.post("/organizations", world.college_body(1))["id"]
    there = world.post("/organizations", world.college_body(2, province_code="32", division_code="320102"))["id"]
    teo = world.post("/organizations", world.teo_body(3))["id"]
    refused = world.post("/college-filings", filing(here, there), expect=403, **BEIJING)
    assert refused["code"] == "organization_not_allowed"
    assert world.post("/college-filings", filing(teo), expect=422, **BEIJING)["code"] == "organization_unknown"
    made = world.post("/college-filings", filing(here), **BEIJING)
    path = f"/college-filings/{made['id']}"
    assert world.get("/college-filings", **JIANGSU)["items"] == []
    for hidden in (path, f"{path}/colleges"):
        assert world.get(hidden, expect=404, **JIANGSU)["code"] == "not_found"
    assert world.send("PUT", path, filing(there), expect=404, **JIANGSU)["code"] == "not_found"
    assert world.post(f"{path}/withdrawal", None, expect=404, **JIANGSU)["code"] == "not_found"
    assert [one["id"] for one in world.get("/college-filings?state=filed", Role.MINISTRY)["items"]] == [made["id"]]
    assert world.get(path, **BEIJING)["document"] == "京教职成〔2026〕3号"


@pytest.mark.rule("PP-33")
def test_a_filing_is_changed_and_withdrawn_until_it_is_recorded(world: World) -> None:
    first, second = (world.post("/organizations", world.college_body(number))["id"] for number in (1, 2))
    made = world.post("/college-filings", filing(first), **BEIJING)
    path = f"/college-filings/{made['id']}"
    twice = world.post("/college-filings", filing(first), expect=409, **BEIJING)
    assert (twice["code"], twice["college_id"]) == ("college_filed_already", first)
    world.send("PUT", path, filing(second, second), expect=200, **BEIJING)
    assert [one["college_id"] for one in world.get(f"{path}/colleges", **BEIJING)["items"]] == [second]
    assert world.post(f"{path}/withdrawal", None, expect=200, **BEIJING)["state"] == "withdrawn"
    assert world.post(f"{path}/recording", None, Role.MINISTRY, 409)["code"] == "filing_is_withdrawn"
    world.post("/college-filings", filing(first, second), **BEIJING)
