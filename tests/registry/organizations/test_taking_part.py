"""Who takes part and until when: batches with their days, exits, corrections told again, quotas filed by provinces."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope, Refusal
from onex.contracts.pilot import OrganizationExited, QuotaFiled
from onex.contracts.registry import OrganizationAdmitted
from services.registry.organizations import actions, errors, queries, rules
from tests.registry.world import API, World

TODAY = date(2026, 3, 2)
BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}


def exit(world: World, organization_id: str, ground: str = "b") -> None:
    with world.registry.database.transaction() as session:
        one = uuid.UUID(organization_id)
        actions.exit(session, one, ground=ground, case_id=uuid.uuid4(), decided_by="province-11")


def in_pilot(world: World, organization_id: str, on: date | None = None) -> bool:
    with world.registry.database.session() as session:
        return queries.in_pilot(session, uuid.UUID(organization_id), on or clock.today())


@pytest.mark.rule("PP-02")
@pytest.mark.parametrize(
    ("status", "refusal"),
    [("admitted", None), ("registered", errors.NotAdmitted), ("exited", errors.OrganizationHasExited)],
)
def test_only_those_who_are_in_take_part(status: str, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        rules.check_admitted("college", status)
    else:
        with pytest.raises(refusal):
            rules.check_admitted("college", status)


@pytest.mark.rule("PP-02")
@pytest.mark.parametrize(
    ("kind", "status", "refusal"),
    [
        ("teo", "admitted", None),
        ("college", "admitted", None),
        ("teo", "registered", errors.NotAdmitted),
        ("college", "exited", errors.OrganizationHasExited),
        ("province", "admitted", errors.NothingToExit),
        ("enterprise", "admitted", errors.NothingToExit),
    ],
)
def test_teos_and_colleges_that_take_part_exit(kind: str, status: str, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        rules.check_may_exit(kind, status)
    else:
        with pytest.raises(refusal):
            rules.check_may_exit(kind, status)


@pytest.mark.rule("OP-44", "PP-02")
@pytest.mark.parametrize(
    ("admitted", "exited", "on", "part"),
    [
        (None, None, TODAY, False),
        (TODAY, None, TODAY - timedelta(days=1), False),
        (TODAY, None, TODAY, True),
        (TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=8), True),
        (TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=9), False),
    ],
)
def test_the_day_of_admission_is_the_first_in_and_the_day_of_exit_the_first_out(
    admitted: date | None, exited: date | None, on: date, part: bool
) -> None:
    assert rules.takes_part(admitted, exited, on) is part


def test_an_exit_is_said_once_and_ends_what_the_organization_may_do(world: World) -> None:
    college = world.admitted_college()
    exit(world, college["id"], "a")
    seen = world.get(f"/organizations/{college['id']}")
    assert (seen["status"], seen["exit_ground"]) == ("exited", "a")
    (said,) = world.registry.said(OrganizationExited)
    assert isinstance(said, OrganizationExited)
    assert (str(said.organization_id), said.organization_version, said.kind) == (college["id"], 2, "college")
    with pytest.raises(errors.OrganizationHasExited):
        exit(world, college["id"])
    assert world.admit(college["id"], expect=409)["code"] == "organization_exited"
    correction = {"name_en": "Another"}
    refused = world.send("PATCH", f"/organizations/{college['id']}", correction, Role.OPERATOR, 409)
    assert refused["code"] == "organization_exited"
    with world.registry.database.session() as session, pytest.raises(errors.OrganizationHasExited):
        actions.must_take_part(session, uuid.UUID(college["id"]))
    assert world.get("/organizations?status=exited", Role.PARTNER)["items"][0]["id"] == college["id"]


@pytest.mark.rule("PP-36")
@pytest.mark.parametrize(
    ("starts", "ends", "review", "right"),
    [
        (TODAY, TODAY, None, True),
        (TODAY, TODAY + timedelta(days=1), TODAY, True),
        (TODAY, TODAY - timedelta(days=1), None, False),
        (TODAY, TODAY, TODAY - timedelta(days=1), False),
    ],
)
def test_a_batchs_days_follow_one_another(starts: date, ends: date, review: date | None, right: bool) -> None:
    if right:
        rules.check_batch_days(starts, ends, review)
    else:
        with pytest.raises(errors.BatchDaysWrong):
            rules.check_batch_days(starts, ends, review)


@pytest.mark.rule("PP-36", "OP-44")
@pytest.mark.parametrize(
    ("started", "starts", "ends", "right"),
    [
        (TODAY, TODAY, TODAY, True),
        (TODAY, TODAY, TODAY - timedelta(days=1), False),
        (TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=9), False),
        (TODAY + timedelta(days=1), TODAY + timedelta(days=5), TODAY + timedelta(days=9), True),
    ],
)
def test_a_batch_that_has_begun_keeps_what_has_passed(started: date, starts: date, ends: date, right: bool) -> None:
    if right:
        rules.check_batch_change(started, starts, ends, TODAY)
    else:
        with pytest.raises(errors.BatchHasBegun):
            rules.check_batch_change(started, starts, ends, TODAY)


@pytest.mark.rule("PP-36", "OP-44", "PP-43")
def test_a_college_is_in_the_pilot_on_the_days_of_a_batch_that_names_it(world: World) -> None:
    college, other, teo = world.admitted_college(), world.admitted_college(101), world.admitted_teo()
    waiting = world.post("/organizations", world.college_body(102))
    today = clock.today()
    assert not in_pilot(world, college["id"])
    assert not in_pilot(world, teo["id"])
    batch = world.batch(college["id"], from_days=0, to_days=10)
    assert in_pilot(world, college["id"])
    assert in_pilot(world, college["id"], today + timedelta(days=10))
    assert not in_pilot(world, college["id"], today + timedelta(days=11))
    assert not in_pilot(world, college["id"], today - timedelta(days=1))
    assert not in_pilot(world, other["id"])
    assert in_pilot(world, teo["id"])
    assert not in_pilot(world, str(uuid.uuid4()))
    path = f"/batches/{batch['id']}/colleges"
    refused = world.post(path, {"college_ids": [waiting["id"]]}, Role.MINISTRY, 409)
    assert refused["code"] == "organization_not_admitted"
    again = world.post(path, {"college_ids": [college["id"], other["id"]]}, Role.MINISTRY, 200)
    assert again == {"added": 1}
    assert {one["college_id"] for one in world.get(path, **BEIJING)["items"]} == {college["id"], other["id"]}
    assert world.get(path, Role.PROVINCE, province_code="32")["items"] == []
    exit(world, college["id"])
    assert not in_pilot(world, college["id"])
    world.send("DELETE", f"{path}/{other['id']}", None, Role.MINISTRY, 204)
    assert world.send("DELETE", f"{path}/{other['id']}", None, Role.MINISTRY, 404)["code"] == "not_found"
    assert not in_pilot(world, other["id"])


@pytest.mark.rule("PP-36")
def test_a_batch_is_moved_and_its_code_given_once(world: World) -> None:
    made = world.batch(from_days=-5, to_days=5, code="2019-1")
    body = {name: made[name] for name in ("code", "name_zh", "name_en", "starts_on", "ends_on")}
    later = body | {"ends_on": str(clock.today() + timedelta(days=300))}
    assert world.send("PUT", f"/batches/{made['id']}", later, Role.MINISTRY, 200)["ends_on"] == later["ends_on"]
    shorter = body | {"ends_on": str(clock.today() - timedelta(days=1))}
    assert world.send("PUT", f"/batches/{made['id']}", shorter, Role.MINISTRY, 409)["code"] == "batch_has_begun"
    assert world.post("/batches", body, Role.MINISTRY, 409)["code"] == "batch_exists"
    unknown = body | {"code": "2019-2", "field_codes": ["astrology"]}
    assert world.post("/batches", unknown, Role.MINISTRY, 422)["unknown"] == ["astrology"]
    assert world.get(f"/batches/{uuid.uuid4()}/colleges", Role.PARTNER, 404)["code"] == "not_found"
    assert world.get(f"/batches/{made['id']}", Role.PARTNER)["code"] == "2019-1"
    assert [
        one["id"] for one in world.get("/batches?code=2019-1", Role.COLLEGE, organization_id=uuid.uuid4())["items"]
    ] == [made["id"]]


@pytest.mark.rule("OP-07")
@pytest.mark.parametrize(("year", "right"), [(2025, False), (2026, True), (2027, True), (2028, False)])
def test_quotas_are_filed_for_this_year_and_the_next(year: int, right: bool) -> None:
    if right:
        rules.check_quota_year(year, TODAY)
    else:
        with pytest.raises(errors.QuotaYearWrong):
            rules.check_quota_year(year, TODAY)


@pytest.mark.rule("OP-07")
def test_a_quota_changes_by_filing_and_each_change_is_said_under_a_higher_version(world: World) -> None:
    teo, college = world.admitted_teo(), world.admitted_college()
    type_id = world.published_type(teo["id"])["id"]
    first = world.quota(college["id"], type_id, 30)
    assert world.quota(college["id"], type_id, 30) == first
    second = world.quota(college["id"], type_id, 0)
    assert (first["id"], first["version"], second["version"]) == (second["id"], 1, 2)
    said = world.registry.said(QuotaFiled)
    assert [(str(one.quota_id), one.quota_version, one.seats) for one in said if isinstance(one, QuotaFiled)] == [
        (first["id"], 1, 30),
        (first["id"], 2, 0),
    ]
    next_year = world.quota(college["id"], type_id, 5, year=clock.today().year + 1)
    assert (next_year["version"], next_year["id"] == first["id"]) == (1, False)
    past = world.quota(college["id"], type_id, 5, expect=422, year=clock.today().year - 1)
    assert past["code"] == "quota_year_wrong"


@pytest.mark.rule("OP-07", "OP-01")
def test_a_province_files_the_quotas_of_its_own_colleges_that_take_part(world: World) -> None:
    teo, college = world.admitted_teo(), world.admitted_college()
    type_id = world.published_type(teo["id"])["id"]
    foreign = world.quota(college["id"], type_id, expect=403, province_code="32")
    assert foreign["code"] == "organization_not_allowed"
    waiting = world.post("/organizations", world.college_body(102))
    assert world.quota(waiting["id"], type_id, expect=409)["code"] == "organization_not_admitted"
    assert world.quota(teo["id"], type_id, expect=422)["code"] == "organization_unknown"
    assert world.quota(college["id"], str(uuid.uuid4()), expect=422)["code"] == "certificate_type_unknown"
    draft = world.post("/certificate-types", world.type_body(teo["id"], "002"))
    assert world.quota(college["id"], draft["id"], expect=409)["status"] == 409
    exit(world, college["id"])
    assert world.quota(college["id"], type_id, expect=409)["code"] == "organization_exited"
    assert world.registry.said(QuotaFiled) == []


@pytest.mark.rule("OP-07")
def test_of_the_same_quota_filed_at_once_one_is_said(world: World) -> None:
    teo, college = world.admitted_teo(), world.admitted_college()
    type_id = world.published_type(teo["id"])["id"]
    token = world.registry.token(Role.PROVINCE, province_code="11")
    body = {
        "college_id": college["id"],
        "certificate_type_id": type_id,
        "level": "primary",
        "year": clock.today().year,
        "seats": 7,
    }

    def file(_: int) -> int:
        return world.registry.call("PUT", f"{API}/quotas", token=token, json=body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(file, range(8))) == [200] * 8
    assert len(world.registry.said(QuotaFiled)) == 1


@pytest.mark.rule("PP-01", "OP-01")
def test_quotas_are_read_in_scope(world: World) -> None:
    teo, other, college = world.admitted_teo(), world.admitted_teo(2), world.admitted_college()
    nanjing = world.admitted_college(102, province_code="32", division_code="320102")
    type_id = world.published_type(teo["id"])["id"]
    here = world.quota(college["id"], type_id)["id"]
    there = world.quota(nanjing["id"], type_id, province_code="32")["id"]

    def seen(role: Role, query: str = "", **who: Any) -> set[str]:
        return {one["id"] for one in world.get(f"/quotas{query}", role, **who)["items"]}

    assert (
        seen(Role.MINISTRY)
        == seen(Role.OPERATOR)
        == seen(Role.TEO, organization_id=uuid.UUID(teo["id"]))
        == {here, there}
    )
    assert seen(Role.PROVINCE, province_code="11") == {here}
    assert seen(Role.PROVINCE, "?province_code=32", province_code="11") == set()
    assert seen(Role.COLLEGE, organization_id=uuid.UUID(nanjing["id"])) == {there}
    assert seen(Role.TEO, organization_id=uuid.UUID(other["id"])) == set()
    assert seen(Role.MINISTRY, f"?college_id={college['id']}") == {here}


PROVINCE_11 = Caller("province-11", Role.PROVINCE, province_code="11")


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize(
    ("by", "kind", "province", "refusal"),
    [
        (Caller("operator", Role.OPERATOR), "teo", None, None),
        (PROVINCE_11, "college", "11", None),
        (PROVINCE_11, "province", "11", None),
        (PROVINCE_11, "college", "32", OutOfScope),
        (PROVINCE_11, "teo", "11", OutOfScope),
        (PROVINCE_11, "teo", None, OutOfScope),
    ],
)
def test_a_province_corrects_the_records_of_its_territory(
    by: Caller, kind: str, province: str | None, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_may_correct(by, kind, province)
    else:
        with pytest.raises(refusal):
            rules.check_may_correct(by, kind, province)


def test_a_correction_is_told_again_under_a_higher_version(world: World) -> None:
    college = world.admitted_college()
    path = f"/organizations/{college['id']}"
    corrected = world.send("PATCH", path, {"name_en": "Renamed", "school_code": "4111010001"}, Role.OPERATOR, 200)
    assert (corrected["name_en"], corrected["school_code"]) == ("Renamed", "4111010001")
    assert world.send("PATCH", path, {"name_en": "Renamed"}, Role.OPERATOR, 422)["code"] == "nothing_to_correct"
    away = world.send("PATCH", path, {"division_code": "320102"}, Role.OPERATOR, 422)
    assert away["code"] == "division_not_in_province"
    foreign = world.send("PATCH", path, {"name_en": "Mine"}, Role.PROVINCE, 403, province_code="32")
    assert foreign["code"] == "organization_not_allowed"
    versions = [
        (one.organization_version, one.name_en, one.province_code, one.college_kind)
        for one in world.registry.said(OrganizationAdmitted)
        if isinstance(one, OrganizationAdmitted)
    ]
    assert versions == [(1, "College 100", "11", "higher_vocational"), (2, "Renamed", "11", "higher_vocational")]
    other = world.post("/organizations", world.college_body(101))
    taken = world.send("PATCH", f"/organizations/{other['id']}", {"school_code": "4111010001"}, Role.OPERATOR, 409)
    assert taken["code"] == "organization_exists"
    world.send("PATCH", f"/organizations/{other['id']}", {"name_en": "Unheard"}, Role.OPERATOR, 200)
    assert len(world.registry.said(OrganizationAdmitted)) == 2


def test_an_organization_names_whom_to_turn_to(world: World) -> None:
    teo, other = world.admitted_teo(), world.admitted_teo(2)
    contacts = {"contacts": [{"name": "诸葛孔明", "phone": "13600136000", "email": "kong@example.cn"}]}
    path = f"/organizations/{teo['id']}/contacts"
    own = uuid.UUID(teo["id"])
    assert world.send("PUT", path, contacts, Role.TEO, 200, organization_id=own)["contacts"][0]["name"] == "诸**明"
    refused = world.send("PUT", path, contacts, Role.TEO, 403, organization_id=uuid.UUID(other["id"]))
    assert refused["code"] == "organization_not_allowed"
    assert world.send("PUT", path, {"contacts": []}, Role.TEO, 422, organization_id=own)["code"] == "invalid"


def test_admission_long_ago_counts_from_its_own_day(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=40)):
        college = world.admitted_college()
    world.batch(college["id"], from_days=-60, to_days=5)
    assert in_pilot(world, college["id"], clock.today() - timedelta(days=40))
    assert not in_pilot(world, college["id"], clock.today() - timedelta(days=41))
