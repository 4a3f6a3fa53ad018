"""Evaluations of three kinds are made, submitted, published and seen by those who may (OP-39)."""

import uuid
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.world import World

BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
JIANGSU: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
MINISTRY: dict[str, Any] = {"role": Role.MINISTRY}
ITEMS = [
    {"name": "教学质量", "weight": "33.33", "score": "90.50"},
    {"name": "考核组织", "weight": "33.33", "score": 80},
    {"name": "经费使用", "weight": "33.34", "score": "70.25", "remark": "有改进空间"},
]


@pytest.fixture
def college(world: World) -> dict[str, Any]:
    return {"role": Role.COLLEGE, "organization_id": uuid.UUID(world.admitted_college()["id"])}


def body(about: dict[str, Any], kind: str = "self", **changes: Any) -> dict[str, Any]:
    base = {"organization_id": str(about["organization_id"]), "kind": kind, "year": clock.today().year, "items": ITEMS}
    return base | changes


@pytest.mark.rule("OP-39")
def test_a_self_evaluation_is_submitted_returned_corrected_and_published(world: World, college: dict[str, Any]) -> None:
    made = world.post("/evaluations", body(college), **college)
    assert (made["state"], made["total"]) == ("draft", "80.249000")
    path = f"/evaluations/{made['id']}"
    for who in (BEIJING, MINISTRY, JIANGSU):
        assert world.get(path, expect=404, **who)["code"] == "not_found"
    assert world.post(f"{path}/publication", expect=404, **BEIJING)["code"] == "not_found"
    world.post(f"{path}/submission", expect=200, **college)
    assert world.post(f"{path}/publication", expect=404, **JIANGSU)["code"] == "not_found"
    returned = world.post(f"{path}/return", {"because": "Item 2?"}, expect=200, **BEIJING)
    assert (returned["state"], returned["returned_because"]) == ("draft", "Item 2?")
    scores = {"items": [{"name": "总评", "weight": 100, "score": "77.77"}]}
    assert world.send("PUT", path, scores, expect=200, **college)["total"] == "77.770000"
    world.post(f"{path}/submission", expect=200, **college)
    assert world.send("PUT", path, scores, expect=409, **college)["code"] == "evaluation_is_submitted"
    assert world.post(f"{path}/publication", expect=200, **BEIJING)["state"] == "published"
    assert world.post(f"{path}/withdrawal", expect=409, **college)["code"] == "evaluation_is_published"


@pytest.mark.rule("OP-39")
def test_there_is_one_of_each_organization_kind_and_year(world: World, college: dict[str, Any]) -> None:
    first = world.post("/evaluations", body(college), **college)
    assert world.post("/evaluations", body(college), expect=409, **college)["code"] == "evaluation_exists"
    world.post("/evaluations", body(college, year=2025), **college)
    world.post("/evaluations", body(college, "provincial"), **BEIJING)
    third = body(college, "third_party", evaluator="某评估事务所")
    world.post("/evaluations", third, **BEIJING)
    assert world.post("/evaluations", third, expect=409, **BEIJING)["code"] == "evaluation_exists"
    assert (
        world.post("/evaluations", body(college, "third_party"), expect=422, **BEIJING)["code"] == "evaluator_missing"
    )
    world.post(f"/evaluations/{first['id']}/withdrawal", expect=200, **college)
    world.post("/evaluations", body(college), **college)


@pytest.mark.rule("OP-39", "OP-01")
def test_whom_it_is_about_sees_it_once_it_is_published(world: World, college: dict[str, Any]) -> None:
    made = world.post("/evaluations", body(college, "provincial"), **BEIJING)
    path = f"/evaluations/{made['id']}"
    world.post(f"{path}/submission", expect=200, **BEIJING)
    assert world.get(path, expect=404, **college)["code"] == "not_found"
    assert world.get("/evaluations", **college)["items"] == []
    assert world.post(f"{path}/submission", expect=404, **college)["code"] == "not_found"
    world.post(f"{path}/publication", expect=200, **BEIJING)
    assert [one["score"] for one in world.get(path, **college)["items"]] == ["90.50", "80", "70.25"]
    assert world.send("PUT", path, {"items": ITEMS}, expect=403, **college)["code"] == "organization_not_allowed"
    annulled = world.post(f"{path}/annulment", {"because": "Wrong college."}, expect=200, **MINISTRY)
    assert annulled["annulled_because"] == "Wrong college."
    world.post("/evaluations", body(college, "provincial"), **BEIJING)
    assert [one["state"] for one in world.get("/evaluations?kind=provincial", **BEIJING)["items"]] == [
        "draft",
        "annulled",
    ]
    assert world.get("/evaluations", **JIANGSU)["items"] == []


@pytest.mark.rule("OP-39")
def test_provinces_evaluate_a_teo_each_for_itself(world: World) -> None:
    teo = {"organization_id": uuid.UUID(world.admitted_teo()["id"]), "role": Role.TEO}
    for province in (BEIJING, JIANGSU):
        made = world.post("/evaluations", body(teo, "provincial"), **province)
        world.post(f"/evaluations/{made['id']}/submission", expect=200, **province)
        refused = world.post(f"/evaluations/{made['id']}/publication", expect=403, **province)
        assert refused["code"] == "organization_not_allowed"
        world.post(f"/evaluations/{made['id']}/publication", expect=200, **MINISTRY)
    assert [one["made_by_province"] for one in world.get("/evaluations", **teo)["items"]] == ["32", "11"]


@pytest.mark.rule("OP-39")
@pytest.mark.parametrize(
    ("changes", "expect", "code"),
    [
        ({"items": [{"name": "a", "weight": "99.99", "score": 1}]}, 422, "evaluation_weights_wrong"),
        ({"items": [{"name": "a", "weight": "100", "score": "100.01"}]}, 422, "invalid"),
        ({"items": [{"name": "a", "weight": "100", "score": "1.001"}]}, 422, "invalid"),
        ({"items": [{"name": "a", "weight": "100", "score": "NaN"}]}, 422, "invalid"),
        ({"items": []}, 422, "invalid"),
        ({"year": 2018}, 422, "evaluation_year_wrong"),
        ({"kind": "provincial"}, 403, "evaluation_kind_not_open"),
        ({"organization_id": str(uuid.uuid4())}, 422, "organization_unknown"),
    ],
)
def test_a_wrong_evaluation_is_refused(
    world: World, college: dict[str, Any], changes: dict[str, Any], expect: int, code: str
) -> None:
    assert world.post("/evaluations", body(college, **changes), expect=expect, **college)["code"] == code
