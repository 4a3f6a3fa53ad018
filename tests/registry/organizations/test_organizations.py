"""Organizations through their doors: registered once, admitted once, read in the caller's scope, people masked."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from onex.contracts.registry import OrganizationAdmitted
from tests.registry.world import WORK_GROUP, World, credit_code


def test_a_registered_organization_does_not_take_part_yet(world: World) -> None:
    made = world.post("/organizations", world.teo_body())
    assert (made["status"], made["admitted_at"], made["code"]) == ("registered", None, credit_code(1))
    assert world.registry.said(OrganizationAdmitted) == []


def test_the_same_code_is_registered_once(world: World) -> None:
    world.post("/organizations", world.teo_body())
    again = world.teo_body(name_zh="另一个") | {"code": credit_code(1).lower()}
    assert world.post("/organizations", again, expect=409)["code"] == "organization_exists"


@pytest.mark.rule("PP-34")
def test_a_technical_school_is_refused_by_that_name(world: World) -> None:
    body = world.college_body(college_kind="technical_school")
    refused = world.post("/organizations", body, expect=422)
    assert (refused["code"], refused["clause"]) == ("technical_school_excluded", "PP-34")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "91110000600037341X"}, "credit_code_wrong"),
        ({"division_code": "110199"}, "division_unknown"),
        ({"division_code": "320102"}, "division_not_in_province"),
        ({"province_code": None}, "province_missing"),
        ({"province_code": "71", "division_code": "710000"}, "province_unknown"),
        ({"college_kind": None}, "college_kind_missing"),
        ({"kind": "school"}, "invalid"),
        ({"college_kind": "kindergarten"}, "invalid"),
        ({"name_zh": "   "}, "invalid"),
        ({"name_zh": "职业\u0000学院"}, "invalid"),
        ({"name_en": "a bell \u0007"}, "invalid"),
        ({"division_code": "１１０１０８"}, "invalid"),
        ({"surprise": 1}, "invalid"),
    ],
)
def test_what_is_wrong_is_refused_with_its_own_code(world: World, change: dict[str, Any], code: str) -> None:
    assert world.post("/organizations", world.college_body(**change), expect=422)["code"] == code


@pytest.mark.parametrize("change", [{"college_kind": "higher_vocational"}, {"work_group": WORK_GROUP}])
def test_a_teo_has_nothing_of_a_college(world: World, change: dict[str, Any]) -> None:
    assert world.post("/organizations", world.teo_body(**change), expect=422)["code"] == "not_of_a_college"


@pytest.mark.rule("OP-03")
def test_a_college_without_its_work_group_is_not_admitted(world: World) -> None:
    college = world.post("/organizations", world.college_body(work_group=None))
    assert world.admit(college["id"], expect=409)["code"] == "work_group_incomplete"
    path, own = f"/organizations/{college['id']}/work-group", uuid.UUID(college["id"])
    world.send("PUT", path, WORK_GROUP | {"contact_name": " "}, Role.COLLEGE, 200, organization_id=own)
    assert world.admit(college["id"], expect=409)["missing"] == ["contact_name"]
    assert world.registry.said(OrganizationAdmitted) == []
    world.send("PUT", path, WORK_GROUP, Role.COLLEGE, 200, organization_id=own)
    assert world.admit(college["id"])["status"] == "admitted"


@pytest.mark.rule("OP-03")
def test_an_admitted_college_is_never_without_its_work_group(world: World) -> None:
    college = world.admitted_college()
    path = f"/organizations/{college['id']}/work-group"
    refused = world.send("PUT", path, WORK_GROUP | {"leader_name": ""}, Role.OPERATOR, 409)
    assert refused["code"] == "work_group_incomplete"
    changed = world.send("PUT", path, WORK_GROUP | {"leader_name": "孙红梅"}, Role.OPERATOR, 200)
    assert changed["work_group"]["leader_name"] == "孙*梅"


def test_a_college_names_no_other_colleges_work_group(world: World) -> None:
    college = world.post("/organizations", world.college_body())
    path = f"/organizations/{college['id']}/work-group"
    refused = world.send("PUT", path, WORK_GROUP, Role.COLLEGE, 403, organization_id=uuid.uuid4())
    assert refused["code"] == "organization_not_allowed"
    teo = world.post("/organizations", world.teo_body())
    path = f"/organizations/{teo['id']}/work-group"
    assert world.send("PUT", path, WORK_GROUP, Role.OPERATOR, 422)["code"] == "not_of_a_college"


@pytest.mark.rule("OP-36")
def test_a_teo_is_admitted_only_with_an_agreement_in_force_today(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    assert world.admit(teo["id"], expect=409)["code"] == "no_agreement_in_force"
    world.post("/agreements", world.agreement_body(teo["id"], from_days=-10, to_days=-1))
    world.post("/agreements", world.agreement_body(teo["id"], from_days=1))
    assert world.admit(teo["id"], expect=409)["clause"] == "OP-36"
    world.post("/agreements", world.agreement_body(teo["id"], to_days=0))
    assert world.admit(teo["id"])["status"] == "admitted"


@pytest.mark.rule("PP-33", "OP-01")
def test_a_province_files_its_own_colleges_and_nobody_else(world: World) -> None:
    own = world.post("/organizations", world.college_body(1))
    other = world.post("/organizations", world.college_body(2, province_code="32", division_code="320102"))
    teo = world.post("/organizations", world.teo_body(3))
    as_beijing: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
    assert world.admit(other["id"], expect=403, **as_beijing)["code"] == "organization_not_allowed"
    assert world.admit(teo["id"], expect=403, **as_beijing)["code"] == "not_a_college"
    assert world.admit(own["id"], **as_beijing)["status"] == "admitted"
    with world.registry.database.session() as session:
        filed_by = session.scalar(text("SELECT admitted_by FROM organization WHERE id = :id"), {"id": own["id"]})
    assert filed_by == "test-province-"


def test_admission_is_said_once_however_often_it_is_asked_for(world: World) -> None:
    college = world.admitted_college()
    assert world.admit(college["id"], expect=409)["code"] == "organization_already_admitted"
    (event,) = world.registry.said(OrganizationAdmitted)
    assert isinstance(event, OrganizationAdmitted)
    assert (str(event.organization_id), event.organization_version) == (college["id"], 1)


def test_of_admissions_asked_for_at_once_one_is_carried_out(world: World) -> None:
    college = world.post("/organizations", world.college_body())
    token = world.registry.token(Role.OPERATOR)
    path = f"/registry/v1/organizations/{college['id']}/admission"

    def admit(_: int) -> int:
        return world.registry.call("POST", path, token=token).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(admit, range(8))) == [200] + [409] * 7
    assert len(world.registry.said(OrganizationAdmitted)) == 1


def test_an_admission_asked_for_again_under_one_key_answers_the_same(world: World) -> None:
    college = world.post("/organizations", world.college_body())
    headers = {"Idempotency-Key": "admit-1"}
    assert world.admit(college["id"], headers=headers) == world.admit(college["id"], headers=headers)
    assert len(world.registry.said(OrganizationAdmitted)) == 1


@pytest.mark.rule("OP-01")
def test_everyone_reads_in_their_scope(world: World) -> None:
    world.admit(world.province("11")["id"])
    world.admit(world.province("32")["id"])
    teo = world.admitted_teo(1)
    beijing = world.admitted_college(101)
    nanjing = world.post("/organizations", world.college_body(102, province_code="32", division_code="320102"))

    def seen(role: Role, query: str = "", **who: Any) -> set[str]:
        return {one["name_en"] for one in world.get(f"/organizations{query}", role, **who)["items"]}

    everyone = {"Education Department", "TEO 1", "College 101", "College 102"}
    assert seen(Role.OPERATOR) == seen(Role.MINISTRY) == everyone
    assert seen(Role.OPERATOR, "?kind=college") == {"College 101", "College 102"}
    assert seen(Role.OPERATOR, "?province_code=32") == {"Education Department", "College 102"}
    assert seen(Role.PROVINCE, "?kind=college", province_code="11") == {"College 101"}
    assert seen(Role.PROVINCE, province_code="11") == {"Education Department", "TEO 1", "College 101"}
    assert seen(Role.PROVINCE, "?province_code=32", province_code="11") == set()
    admitted = everyone - {"College 102"}
    assert seen(Role.TEO, organization_id=uuid.UUID(teo["id"])) == seen(Role.PARTNER) == admitted
    assert seen(Role.COLLEGE, organization_id=uuid.UUID(nanjing["id"])) == everyone

    foreign = world.get(f"/organizations/{nanjing['id']}", Role.PROVINCE, 404, province_code="11")
    assert foreign["code"] == "not_found"
    assert world.get(f"/organizations/{beijing['id']}", Role.PROVINCE, province_code="11")["status"] == "admitted"
    assert world.get(f"/organizations/{uuid.uuid4()}", expect=404)["code"] == "not_found"


def test_people_are_sealed_at_rest_and_masked_for_those_who_may_see_them(world: World) -> None:
    college = world.admitted_college()
    path, own = f"/organizations/{college['id']}", uuid.UUID(college["id"])
    for who in ({"role": Role.MINISTRY}, {"role": Role.PROVINCE, "province_code": "11"}):
        assert world.get(path, **who)["contacts"][0]["name"] == "欧**娜"  # type: ignore[arg-type]
    whole = world.get(path, Role.COLLEGE, organization_id=own)
    assert whole["contacts"] == [{"name": "欧**娜", "phone": "137******00", "email": "n***@example.cn"}]
    assert whole["work_group"] == {
        "leader_name": "王*国",
        "leader_title": "校长",
        "contact_name": "李*",
        "contact_phone": "138******00",
    }
    for role in (Role.TEO, Role.PARTNER, Role.LEARNER):
        assert not {"contacts", "work_group"} & set(world.get(path, role, organization_id=uuid.uuid4()))
    with world.registry.database.session() as session:
        row = str(session.execute(text("SELECT * FROM organization")).one())
        said = b"".join(bytes(body) for body in session.scalars(text("SELECT body FROM outbox"))).decode()
    for person in ("欧阳娜娜", "王建国", "李敏", "13700137000", "13800138000", "nana@"):
        assert person not in row + said


def test_a_list_comes_in_pages_that_miss_and_repeat_nothing(world: World) -> None:
    for number in range(1, 6):
        world.post("/organizations", world.teo_body(number))
    seen, cursor = [], ""
    while True:
        part = world.get(f"/organizations?size=2{cursor}")
        seen += [one["name_en"] for one in part["items"]]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert seen == [f"TEO {number}" for number in range(5, 0, -1)]
    assert world.get("/organizations?cursor=nonsense", expect=400)["code"] == "malformed"
