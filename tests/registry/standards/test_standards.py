"""Certificate types come through selection; standards are drafted, reviewed and published, level by level."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.registry import CertificateTypePublished
from services.registry.standards import errors, rules
from services.registry.standards.cancelled import CANCELLED, normalized
from tests.registry.world import World


@pytest.fixture
def teo(world: World) -> dict[str, Any]:
    return world.admitted_teo()


def levels_said(world: World) -> list[tuple[int, list[tuple[str, str]]]]:
    """Version and (level, standard version) of each publication."""
    events = [event for event in world.registry.said() if isinstance(event, CertificateTypePublished)]
    return [(event.type_version, [(one.level, one.standard_version) for one in event.levels]) for event in events]


@pytest.mark.rule("PP-16")
@pytest.mark.parametrize("name", [name for name, _ in CANCELLED])
def test_every_cancelled_qualification_is_barred_from_the_start(world: World, teo: dict[str, Any], name: str) -> None:
    refused = world.post("/certificate-types", world.type_body(teo["id"], name_zh=name), expect=422)
    assert (refused["code"], refused["clause"]) == ("cancelled_qualification", "PP-16")
    assert refused["decision"] == dict(CANCELLED)[name]


@pytest.mark.rule("PP-16")
@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("物业管理师", True),
        ("物业　管理师", True),
        ("物业管理师证书", True),
        ("物业管理师（职业技能等级证书）", True),
        ("物业管理师职业资格证书", True),
        ("物业管理", False),
        ("智慧物业管理师", False),
    ],
)
def test_a_cancelled_qualification_is_known_however_it_is_written(name: str, same: bool) -> None:
    assert (normalized(name) == normalized("物业管理师")) is same


@pytest.mark.parametrize("name", ["证书", "职业资格", "Web前端开发", "建筑信息模型（BIM）"])
def test_no_name_is_normalized_to_nothing(name: str) -> None:
    assert normalized(name)


@pytest.mark.rule("PP-16")
def test_the_operator_adds_what_is_cancelled_later(world: World, teo: dict[str, Any]) -> None:
    added = {"name_zh": "某某鉴定师", "decision": "国发〔2030〕1号"}
    for _ in range(2):
        world.post("/cancelled-qualifications", added)
    refused = world.post("/certificate-types", world.type_body(teo["id"], name_zh="某某鉴定师证书"), expect=422)
    assert refused["decision"] == "国发〔2030〕1号"


@pytest.mark.rule("PP-16")
def test_a_type_comes_only_through_selection(world: World, teo: dict[str, Any]) -> None:
    body = world.type_body(teo["id"])
    assert world.post("/certificate-types", body | {"selection_reference": " "}, expect=422)["code"] == "invalid"
    del body["selection_reference"]
    assert world.post("/certificate-types", body, expect=422)["code"] == "invalid"


@pytest.mark.parametrize(("code", "expect"), [("001", 201), ("999", 201), ("000", 422), ("1", 422), ("１２３", 422)])
def test_a_types_code_has_three_digits(world: World, teo: dict[str, Any], code: str, expect: int) -> None:
    world.post("/certificate-types", world.type_body(teo["id"], code), expect=expect)


def test_a_types_code_is_given_once(world: World, teo: dict[str, Any]) -> None:
    world.post("/certificate-types", world.type_body(teo["id"]))
    assert world.post("/certificate-types", world.type_body(teo["id"]), expect=409)["code"] == "certificate_type_exists"


@pytest.mark.rule("OP-36")
def test_a_type_is_of_an_admitted_teo_with_an_agreement_in_force(world: World) -> None:
    waiting = world.post("/organizations", world.teo_body(2))
    world.post("/agreements", world.agreement_body(waiting["id"], to_days=1))
    refused = world.post("/certificate-types", world.type_body(waiting["id"]), expect=409)
    assert refused["code"] == "organization_not_admitted"
    world.admit(waiting["id"])
    with time_machine.travel(clock.now() + timedelta(days=2)):
        refused = world.post("/certificate-types", world.type_body(waiting["id"]), expect=409)
        assert refused["code"] == "no_agreement_in_force"
    college = world.admitted_college()
    refused = world.post("/certificate-types", world.type_body(college["id"]), expect=422)
    assert refused["code"] == "organization_unknown"


@pytest.mark.rule("PP-10")
def test_there_are_three_levels_and_no_other(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    path = f"/certificate-types/{made['id']}/standards"
    for level in ("primary", "intermediate", "advanced"):
        assert world.post(path, world.standard_body(level))["state"] == "draft"
    for other in ("expert", "", "Primary", None):
        assert world.post(path, world.standard_body() | {"level": other}, expect=422)["code"] == "invalid"


def test_a_levels_standard_has_each_version_once(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    path = f"/certificate-types/{made['id']}/standards"
    world.post(path, world.standard_body("primary", "1.0"))
    world.post(path, world.standard_body("advanced", "1.0"))
    assert world.post(path, world.standard_body("primary", "1.0"), expect=409)["code"] == "standard_exists"


def test_a_teo_drafts_for_its_own_types_only(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    path, own = f"/certificate-types/{made['id']}/standards", uuid.UUID(teo["id"])
    refused = world.post(path, world.standard_body(), Role.TEO, 403, organization_id=uuid.uuid4())
    assert refused["code"] == "organization_not_allowed"
    world.post(path, world.standard_body(), Role.TEO, organization_id=own)
    assert len(world.get(path, Role.TEO, organization_id=own)["items"]) == 1
    assert world.get(path, Role.TEO, 404, organization_id=uuid.uuid4())["code"] == "not_found"
    missing = f"/certificate-types/{uuid.uuid4()}/standards"
    assert world.post(missing, world.standard_body(), expect=404)["code"] == "not_found"


@pytest.mark.rule("PP-12")
def test_a_standard_is_reviewed_before_it_is_published(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    base = f"/certificate-types/{made['id']}"
    assert world.post(f"{base}/publication", expect=409)["code"] == "nothing_to_publish"
    draft = world.post(f"{base}/standards", world.standard_body())
    refused = world.post(f"{base}/publication", expect=409)
    assert (refused["code"], refused["levels"]) == ("standard_not_reviewed", ["primary"])
    assert levels_said(world) == []
    review = {"reviewed_by": "技术机构", "opinion": "同意"}
    reviewed = world.post(f"{base}/standards/{draft['id']}/review", review, expect=200)
    assert (reviewed["state"], reviewed["reviewed_by"], reviewed["review_opinion"]) == ("reviewed", "技术机构", "同意")
    again = world.post(f"{base}/standards/{draft['id']}/review", review, expect=409)
    assert again["code"] == "standard_is_reviewed"
    published = world.post(f"{base}/publication", expect=200)
    assert published["type_version"] == 1
    assert world.post(f"{base}/publication", expect=409)["code"] == "nothing_to_publish"
    assert levels_said(world) == [(1, [("primary", "1.0")])]
    other = f"/certificate-types/{uuid.uuid4()}/standards/{draft['id']}/review"
    assert world.post(other, review, expect=404)["code"] == "not_found"


@pytest.mark.rule("PP-12")
@pytest.mark.parametrize(
    ("standards", "refusal"),
    [
        ([("primary", "reviewed")], None),
        ([("primary", "published"), ("advanced", "reviewed")], None),
        ([("primary", "published"), ("primary", "draft"), ("advanced", "reviewed")], None),
        ([], errors.NothingToPublish),
        ([("primary", "published")], errors.NothingToPublish),
        ([("primary", "published"), ("primary", "draft")], errors.NothingToPublish),
        ([("primary", "reviewed"), ("advanced", "draft")], errors.NotReviewed),
    ],
)
def test_a_publication_needs_something_reviewed_and_no_level_of_drafts(
    standards: list[tuple[str, str]], refusal: type[Exception] | None
) -> None:
    if refusal is None:
        rules.check_publishable(standards)
    else:
        with pytest.raises(refusal):
            rules.check_publishable(standards)


@pytest.mark.rule("PP-10")
def test_each_publication_says_the_newest_standard_of_every_level(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    publication = f"/certificate-types/{made['id']}/publication"
    world.reviewed_standard(made["id"], "advanced", "1.0")
    world.reviewed_standard(made["id"], "primary", "1.0")
    world.post(publication, expect=200)
    world.reviewed_standard(made["id"], "primary", "2.0", released_on="2021-06-01")
    world.reviewed_standard(made["id"], "advanced", "0.9", released_on="2018-01-01")  # recorded late, in force no more
    last = world.post(publication, expect=200)
    assert levels_said(world) == [
        (1, [("primary", "1.0"), ("advanced", "1.0")]),
        (2, [("primary", "2.0"), ("advanced", "1.0")]),
    ]
    assert last["levels"] == [
        {"level": "primary", "standard_version": "2.0", "standard_released_on": "2021-06-01"},
        {"level": "advanced", "standard_version": "1.0", "standard_released_on": "2019-04-20"},
    ]
    newest = world.registry.said(CertificateTypePublished)[-1]
    assert isinstance(newest, CertificateTypePublished)
    assert newest.levels[0].standard_released_on == date(2021, 6, 1)


@pytest.mark.rule("OP-36")
def test_nothing_is_published_without_an_agreement_in_force(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    world.post("/agreements", world.agreement_body(teo["id"], to_days=1))
    world.admit(teo["id"])
    made = world.post("/certificate-types", world.type_body(teo["id"]))
    world.reviewed_standard(made["id"])
    with time_machine.travel(clock.now() + timedelta(days=2)):
        refused = world.post(f"/certificate-types/{made['id']}/publication", expect=409)
    assert refused["code"] == "no_agreement_in_force"
    assert levels_said(world) == []


def test_anyone_sees_the_published_types_and_their_teo_the_others(world: World, teo: dict[str, Any]) -> None:
    published = world.published_type(teo["id"], "001")
    waiting = world.post("/certificate-types", world.type_body(teo["id"], "002"))

    def seen(query: str = "", **who: Any) -> list[str]:
        answer = world.registry.call("GET", f"/registry/v1/certificate-types{query}", expect=200, **who)
        assert answer.json is not None
        return [one["code"] for one in answer.json["items"]]

    assert seen() == seen(role=Role.TEO, organization_id=uuid.uuid4()) == ["001"]
    assert seen(role=Role.OPERATOR) == seen(role=Role.TEO, organization_id=uuid.UUID(teo["id"])) == ["002", "001"]
    assert seen("?code=001", role=Role.OPERATOR) == ["001"]
    assert seen(f"?teo_id={uuid.uuid4()}") == []
    assert published["levels"]
    assert waiting["levels"] == []
