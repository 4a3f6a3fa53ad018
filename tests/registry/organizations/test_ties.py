"""What ties organizations together: coordinating bodies, liaisons and their gaps, consortia, shared bases."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.problems import Refusal
from onex.contracts.registry import OrganizationAdmitted
from services.registry.organizations import errors, queries, rules
from tests.registry.organizations.test_taking_part import exit
from tests.registry.world import World

BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
JIANGSU: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
BODY = {
    "code": "BJ-1X-OFFICE",
    "name_zh": "北京市1+X证书制度试点工作指导协调机构",
    "name_en": "Beijing coordinating body",
    "division_code": "110108",
    "contacts": [{"name": "赵云", "phone": "01012345678"}],
}
DAY = date(2026, 3, 2)


@dataclass
class Pilot:
    """A TEO with its published type, and a college in Beijing."""

    teo_id: str
    type_id: str
    college_id: str


@pytest.fixture
def pilot(world: World) -> Pilot:
    teo = world.admitted_teo()
    return Pilot(teo["id"], world.published_type(teo["id"])["id"], world.admitted_college()["id"])


def person(type_id: str, **changes: Any) -> dict[str, Any]:
    body = {"certificate_type_id": type_id, "name": "司马相如", "phone": "13500135000", "email": "sima@example.cn"}
    return body | changes


@pytest.mark.rule("OP-02")
def test_a_province_has_one_coordinating_body_of_its_own(world: World) -> None:
    refused = world.post("/coordinating-bodies", BODY, expect=422, **JIANGSU)
    assert refused["code"] == "division_not_in_province"
    made = world.post("/coordinating-bodies", BODY, **BEIJING)
    assert (made["kind"], made["status"], made["province_code"]) == ("coordinating_body", "admitted", "11")
    again = world.post("/coordinating-bodies", BODY | {"code": "BJ-2"}, expect=409, **BEIJING)
    assert (again["code"], again["clause"]) == ("coordinating_body_exists", "OP-02")
    taken = BODY | {"division_code": "320102"}
    assert world.post("/coordinating-bodies", taken, expect=409, **JIANGSU)["code"] == "organization_exists"
    wrong = BODY | {"code": "bj 1"}
    assert world.post("/coordinating-bodies", wrong, expect=422, **BEIJING)["code"] == "own_code_wrong"
    assert world.registry.said(OrganizationAdmitted) == []


@pytest.mark.rule("OP-02")
def test_a_gap_is_a_type_under_way_in_a_province_without_a_liaison(world: World, pilot: Pilot) -> None:
    nothing = world.get("/liaisons/gaps", Role.MINISTRY)
    assert nothing["without_liaison"] == []
    assert len(nothing["without_coordinating_body"]) == 32
    world.quota(pilot.college_id, pilot.type_id)
    nanjing = world.admitted_college(102, province_code="32", division_code="320102")
    world.post(
        "/sites",
        world.site_body(pilot.type_id, "NJ-1", division_code="320102"),
        Role.COLLEGE,
        organization_id=uuid.UUID(nanjing["id"]),
    )
    world.post("/coordinating-bodies", BODY, **BEIJING)
    found = world.get("/liaisons/gaps", Role.MINISTRY)
    assert "11" not in found["without_coordinating_body"]
    assert [(one["province_code"], one["certificate_type_code"]) for one in found["without_liaison"]] == [
        ("11", "001"),
        ("32", "001"),
    ]
    assert found["without_liaison"][0]["teo_id"] == pilot.teo_id
    own = world.get("/liaisons/gaps?province_code=11", **JIANGSU)
    assert own["without_coordinating_body"] == ["32"]
    assert [one["province_code"] for one in own["without_liaison"]] == ["32"]

    named = world.post("/liaisons", person(pilot.type_id), **BEIJING)
    assert [one["province_code"] for one in world.get("/liaisons/gaps")["without_liaison"]] == ["32"]
    assert world.get("/liaisons/gaps?province_code=11")["without_liaison"] == []
    assert world.send("DELETE", f"/liaisons/{named['id']}", None, expect=404, **JIANGSU)["code"] == "not_found"
    world.send("DELETE", f"/liaisons/{named['id']}", None, expect=204, **BEIJING)
    world.quota(pilot.college_id, pilot.type_id, 0)
    assert world.get("/liaisons/gaps?province_code=11")["without_liaison"] == []
    world.quota(pilot.college_id, pilot.type_id, 1)
    assert [one["province_code"] for one in world.get("/liaisons/gaps?province_code=11")["without_liaison"]] == ["11"]


@pytest.mark.rule("OP-02")
def test_a_liaison_is_one_a_type_and_masked(world: World, pilot: Pilot) -> None:
    first = world.post("/liaisons", person(pilot.type_id), **BEIJING)
    assert (first["name"], first["phone"], first["email"]) == ("司**如", "135******00", "s***@example.cn")
    second = world.post("/liaisons", person(pilot.type_id, name="王允"), **BEIJING)
    assert (second["id"], second["name"]) == (first["id"], "王*")
    there = world.post("/liaisons", person(pilot.type_id), **JIANGSU)

    def seen(role: Role, **who: Any) -> set[str]:
        return {one["id"] for one in world.get("/liaisons", role, **who)["items"]}

    assert seen(Role.MINISTRY) == seen(Role.TEO, organization_id=uuid.UUID(pilot.teo_id)) == {first["id"], there["id"]}
    assert seen(**BEIJING) == {first["id"]}
    assert seen(Role.COLLEGE, organization_id=uuid.uuid4(), province_code="32") == {there["id"]}
    assert seen(Role.TEO, organization_id=uuid.uuid4()) == set()
    with world.registry.database.session() as session:
        rows = str(session.execute(text("SELECT * FROM liaison")).all())
    assert "司马相如" not in rows
    assert "13500135000" not in rows
    draft = world.post("/certificate-types", world.type_body(pilot.teo_id, "002"))
    refused = world.post("/liaisons", person(draft["id"]), expect=409, **BEIJING)
    assert refused["code"] == "certificate_type_not_published"


A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))


@pytest.mark.rule("OP-19")
@pytest.mark.parametrize(
    ("members", "lead", "right"),
    [([A, B], A, True), ([A, B, C], C, True), ([A], A, False), ([A, A], A, False), ([B, C], A, False)],
)
def test_a_consortium_is_of_several_colleges_one_of_which_leads(
    members: list[uuid.UUID], lead: uuid.UUID, right: bool
) -> None:
    if right:
        rules.check_consortium(members, lead)
    else:
        with pytest.raises(errors.ConsortiumTooSmall):
            rules.check_consortium(members, lead)


@pytest.mark.rule("OP-19")
@pytest.mark.parametrize(("college", "left", "right"), [(B, 2, True), (A, 5, False), (B, 1, False)])
def test_neither_the_leader_nor_the_second_last_leaves(college: uuid.UUID, left: int, right: bool) -> None:
    if right:
        rules.check_leaves(college, A, left)
    else:
        with pytest.raises(errors.ConsortiumTooSmall):
            rules.check_leaves(college, A, left)


@pytest.mark.rule("OP-19")
def test_colleges_found_join_leave_and_dissolve_a_consortium(world: World, pilot: Pilot) -> None:
    second, third = (world.admitted_college(number)["id"] for number in (101, 102))
    waiting = world.post("/organizations", world.college_body(103))["id"]

    def as_college(college_id: str) -> dict[str, Any]:
        return {"role": Role.COLLEGE, "organization_id": uuid.UUID(college_id)}

    body = {"name_zh": "Web前端培训联盟", "certificate_type_id": pilot.type_id, "purpose": "共同培训教师与学生"}
    alone = body | {"college_ids": [pilot.college_id]}
    assert world.post("/consortia", alone, expect=422, **as_college(pilot.college_id))["code"] == "consortium_too_small"
    outside = body | {"college_ids": [pilot.college_id, waiting]}
    refused = world.post("/consortia", outside, expect=409, **as_college(pilot.college_id))
    assert refused["code"] == "organization_not_admitted"
    both = body | {"college_ids": [pilot.college_id, second]}
    made = world.post("/consortia", both, **as_college(pilot.college_id))
    assert made["lead_college_id"] == pilot.college_id
    assert world.post("/consortia", both, expect=409, **as_college(pilot.college_id))["code"] == "consortium_exists"

    members = f"/consortia/{made['id']}/members"
    assert world.send("DELETE", members, None, expect=422, **as_college(second))["code"] == "consortium_too_small"
    joined = world.post(members, None, **as_college(third))
    assert world.post(members, None, expect=409, **as_college(third))["code"] == "consortium_joined_already"
    assert world.post(members, None, expect=409, **as_college(waiting))["code"] == "organization_not_admitted"
    world.send("DELETE", members, None, expect=204, **as_college(second))
    assert world.send("DELETE", members, None, expect=404, **as_college(second))["code"] == "not_found"
    back = world.post(members, None, **as_college(second))
    assert back["left_at"] is None
    assert {one["college_id"] for one in world.get(members, Role.PARTNER)["items"]} == {pilot.college_id, second, third}
    assert world.get(f"{members}?college_id={third}", Role.PARTNER)["items"][0]["id"] == joined["id"]

    end = f"/consortia/{made['id']}/dissolution"
    assert world.post(end, None, expect=403, **as_college(second))["code"] == "organization_not_allowed"
    assert world.post(end, None, expect=200, **as_college(pilot.college_id))["dissolved_at"]
    assert world.post(end, None, expect=409, **as_college(pilot.college_id))["code"] == "consortium_is_dissolved"
    assert world.post(members, None, expect=409, **as_college(third))["code"] == "consortium_is_dissolved"
    assert world.get(f"/consortia?certificate_type_id={pilot.type_id}", Role.PARTNER)["items"][0]["id"] == made["id"]
    assert world.get(f"/consortia/{uuid.uuid4()}/members", Role.PARTNER, 404)["code"] == "not_found"
    assert world.get(f"/consortia/{made['id']}", Role.PARTNER)["name_zh"] == body["name_zh"]


@pytest.mark.rule("PP-06", "PP-39")
@pytest.mark.parametrize(
    ("kind", "since", "until", "refusal"),
    [
        ("college", DAY, None, None),
        ("enterprise", DAY, DAY, None),
        ("enterprise", DAY, DAY - timedelta(days=1), errors.ShareDaysWrong),
        ("teo", DAY, None, errors.SharesNoBase),
        ("province", DAY, None, errors.SharesNoBase),
    ],
)
def test_colleges_and_enterprises_share_bases_for_a_time(
    kind: str, since: date, until: date | None, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_shares(kind, since, until)
    else:
        with pytest.raises(refusal):
            rules.check_shares(kind, since, until)


@pytest.mark.rule("PP-06", "PP-39", "OP-25")
def test_a_training_base_is_shared_by_a_college_and_an_enterprise(world: World, pilot: Pilot) -> None:
    today = clock.today()
    base = world.admitted_base()
    enterprise = world.admitted_enterprise()
    path = f"/training-bases/{base['id']}/shares"
    share = {"organization_id": pilot.college_id, "part": "uses", "since": str(today)}
    assert world.send("PUT", path, share, expect=403, **JIANGSU)["code"] == "organization_not_allowed"
    made = world.send("PUT", path, share, expect=200, **BEIJING)
    built = {"organization_id": enterprise["id"], "part": "builds", "since": str(today), "until": str(today)}
    world.send("PUT", path, built, expect=200, **BEIJING)
    with world.registry.database.session() as session:
        ids = [uuid.UUID(one) for one in (base["id"], pilot.college_id, enterprise["id"])]
        assert queries.shares_base(session, ids[0], ids[1], today + timedelta(days=900))
        assert not queries.shares_base(session, ids[0], ids[1], today - timedelta(days=1))
        assert queries.shares_base(session, ids[0], ids[2], today)
        assert not queries.shares_base(session, ids[0], ids[2], today + timedelta(days=1))
        assert not queries.shares_base(session, ids[1], ids[0], today)
    operates = world.send("PUT", path, share | {"part": "operates"}, expect=200, **BEIJING)
    assert (operates["id"], operates["part"]) == (made["id"], "operates")
    parts = {one["organization_id"]: one["part"] for one in world.get(path, Role.PARTNER)["items"]}
    assert parts == {pilot.college_id: "operates", enterprise["id"]: "builds"}
    no_base = world.send("PUT", f"/training-bases/{pilot.college_id}/shares", share, expect=404, **BEIJING)
    assert no_base["code"] == "not_found"
    assert world.get(f"/training-bases/{pilot.college_id}/shares", expect=404)["code"] == "not_found"
    exit(world, pilot.college_id)
    assert world.send("PUT", path, share, expect=409, **BEIJING)["code"] == "organization_exited"


@pytest.mark.rule("PP-39")
def test_nobody_shares_a_base_that_takes_no_part(world: World, pilot: Pilot) -> None:
    base = world.post("/organizations", world.base_body())
    share = {"organization_id": pilot.college_id, "part": "uses", "since": str(clock.today())}
    refused = world.send("PUT", f"/training-bases/{base['id']}/shares", share, expect=409, **BEIJING)
    assert refused["code"] == "organization_not_admitted"
