"""A standard is developed jointly, sent back or approved, published when it is released, and retired."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.registry import CertificateTypePublished
from services.registry.standards import errors, queries, rules
from tests.registry.world import World

REVIEW = {"reviewed_by": "职业教育标准化技术组织", "opinion": "任务描述不清"}


@pytest.fixture
def type_id(world: World) -> str:
    teo = world.admitted_teo()
    return str(world.post("/certificate-types", world.type_body(teo["id"]))["id"])


def levels_said(world: World) -> list[tuple[int, list[tuple[str, str]]]]:
    events = [event for event in world.registry.said() if isinstance(event, CertificateTypePublished)]
    return [(event.type_version, [(one.level, one.standard_version) for one in event.levels]) for event in events]


@pytest.mark.rule("PP-11")
@pytest.mark.parametrize(
    ("authors", "jointly"),
    [
        (["企业", "院校"], True),
        (["企业", "院校", "企业"], True),
        (["企业"], False),
        (["企业", "企业"], False),
        (["Acme Ltd", "ACME ltd "], False),
        ([], False),
    ],
)
def test_a_standard_is_developed_by_two_parties_at_least(authors: list[str], jointly: bool) -> None:
    if jointly:
        rules.check_developed_jointly(authors)
    else:
        with pytest.raises(errors.NotDevelopedJointly):
            rules.check_developed_jointly(authors)


@pytest.mark.rule("PP-11", "PP-05")
@pytest.mark.parametrize("missing", ["basis", "authors", "what_changed", "new_technology", "released_on"])
def test_a_standard_says_what_it_rests_on_who_made_it_and_what_is_new(world: World, type_id: str, missing: str) -> None:
    body = world.standard_body()
    del body[missing]
    assert world.post(f"/certificate-types/{type_id}/standards", body, expect=422)["code"] == "invalid"
    if missing != "released_on":
        blank = world.standard_body() | {missing: [" "] if missing == "authors" else " "}
        assert world.post(f"/certificate-types/{type_id}/standards", blank, expect=422)["code"] == "invalid"


@pytest.mark.rule("PP-05", "PP-02", "OP-36")
def test_each_teo_develops_standards_and_certificates_of_its_own_while_it_takes_part(world: World) -> None:
    mine, other = world.admitted_teo(1), world.admitted_teo(2)
    registered = world.post("/organizations", world.teo_body(3))
    assert world.post("/certificate-types", world.type_body(registered["id"], "003"), expect=409)["code"] == (
        "organization_not_admitted"
    )
    college = world.admitted_college()
    assert world.post("/certificate-types", world.type_body(college["id"], "003"), expect=422)["code"] == (
        "organization_unknown"
    )
    made = world.post("/certificate-types", world.type_body(mine["id"]))
    path = f"/certificate-types/{made['id']}/standards"
    teo, stranger = ({"role": Role.TEO, "organization_id": uuid.UUID(one["id"])} for one in (mine, other))
    assert world.post(path, world.standard_body(), expect=403, **stranger)["code"] == "organization_not_allowed"
    assert world.post(path, world.standard_body(), **teo)["state"] == "draft"
    again = world.type_body(other["id"], name_zh="另一证书")
    assert world.post("/certificate-types", again, expect=409)["code"] == "certificate_type_exists"
    with time_machine.travel(clock.now() + timedelta(days=366)):  # the day after the agreement's last
        later = world.standard_body("advanced")
        assert world.post(path, later, expect=409, **teo)["code"] == "no_agreement_in_force"


@pytest.mark.rule("PP-11")
def test_one_author_alone_is_refused_at_the_door(world: World, type_id: str) -> None:
    body = world.standard_body(authors=["评价组织"])
    refused = world.post(f"/certificate-types/{type_id}/standards", body, expect=422)
    assert (refused["code"], refused["clause"]) == ("standard_not_developed_jointly", "PP-11")


@pytest.mark.rule("PP-06", "PP-25")
def test_a_standard_may_have_a_level_in_the_qualification_framework(world: World, type_id: str) -> None:
    path = f"/certificate-types/{type_id}/standards"
    assert world.post(path, world.standard_body("primary"))["framework_level"] is None
    assert world.post(path, world.standard_body("advanced", framework_level=5))["framework_level"] == 5
    for wrong in (0, 11, "5", 4.5):
        body = world.standard_body("intermediate", framework_level=wrong)
        assert world.post(path, body, expect=422)["code"] == "invalid"


@pytest.mark.rule("PP-12")
def test_what_is_sent_back_is_revised_and_reviewed_again(world: World, type_id: str) -> None:
    base = f"/certificate-types/{type_id}/standards"
    draft = world.post(base, world.standard_body())
    path = f"{base}/{draft['id']}"
    back = world.post(f"{path}/review", REVIEW | {"decision": "send_back"}, expect=200)
    assert (back["state"], back["review_opinion"]) == ("returned", "任务描述不清")
    again = world.post(f"{path}/review", REVIEW, expect=409)
    assert (again["code"], again["clause"], again["state"]) == ("standard_is_returned", "PP-12", "returned")
    refused = world.post(f"/certificate-types/{type_id}/publication", expect=409)
    assert refused["code"] == "standard_not_reviewed"
    revised = world.send("PUT", path, world.standard_body(basis="新修订的职业标准"), Role.OPERATOR, 200)
    assert (revised["state"], revised["basis"]) == ("draft", "新修订的职业标准")
    world.post(f"{path}/review", REVIEW | {"opinion": "同意"}, expect=200)
    reviews = world.get(f"{path}/reviews")["items"]
    assert [(one["decision"], one["opinion"]) for one in reviews] == [
        ("approve", "同意"),
        ("send_back", "任务描述不清"),
    ]
    late = world.send("PUT", path, world.standard_body(), Role.OPERATOR, 409)
    assert late["code"] == "standard_is_reviewed"
    world.post(f"/certificate-types/{type_id}/publication", expect=200)
    assert world.post(f"{path}/review", REVIEW, expect=409)["code"] == "standard_is_published"


@pytest.mark.rule("PP-12")
def test_nobody_reviews_what_it_developed_itself(world: World, type_id: str) -> None:
    draft = world.post(f"/certificate-types/{type_id}/standards", world.standard_body(authors=["甲机构", "行业企业"]))
    path = f"/certificate-types/{type_id}/standards/{draft['id']}"
    refused = world.post(f"{path}/review", REVIEW | {"reviewed_by": "甲 机构"}, expect=422)
    assert refused["code"] == "reviewer_is_author"
    assert world.get(path)["state"] == "draft"
    assert world.get(f"{path}/reviews")["items"] == []


@pytest.mark.parametrize("step", ["draft", "returned", "reviewed"])
def test_a_standard_is_withdrawn_before_it_is_published(world: World, type_id: str, step: str) -> None:
    base = f"/certificate-types/{type_id}/standards"
    path = f"{base}/{world.post(base, world.standard_body())['id']}"
    if step != "draft":
        decision = "approve" if step == "reviewed" else "send_back"
        assert world.post(f"{path}/review", REVIEW | {"decision": decision}, expect=200)["state"] == step
    assert world.post(f"{path}/withdrawal", expect=200)["state"] == "withdrawn"
    assert world.post(f"{path}/withdrawal", expect=409)["code"] == "standard_is_withdrawn"
    refused = world.post(f"/certificate-types/{type_id}/publication", expect=409)
    assert refused["code"] == "nothing_to_publish"


@pytest.mark.rule("OP-33", "PP-12")
def test_a_standard_is_published_on_the_day_of_its_release_and_not_before(world: World, type_id: str) -> None:
    today = clock.today()
    world.reviewed_standard(type_id, "primary", released_on=str(today))
    world.reviewed_standard(type_id, "advanced", released_on=str(today + timedelta(days=1)))
    publication = f"/certificate-types/{type_id}/publication"
    assert [one["level"] for one in world.post(publication, expect=200)["levels"]] == ["primary"]
    assert world.post(publication, expect=409)["code"] == "nothing_to_publish"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert [one["level"] for one in world.post(publication, expect=200)["levels"]] == ["primary", "advanced"]


@pytest.mark.rule("PP-10", "PP-11")
def test_a_retired_standard_gives_way_to_the_version_before_it_and_then_to_none(world: World, type_id: str) -> None:
    for version, day in (("1.0", "2019-04-20"), ("2.0", "2021-06-01")):
        world.reviewed_standard(type_id, "primary", version, released_on=day)
    world.reviewed_standard(type_id, "advanced", "1.0")
    world.post(f"/certificate-types/{type_id}/publication", expect=200)
    ids = {
        (one["level"], one["version"]): one["id"]
        for one in world.get(f"/certificate-types/{type_id}/standards")["items"]
    }

    def retire(level: str, version: str, expect: int = 200) -> Any:
        path = f"/certificate-types/{type_id}/standards/{ids[level, version]}/retirement"
        return world.post(path, {"reason": "内容已被新职业标准取代"}, expect=expect)

    retire("primary", "2.0")
    assert retire("primary", "2.0", 409)["code"] == "standard_is_retired"
    assert [one["level"] for one in retire("primary", "1.0")["levels"]] == ["advanced"]
    assert retire("advanced", "1.0")["levels"] == []
    assert levels_said(world) == [
        (1, [("primary", "2.0"), ("advanced", "1.0")]),
        (2, [("primary", "1.0"), ("advanced", "1.0")]),
        (3, [("advanced", "1.0")]),
        (4, []),
    ]
    retired = world.get(f"/certificate-types/{type_id}/standards/{ids['primary', '2.0']}")
    assert (retired["state"], retired["retirement_reason"]) == ("retired", "内容已被新职业标准取代")
    with world.registry.database.session() as session:
        assert queries.levels_in_force(session, [uuid.UUID(type_id)]) == {uuid.UUID(type_id): []}


@pytest.mark.rule("PP-10")
def test_retiring_a_version_that_is_no_longer_in_force_tells_nobody_anything_new(world: World, type_id: str) -> None:
    world.reviewed_standard(type_id, "primary", "1.0")
    world.reviewed_standard(type_id, "primary", "2.0", released_on="2021-06-01")
    world.post(f"/certificate-types/{type_id}/publication", expect=200)
    old = next(one for one in world.get(f"/certificate-types/{type_id}/standards")["items"] if one["version"] == "1.0")
    world.post(f"/certificate-types/{type_id}/standards/{old['id']}/retirement", {"reason": "过期"}, expect=200)
    assert levels_said(world) == [(1, [("primary", "2.0")])]


@pytest.mark.rule("PP-12")
def test_only_what_is_published_retires(world: World, type_id: str) -> None:
    draft = world.post(f"/certificate-types/{type_id}/standards", world.standard_body())
    path = f"/certificate-types/{type_id}/standards/{draft['id']}/retirement"
    assert world.post(path, {"reason": "无"}, expect=409)["code"] == "standard_is_draft"
    assert world.post(path, {}, expect=422)["code"] == "invalid"
    other = f"/certificate-types/{uuid.uuid4()}/standards/{draft['id']}/retirement"
    assert world.post(other, {"reason": "无"}, expect=404)["code"] == "not_found"


@pytest.mark.rule("PP-16")
def test_a_published_types_names_are_put_right_and_said_again(world: World, type_id: str) -> None:
    world.reviewed_standard(type_id)
    world.post(f"/certificate-types/{type_id}/publication", expect=200)
    names = {
        "name_zh": "Web前端开发（新）",
        "name_en": "Web Front-end",
        "field": "information technology",
        "selection_reference": "教职所〔2019〕141号",
    }
    path = f"/certificate-types/{type_id}"
    assert world.send("PUT", path, names, Role.OPERATOR, 200)["type_version"] == 2
    assert world.send("PUT", path, names | {"field": "IT"}, Role.OPERATOR, 200)["type_version"] == 2
    last = world.registry.said(CertificateTypePublished)[-1]
    assert isinstance(last, CertificateTypePublished)
    assert (last.name_zh, [one.level for one in last.levels]) == ("Web前端开发（新）", ["primary"])
    barred = world.send("PUT", path, names | {"name_zh": "物业管理师"}, Role.OPERATOR, 422)
    assert barred["code"] == "cancelled_qualification"


def test_anyone_reads_published_standards_and_their_teo_the_drafts(world: World, type_id: str) -> None:
    teo_id = uuid.UUID(world.get("/certificate-types")["items"][0]["teo_id"])
    world.reviewed_standard(type_id)
    world.post(f"/certificate-types/{type_id}/publication", expect=200)
    draft = world.post(f"/certificate-types/{type_id}/standards", world.standard_body("advanced"))
    path = f"/certificate-types/{type_id}/standards"

    def seen(**who: Any) -> list[str]:
        answer = world.registry.call("GET", f"/registry/v1{path}", expect=200, **who)
        assert answer.json is not None
        return [one["level"] for one in answer.json["items"]]

    assert seen() == seen(role=Role.COLLEGE, organization_id=uuid.uuid4()) == ["primary"]
    assert seen(role=Role.TEO, organization_id=uuid.uuid4()) == ["primary"]
    assert seen(role=Role.TEO, organization_id=teo_id) == seen(role=Role.MINISTRY) == ["advanced", "primary"]
    assert world.get(f"{path}/{draft['id']}", Role.TEO, 404, organization_id=uuid.uuid4())["code"] == "not_found"
    assert (
        world.get(f"{path}/{draft['id']}/reviews", Role.TEO, 404, organization_id=uuid.uuid4())["code"] == "not_found"
    )
    for method, at, body in (
        ("PUT", f"{path}/{draft['id']}", world.standard_body("advanced")),
        ("POST", f"{path}/{draft['id']}/withdrawal", None),
    ):
        refused = world.send(method, at, body, Role.TEO, 403, organization_id=uuid.uuid4())
        assert refused["code"] == "organization_not_allowed"


@pytest.mark.rule("PP-16")
def test_the_list_of_cancelled_qualifications_is_public(world: World) -> None:
    answer = world.registry.call("GET", "/registry/v1/cancelled-qualifications?name_zh=物业&size=5", expect=200)
    assert answer.json is not None
    assert [one["name_zh"] for one in answer.json["items"]] == ["物业管理师"]


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), 36, date(2029, 3, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(9999, 12, 31), 120, date(9999, 12, 31)),
    ],
)
def test_months_after_a_day_end_on_the_same_day_or_the_months_last(day: date, months: int, due: date) -> None:
    assert rules.months_after(day, months) == due


def test_a_type_without_a_standard_is_taken_back_and_its_code_is_free_again(world: World, type_id: str) -> None:
    teo_id = world.get(f"/certificate-types/{type_id}")["teo_id"]
    path = f"/registry/v1/certificate-types/{type_id}"
    world.registry.call("DELETE", path, role=Role.OPERATOR, expect=204)
    assert world.get(f"/certificate-types/{type_id}", expect=404)["code"] == "not_found"
    again = world.post("/certificate-types", world.type_body(teo_id))
    world.post(f"/certificate-types/{again['id']}/standards", world.standard_body())
    answer = world.registry.call(
        "DELETE", f"/registry/v1/certificate-types/{again['id']}", role=Role.OPERATOR, expect=409
    )
    assert answer.json is not None
    assert answer.json["code"] == "certificate_type_in_use"
    assert world.get(f"/certificate-types/{again['id']}")["code"] == "001"
