"""Kinds of organization and what each may have; fields, divisions with their years, and who answers for what."""

import re
import uuid
from datetime import date

import pytest
from flask import Flask

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.problems import Refusal
from onex.cli.services import web_of
from onex.contracts.registry import OrganizationAdmitted
from services.registry.organizations import divisions, duties, errors, fields, rules
from tests.registry.world import API, World, credit_code


@pytest.mark.rule("PP-35")
@pytest.mark.parametrize(
    ("college_kind", "demonstration", "double_high", "right"),
    [
        ("higher_vocational", True, True, True),
        ("higher_vocational", False, False, True),
        ("undergraduate_vocational", False, True, True),
        ("secondary_vocational", False, False, True),
        ("secondary_vocational", True, False, False),
        ("applied_university", False, True, False),
        (None, True, False, False),
    ],
)
def test_the_leading_colleges_are_higher_vocational_ones(
    college_kind: str | None, demonstration: bool, double_high: bool, right: bool
) -> None:
    if right:
        rules.check_leading(college_kind, demonstration, double_high)
    else:
        with pytest.raises(errors.LeadsNotOfItsKind):
            rules.check_leading(college_kind, demonstration, double_high)


@pytest.mark.rule("PP-35")
def test_a_leading_college_is_found_by_that(world: World) -> None:
    leading = world.admitted_college(1, double_high=True)
    world.admitted_college(2)
    found = world.get("/organizations?double_high=true", Role.PARTNER)["items"]
    assert [one["id"] for one in found] == [leading["id"]]
    refused = world.post("/organizations", world.teo_body(demonstration=True), expect=422)
    assert (refused["code"], refused["clause"]) == ("leading_college_of_another_kind", "PP-35")


@pytest.mark.parametrize(
    ("kind", "school_code", "refusal"),
    [
        ("college", "4111010001", None),
        ("college", None, None),
        ("teo", None, None),
        ("college", "411101000", errors.SchoolCodeWrong),
        ("college", "41110100012", errors.SchoolCodeWrong),
        ("college", "411101000A", errors.SchoolCodeWrong),
        ("teo", "4111010001", errors.NotOfACollege),
    ],
)
def test_a_school_code_is_ten_digits_of_a_college(
    kind: str, school_code: str | None, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_school_code(kind, school_code)
    else:
        with pytest.raises(refusal):
            rules.check_school_code(kind, school_code)


@pytest.mark.rule("PP-39", "OP-02")
@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("training_base", "BJ-BASE-1", None),
        ("coordinating_body", credit_code(9), None),
        ("training_base", "BJ1", errors.OwnCodeWrong),
        ("training_base", "BJ BASE", errors.OwnCodeWrong),
        ("training_base", "B" * 33, errors.OwnCodeWrong),
        ("enterprise", "BJ-BASE-1", errors.CreditCodeWrong),
        ("ministry", "MOE-CODE", errors.CreditCodeWrong),
    ],
)
def test_what_is_no_legal_person_may_have_a_code_of_its_own(
    kind: str, code: str, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        assert rules.settle_place(kind, code, "110108", "11").code == code
    else:
        with pytest.raises(refusal):
            rules.settle_place(kind, code, "110108", "11")


@pytest.mark.rule("OP-02", "PP-39")
@pytest.mark.parametrize("kind", ["coordinating_body", "training_base"])
def test_a_body_and_a_base_lie_in_a_province(kind: str) -> None:
    with pytest.raises(errors.ProvinceMissing):
        rules.settle_place(kind, "BJ-BASE-1", "110108", None)


@pytest.mark.rule("PP-01", "PP-39")
def test_ministries_enterprises_and_bases_are_organizations_of_which_no_other_service_hears(world: World) -> None:
    ministry = {
        "kind": "ministry",
        "code": credit_code(500),
        "name_zh": "教育部",
        "name_en": "Ministry of Education",
        "division_code": "110102",
    }
    made = [
        world.admit(world.post("/organizations", ministry)["id"]),
        world.admitted_base(),
        world.admitted_enterprise(),
    ]
    assert {one["status"] for one in made} == {"admitted"}
    assert world.registry.said(OrganizationAdmitted) == []
    kinds = {one["kind"] for one in world.get("/organizations", Role.PROVINCE, province_code="32")["items"]}
    assert kinds == {"ministry"}


@pytest.mark.rule("PP-01")
def test_regulators_read_everything_in_their_scope(world: World) -> None:
    beijing, nanjing = (
        world.admitted_college(),
        world.post("/organizations", world.college_body(101, province_code="32", division_code="320102")),
    )
    for one in (beijing, nanjing):
        assert world.get(f"/organizations/{one['id']}", Role.MINISTRY)["contacts"]
    assert world.get(f"/organizations/{nanjing['id']}", Role.PROVINCE, province_code="32")["contacts"]
    hidden = world.get(f"/organizations/{nanjing['id']}", Role.PROVINCE, 404, province_code="11")
    assert hidden["code"] == "not_found"


def test_what_a_code_stood_for_has_its_years() -> None:
    assert [(one.name, one.from_year, one.to_year) for one in divisions.names("419001")] == [
        ("义马市", 1986, 1989),
        ("济源市", 1997, None),
    ]
    assert divisions.names("110108")[0] == divisions.Named("海淀区", None, None)
    assert divisions.names("999999") == divisions.names("11010") == ()


@pytest.mark.parametrize(
    ("code", "on", "known"),
    [
        ("310103", date(2010, 12, 31), True),  # 卢湾区, part of 黄浦区 since 2011
        ("310103", date(2011, 1, 1), False),
        ("419001", date(1988, 6, 1), True),
        ("419001", date(1993, 6, 1), False),
        ("419001", date(1997, 1, 1), True),
        ("320102", date(1982, 12, 31), False),
        ("660000", date(2019, 1, 1), True),
    ],
)
def test_a_division_is_in_force_in_the_years_the_source_names(code: str, on: date, known: bool) -> None:
    assert divisions.in_force(code, on) is known


def test_anyone_reads_what_a_divisions_code_stands_for(world: World) -> None:
    answer = world.registry.call("GET", f"{API}/divisions/310103?on=2010-06-01", expect=200).get_json()
    assert (answer["in_force"], answer["names"]) == (True, [{"name": "卢湾区", "from_year": None, "to_year": 2011}])
    assert world.registry.call("GET", f"{API}/divisions/310103", expect=200).get_json()["in_force"] is False
    world.registry.call("GET", f"{API}/divisions/999999", expect=404)


@pytest.fixture
def planted(world: World) -> World:
    with world.registry.database.transaction() as session:
        fields.plant(session)
        fields.plant(session)
    return world


@pytest.mark.rule("PP-03", "PP-32")
def test_the_fields_of_the_first_batch_are_planted_once(planted: World) -> None:
    found = planted.registry.call("GET", f"{API}/fields?sort=code", expect=200).get_json()["items"]
    assert [one["code"] for one in found] == ["automotive", "construction", "elderly-care", "information", "logistics"]
    assert all(one["shortage"] for one in found)
    assert fields.INDUSTRIES == ("agriculture", "manufacturing", "services", "emerging")


@pytest.mark.rule("PP-03", "PP-36")
def test_a_batch_opens_fields_of_the_taxonomy_and_no_others(planted: World) -> None:
    opened = planted.batch(field_codes=["logistics", "information"])
    assert sorted(opened["field_codes"]) == ["information", "logistics"]
    today = clock.today()
    body = {"code": "b-9", "name_zh": "第二批", "name_en": "Second", "starts_on": str(today), "ends_on": str(today)}
    refused = planted.post("/batches", body | {"field_codes": ["logistics", "mining"]}, Role.MINISTRY, 422)
    assert (refused["code"], refused["clause"], refused["unknown"]) == ("field_unknown", "PP-03", ["mining"])
    assert planted.post("/batches", body | {"field_codes": []}, Role.MINISTRY)["field_codes"] == []


@pytest.mark.rule("PP-32")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("information technology", "information"),
        ("Information  Technology", "information"),
        ("Ｓｏｆｔｗａｒｅ", "information"),
        ("物流管理", "logistics"),
        ("elderly-care", "elderly-care"),
        ("astrology", None),
    ],
)
def test_a_certificate_types_field_is_recognised_however_it_is_spelled(
    planted: World, written: str, code: str | None
) -> None:
    with planted.registry.database.session() as session:
        found = fields.named(session, written)
    assert (found.code if found else None) == code


@pytest.mark.rule("PP-03", "PP-32")
def test_the_taxonomy_grows_and_what_it_does_not_recognise_is_listed(planted: World) -> None:
    teo = planted.admitted_teo()
    planted.post("/certificate-types", planted.type_body(teo["id"], "001"))
    odd = planted.post("/certificate-types", planted.type_body(teo["id"], "002", field="无人机", name_zh="无人机驾驶"))
    assert [one["id"] for one in planted.get("/fields/unmatched", Role.MINISTRY)["items"]] == [odd["id"]]
    field = {"code": "drones", "name_zh": "无人机应用", "name_en": "Drones", "industry": "emerging", "shortage": False}
    made = planted.post("/fields", field, Role.MINISTRY)
    assert planted.post("/fields", field, Role.MINISTRY, 409)["code"] == "field_exists"
    changed = {name: field[name] for name in ("name_zh", "name_en", "industry")} | {
        "shortage": True,
        "also": ["无人机"],
    }
    assert planted.send("PUT", f"/fields/{made['id']}", changed, Role.MINISTRY, 200)["shortage"] is True
    assert planted.get("/fields/unmatched", Role.MINISTRY)["items"] == []
    assert planted.send("PUT", f"/fields/{odd['id']}", changed, Role.MINISTRY, 404)["code"] == "not_found"
    wrong = field | {"code": "x1", "industry": "mining"}
    assert planted.post("/fields", wrong, Role.MINISTRY, 422)["code"] == "invalid"
    planted.batch(field_codes=["drones"])


@pytest.mark.rule("PP-37")
def test_every_duty_has_its_door_and_no_door_of_a_duty_is_open_to_another(world: World) -> None:
    app = web_of("registry", world.registry.settings).routes["/registry"]
    assert isinstance(app, Flask)
    open_to = {
        f"{method} {re.sub('<[^>]*>', '{id}', rule.rule).removeprefix(API)}": roles
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if (roles := getattr(app.view_functions[rule.endpoint], "onex_roles", None)) is not None
    }
    named = [door for duty in duties.DUTIES for door in duty.doors]
    assert set(named) <= set(open_to)
    for door in named:
        answering = {duty.role for duty in duties.DUTIES if door in duty.doors}
        assert answering <= open_to[door], door
        assert open_to[door] <= answering | {Role.OPERATOR}, door


@pytest.mark.rule("PP-37")
def test_anyone_reads_who_answers_for_what(world: World) -> None:
    answer = world.registry.call("GET", f"{API}/duties", expect=200).get_json()
    assert len(answer) == len(duties.DUTIES)
    reads = {one["role"]: one["reads"] for one in answer}
    assert reads == {"ministry": duties.ALL, "province": duties.TERRITORY, "college": duties.ITSELF}


def test_a_list_of_organizations_is_exported_as_it_is_filtered(world: World) -> None:
    world.admitted_college()
    world.admitted_teo()
    body = world.registry.call(
        "GET",
        f"{API}/organizations?kind=college&format=csv",
        role=Role.PARTNER,
        organization_id=uuid.uuid4(),
        expect=200,
    ).get_data(as_text=True)
    assert "College 100" in body
    assert "TEO 1" not in body
    assert "欧" not in body
