"""Good cases become public, suggestions are collected and answered (OP-44)."""

from typing import Any

import pytest

from onex.chassis.access import Role
from tests.harness.service import json_of
from tests.registry.callers import own, province
from tests.registry.reports.conftest import Parties, beijing
from tests.registry.world import API

pytestmark = pytest.mark.rule("OP-44")
CASE = {"title_zh": "校企双师同堂", "title_en": "Two teachers, one classroom", "summary": "企业工程师与教师同堂授课。"}
SUGGESTION = {"topic": "考点布局", "suggested": "每个地级市增设一个考点。"}


@pytest.fixture
def report_id(parties: Parties) -> str:
    parties.now.move_to(beijing("2026-03-06"))
    return str(parties.send("2026-W10")["id"])


def everyone(parties: Parties, path: str = "", expect: int = 200) -> Any:
    """What anyone reads, without a token."""
    return json_of(parties.world.registry.call("GET", f"{API}/good-cases{path}", expect=expect))


@pytest.fixture
def proposed(parties: Parties, report_id: str) -> str:
    return str(parties.world.post("/good-cases", CASE | {"report_id": report_id}, **parties.college)["id"])


def decide(parties: Parties, case: str, decision: str, expect: int = 200, **who: Any) -> Any:
    body = {"decision": decision, "remark": "同意。"}
    return parties.world.post(f"/good-cases/{case}/decision", body, expect=expect, **(who or parties.province))


def test_a_case_is_proposed_from_a_report_and_published_to_everyone(parties: Parties, proposed: str) -> None:
    assert everyone(parties)["items"] == []
    everyone(parties, f"/{proposed}", 404)
    published = decide(parties, proposed, "publish")
    assert (published["state"], published["decided_by"]) == ("published", "test-province-")
    (seen,) = everyone(parties)["items"]
    assert seen == everyone(parties, f"/{proposed}")
    assert {name: seen[name] for name in CASE} == CASE
    assert (seen["organization_id"], seen["organization_kind"]) == (parties.college_id, "college")
    assert seen["published_at"] is not None
    assert not {"remark", "proposed_by", "decided_by", "report_id"} & set(seen)
    assert everyone(parties, "?province_code=32")["items"] == []


def test_a_province_proposes_its_colleges_case_from_their_report(parties: Parties, report_id: str) -> None:
    made = parties.world.post("/good-cases", CASE | {"report_id": report_id}, **parties.province)
    assert (made["organization_id"], made["report_id"]) == (parties.college_id, report_id)
    refused = parties.world.post("/good-cases", CASE | {"report_id": report_id}, expect=404, **province("32"))
    assert refused["code"] == "not_found"


def test_a_proposal_is_put_right_until_it_is_decided(parties: Parties, proposed: str) -> None:
    path, changed = f"/good-cases/{proposed}", CASE | {"title_en": "Engineers in class"}
    assert parties.world.send("PUT", path, changed, expect=200, **parties.college)["title_en"] == "Engineers in class"
    decide(parties, proposed, "publish")
    refused = parties.world.send("PUT", path, changed, expect=409, **parties.college)
    assert (refused["code"], refused["clause"]) == ("good_case_is_published", "OP-44")
    assert decide(parties, proposed, "decline", 409)["code"] == "good_case_is_published"


def test_a_published_case_can_be_taken_back_and_a_declined_one_stays(parties: Parties, proposed: str) -> None:
    decide(parties, proposed, "publish")
    taken = parties.world.post(f"/good-cases/{proposed}/withdrawal", expect=200, **parties.college)
    assert taken["state"] == "withdrawn"
    assert everyone(parties)["items"] == []
    other = parties.world.post("/good-cases", CASE, **parties.college)["id"]
    assert decide(parties, other, "decline", role=Role.MINISTRY)["state"] == "declined"
    refused = parties.world.post(f"/good-cases/{other}/withdrawal", expect=409, **parties.college)
    assert refused["code"] == "good_case_is_declined"


@pytest.mark.rule("OP-01")
def test_cases_are_handled_by_their_own_and_their_province(parties: Parties, proposed: str) -> None:
    other = own(Role.COLLEGE, parties.world.admitted_college(200)["id"])
    path = f"/good-cases/{proposed}"
    for who in (other, province("32"), parties.teo, own(Role.LEARNER)):
        parties.world.get(path, expect=404, **who)
        assert parties.world.get("/good-cases", **who)["items"] == []
    for who in (parties.college, parties.province, own(Role.OPERATOR)):
        assert [one["id"] for one in parties.world.get("/good-cases?state=proposed", **who)["items"]] == [proposed]
    decide(parties, proposed, "publish", 404, **province("32"))
    decide(parties, proposed, "publish", 403, **parties.college)
    parties.world.post(f"{path}/withdrawal", expect=404, **other)
    decide(parties, proposed, "publish")
    for who in (other, province("32")):  # everyone sees it now, and it is still not theirs
        refused = parties.world.post(f"{path}/withdrawal", expect=403, **who)
        assert refused["code"] == "organization_not_allowed"
        refused = parties.world.send("PUT", path, CASE, expect=403, **who) if who is other else refused
        assert refused["code"] == "organization_not_allowed"


def test_a_provinces_own_case_is_published_by_the_ministry(parties: Parties) -> None:
    made = parties.world.post("/good-cases", CASE, **parties.province)
    assert made["organization_kind"] == "province"
    assert decide(parties, made["id"], "publish", 403)["code"] == "organization_not_allowed"
    assert decide(parties, made["id"], "publish", role=Role.MINISTRY)["state"] == "published"


def answer(parties: Parties, one: str, decision: str, said: str = "", expect: int = 200, **who: Any) -> Any:
    body = {"decision": decision, "answer": said}
    return parties.world.post(f"/suggestions/{one}/decision", body, expect=expect, **(who or own(Role.MINISTRY)))


@pytest.mark.rule("OP-06")
def test_a_suggestion_is_collected_looked_into_and_answered(parties: Parties, report_id: str) -> None:
    made = parties.world.post("/suggestions", SUGGESTION | {"report_id": report_id}, **parties.college)
    one = made["id"]
    assert (made["state"], made["report_id"], made["province_code"]) == ("received", report_id, "11")
    assert answer(parties, one, "review")["state"] == "under_review"
    refused = answer(parties, one, "review", expect=409)
    assert (refused["code"], refused["clause"]) == ("suggestion_is_under_review", "OP-44")
    assert answer(parties, one, "adopt", expect=422)["code"] == "suggestion_answer_missing"
    adopted = answer(parties, one, "adopt", "下一批起实行。")
    assert (adopted["state"], adopted["answer"]) == ("adopted", "下一批起实行。")
    assert answer(parties, one, "decline", "不。", 409)["code"] == "suggestion_is_adopted"
    assert parties.world.get(f"/suggestions/{one}", **parties.college) == adopted


def test_a_suggestion_is_changed_or_taken_back_while_nobody_looked_at_it(parties: Parties) -> None:
    one = parties.world.post("/suggestions", SUGGESTION, **parties.teo)["id"]
    path, changed = f"/suggestions/{one}", SUGGESTION | {"topic": "考点"}
    assert parties.world.send("PUT", path, changed, expect=200, **parties.teo)["topic"] == "考点"
    answer(parties, one, "review")
    refused = parties.world.send("PUT", path, changed, expect=409, **parties.teo)
    assert refused["code"] == "suggestion_is_under_review"
    assert parties.world.post(f"{path}/withdrawal", expect=200, **parties.teo)["state"] == "withdrawn"
    assert answer(parties, one, "adopt", "好。", 409)["code"] == "suggestion_is_withdrawn"


@pytest.mark.rule("OP-01")
def test_suggestions_are_read_in_their_scope(parties: Parties) -> None:
    colleges = parties.world.post("/suggestions", SUGGESTION, **parties.college)["id"]
    teos = parties.world.post("/suggestions", SUGGESTION, **parties.teo)["id"]

    def seen(**who: Any) -> list[str]:
        return [one["id"] for one in parties.world.get("/suggestions", **who)["items"]]

    assert seen(role=Role.MINISTRY) == [teos, colleges]
    assert seen(**parties.province) == seen(**parties.college) == [colleges]
    assert (seen(**parties.teo), seen(**province("32"))) == ([teos], [])
    assert parties.world.get("/suggestions?organization_kind=teo")["items"][0]["id"] == teos
    parties.world.get(f"/suggestions/{teos}", expect=404, **parties.college)
    parties.world.send("PUT", f"/suggestions/{colleges}", SUGGESTION, expect=404, **parties.teo)
    parties.world.post(f"/suggestions/{colleges}/withdrawal", expect=404, **province("32"))
    answer(parties, colleges, "adopt", "好。", 403, **parties.province)
