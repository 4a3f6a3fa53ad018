"""Colleges of some kinds choose their levels; programmes are mapped to levels that are published and open."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.contracts.registry import OrganizationAdmitted
from services.registry.organizations.rules import COLLEGE_KINDS
from services.registry.standards import actions, errors, rules
from tests.registry.world import World

LEVELS = ("primary", "intermediate", "advanced")
CHOOSING = ("undergraduate_vocational", "applied_university", "open_university")


@pytest.mark.rule("PP-13")
@pytest.mark.parametrize("kind", COLLEGE_KINDS)
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_is_open_to_every_kind_by_default(kind: str, level: str) -> None:
    rules.check_open(level, kind, ())


@pytest.mark.rule("PP-13")
@pytest.mark.parametrize("kind", COLLEGE_KINDS)
def test_some_kinds_choose_and_the_others_do_not(kind: str) -> None:
    if kind in CHOOSING:
        rules.check_may_choose(kind)
        rules.check_open("advanced", kind, ("advanced",))
        with pytest.raises(errors.LevelNotOpen) as refused:
            rules.check_open("primary", kind, ("intermediate", "advanced"))
        assert refused.value.facts == {"levels": ["intermediate", "advanced"]}
    else:
        with pytest.raises(errors.LevelsNotToChoose):
            rules.check_may_choose(kind)
        rules.check_open("primary", kind, ("advanced",))  # what was chosen before it became of this kind


@pytest.mark.rule("PP-13")
def test_what_a_college_chose_is_enforced_and_said(world: World) -> None:
    college = world.admitted_college(college_kind="applied_university")
    path, own = f"/organizations/{college['id']}/levels", uuid.UUID(college["id"])

    def choose(levels: list[str], expect: int = 200, organization_id: uuid.UUID = own) -> Any:
        return world.send("PUT", path, {"levels": levels}, Role.COLLEGE, expect, organization_id=organization_id)

    assert choose(["advanced", "intermediate", "advanced"])["levels"] == ["intermediate", "advanced"]
    assert choose(["primary"], 403, uuid.uuid4())["code"] == "organization_not_allowed"
    for wrong in ([], ["expert"]):
        assert choose(wrong, 422)["code"] == "invalid"
    with world.registry.database.session() as session:
        from services.registry.organizations.models import Organization

        one = session.get_one(Organization, own)
        actions.must_be_open(session, one, "advanced")
        with pytest.raises(errors.LevelNotOpen):
            actions.must_be_open(session, one, "primary")
    assert choose(list(LEVELS))["levels"] == list(LEVELS)
    said = [event for event in world.registry.said() if isinstance(event, OrganizationAdmitted)]
    assert [event.levels for event in said] == [(), ("intermediate", "advanced"), ()]
    assert [event.organization_version for event in said] == [1, 2, 3]


@pytest.mark.rule("PP-13")
def test_colleges_of_other_kinds_and_other_organizations_choose_nothing(world: World) -> None:
    college, teo = world.admitted_college(), world.admitted_teo()
    body = {"levels": ["primary"]}
    for organization, expect, code in ((college, 409, "levels_not_to_choose"), (teo, 422, "not_of_a_college")):
        path = f"/organizations/{organization['id']}/levels"
        assert world.send("PUT", path, body, Role.OPERATOR, expect)["code"] == code
    missing = world.send("PUT", f"/organizations/{uuid.uuid4()}/levels", body, Role.OPERATOR, 404)
    assert missing["code"] == "not_found"


@pytest.mark.rule("PP-13")
def test_the_matrix_of_kinds_and_levels_is_public(world: World) -> None:
    answer = world.registry.call("GET", "/registry/v1/level-matrix", expect=200)
    assert answer.json is not None
    cells = {(one["college_kind"], one["level"]): one["open_to"] for one in answer.json["items"]}
    assert len(cells) == len(COLLEGE_KINDS) * len(LEVELS)
    assert {kind for (kind, _), open_to in cells.items() if open_to == "those_that_choose_it"} == set(CHOOSING)


@pytest.fixture
def parties(world: World) -> tuple[str, str, str]:
    """A TEO, its type with a primary standard, a college that chose the primary level."""
    teo = world.admitted_teo()
    college = world.admitted_college(college_kind="open_university")
    return teo["id"], world.published_type(teo["id"])["id"], college["id"]


def mapping_body(type_id: str, **changes: Any) -> dict[str, Any]:
    body = {
        "certificate_type_id": type_id,
        "level": "primary",
        "programme_code": "510204",
        "programme_name": "软件技术",
        "courses": [{"code": "C01", "name": "网页设计", "hours": 64}, {"code": "C02", "name": "脚本语言", "hours": 48}],
    }
    return body | changes


@pytest.mark.rule("OP-35")
def test_a_programmes_courses_lead_to_a_published_level(world: World, parties: tuple[str, str, str]) -> None:
    _, type_id, college_id = parties
    own: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(college_id)}
    made = world.post("/course-mappings", mapping_body(type_id), **own)
    assert world.post("/course-mappings", mapping_body(type_id), expect=409, **own)["code"] == "course_mapping_exists"
    for change, expect, code in (
        ({"level": "advanced"}, 409, "level_not_published"),
        ({"certificate_type_id": str(uuid.uuid4())}, 422, "certificate_type_unknown"),
        ({"programme_code": "5102"}, 422, "invalid"),
        ({"courses": []}, 422, "invalid"),
        ({"courses": [{"code": "C01", "name": "x", "hours": 1}] * 2}, 422, "course_twice"),
    ):
        assert world.post("/course-mappings", mapping_body(type_id, **change), expect=expect, **own)["code"] == code
    path = f"/course-mappings/{made['id']}"
    adjusted = {"programme_name": "软件技术", "courses": [{"code": "C03", "name": "前端框架", "hours": 72}]}
    assert world.send("PUT", path, adjusted, expect=200, **own)["courses"] == adjusted["courses"]
    assert world.post(f"{path}/withdrawal", None, expect=200, **own)["withdrawn_at"]
    assert world.send("PUT", path, adjusted, expect=409, **own)["code"] == "course_mapping_is_withdrawn"
    world.post("/course-mappings", mapping_body(type_id), **own)  # after a withdrawal it may be mapped again


@pytest.mark.rule("OP-35", "PP-13")
def test_no_programme_leads_to_a_level_that_the_college_did_not_choose(
    world: World, parties: tuple[str, str, str]
) -> None:
    _, type_id, college_id = parties
    own: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(college_id)}
    world.send("PUT", f"/organizations/{college_id}/levels", {"levels": ["advanced"]}, expect=200, **own)
    refused = world.post("/course-mappings", mapping_body(type_id), expect=409, **own)
    assert (refused["code"], refused["clause"]) == ("level_not_open", "PP-13")


@pytest.mark.rule("OP-35", "OP-01")
def test_mappings_are_seen_by_the_college_its_province_the_teo_and_the_ministry(
    world: World, parties: tuple[str, str, str]
) -> None:
    teo_id, type_id, college_id = parties
    made = world.post("/course-mappings", mapping_body(type_id), Role.COLLEGE, organization_id=uuid.UUID(college_id))

    def seen(role: Role, **who: Any) -> int:
        path = f"/course-mappings/{made['id']}"
        listed = len(world.get("/course-mappings", role, **who)["items"])
        answer = world.registry.call("GET", f"/registry/v1{path}", role=role, **who)
        assert answer.status_code == (200 if listed else 404)
        return listed

    assert seen(Role.MINISTRY) == seen(Role.PROVINCE, province_code="11") == 1
    assert seen(Role.TEO, organization_id=uuid.UUID(teo_id)) == 1
    assert seen(Role.COLLEGE, organization_id=uuid.UUID(college_id)) == 1
    assert seen(Role.PROVINCE, province_code="32") == seen(Role.TEO, organization_id=uuid.uuid4()) == 0
    assert seen(Role.COLLEGE, organization_id=uuid.uuid4()) == 0
    other = world.admitted_college(300)
    foreign: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(other["id"])}
    refused = world.post(f"/course-mappings/{made['id']}/withdrawal", None, expect=403, **foreign)
    assert refused["code"] == "organization_not_allowed"
