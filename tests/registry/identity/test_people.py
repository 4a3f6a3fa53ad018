"""People: registered by operators, shown masked, with roles in scopes that open and shut with them."""

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from tests.harness.service import json_of
from tests.registry.identity.desk import PASSWORD, Desk
from tests.registry.world import API

NEW = {"username": "li.si", "name": "李四", "email": "li@example.cn"}


def test_somebody_is_registered_with_a_password_to_hand_over(desk: Desk) -> None:
    answer = desk.registry.call("POST", f"{API}/people", role=Role.OPERATOR, json=NEW, expect=201)
    made = json_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert (made["name"], made["email"], made["password_assigned"]) == ("李*", "l***@example.cn", True)
    assert len(made["password"]) >= 20
    assert "password" not in desk.world.get(f"/people/{made['id']}")


def test_what_is_known_of_somebody_is_sealed_and_the_password_is_a_hash(desk: Desk) -> None:
    made = desk.person("li.si")
    with desk.registry.database.session() as session:
        row = str(dict(session.execute(text("SELECT * FROM person")).mappings().one()))
    assert "argon2id" in row
    for plain in ("张三", "zhang@example.cn", PASSWORD, made["password"]):
        assert plain not in row


def test_a_user_name_is_somebodys_once_however_it_is_written(desk: Desk) -> None:
    desk.world.post("/people", NEW)
    assert desk.world.post("/people", NEW | {"username": " LI.Si "}, expect=409)["code"] == "person_exists"


@pytest.mark.parametrize(
    "changed",
    [
        {"username": "li"}, {"username": "li si"}, {"username": "person:1"}, {"username": "李四"}, {"username": None},
        {"name": ""}, {"name": "\x00"}, {"email": "nobody"}, {"email": 1}, {"password": "chosen by the operator"},
    ],
)  # fmt: skip
def test_a_body_that_is_not_right_is_refused(desk: Desk, changed: dict[str, Any]) -> None:
    desk.world.post("/people", NEW | changed, expect=422)


def test_how_somebody_is_called_is_put_right(desk: Desk) -> None:
    made = desk.person()
    body = {"name": "张三丰", "email": None}
    corrected = desk.world.send("PUT", f"/people/{made['id']}", body, Role.OPERATOR, 200)
    assert (corrected["name"], corrected["email"], corrected["username"]) == ("张*丰", None, "zhang.san")


@pytest.mark.rule("PP-37", "PP-01")
def test_a_role_needs_the_scope_it_acts_in_and_no_other(desk: Desk) -> None:
    person = desk.person(password=None)
    teo = desk.world.post("/organizations", desk.world.teo_body())["id"]
    path = f"/people/{person['id']}/roles"
    for body, code in (
        ({"role": "teo"}, "client_scope_missing"),
        ({"role": "ministry", "organization_id": teo}, "client_scope_not_of_role"),
        ({"role": "college", "organization_id": teo}, "client_organization_of_another_kind"),
        ({"role": "teo", "organization_id": str(uuid.uuid4())}, "organization_unknown"),
        ({"role": "learner"}, "invalid"),
        ({"role": "emperor"}, "invalid"),
    ):
        assert desk.world.post(path, body, expect=422)["code"] == code
    held = desk.world.post(path, {"role": "teo", "organization_id": teo})
    assert held["granted_by"] == "test-operator-"
    assert desk.world.post(path, {"role": "teo", "organization_id": teo}, expect=409)["code"] == "role_held"
    desk.world.post(path, {"role": "ministry"})
    assert {one["role"] for one in desk.world.get(f"/people/{person['id']}")["roles"]} == {"teo", "ministry"}


@pytest.mark.rule("PP-37")
def test_somebody_with_several_roles_signs_in_with_one_of_them(desk: Desk) -> None:
    teo = desk.world.post("/organizations", desk.world.teo_body())["id"]
    desk.person("zhang.san", {"role": "teo", "organization_id": teo}, {"role": "ministry"})
    refused = desk.sign_in(expect=409)
    assert refused["code"] == "role_not_chosen"
    for choice in refused["roles"]:
        tokens = desk.sign_in(role_id=choice["id"])
        assert (tokens["role"], tokens["organization_id"]) == (choice["role"], choice["organization_id"])
        me = desk.get("/me", tokens["access_token"])
        assert (me["role"], me["organization_id"]) == (choice["role"], choice["organization_id"])
    assert desk.sign_in(role_id=str(uuid.uuid4()), expect=403)["code"] == "role_not_held"


@pytest.mark.rule("OP-01", "PP-37")
def test_a_college_person_sees_what_its_college_sees(desk: Desk) -> None:
    college = desk.world.admitted_college(1)
    other = desk.world.post("/organizations", desk.world.college_body(2, province_code="32", division_code="320102"))
    desk.person("zhang.san", {"role": "college", "organization_id": college["id"]})
    tokens = desk.sign_in()
    assert (tokens["role"], tokens["province_code"]) == ("college", "11")
    desk.get(f"/organizations/{college['id']}", tokens["access_token"])
    desk.get(f"/organizations/{other['id']}", tokens["access_token"], expect=404)
    desk.registry.call("POST", f"{API}/people", token=tokens["access_token"], json=NEW, expect=403)


def test_a_role_that_was_taken_back_signs_in_no_more_and_its_sessions_end(desk: Desk) -> None:
    person = desk.person("zhang.san", {"role": "partner"}, {"role": "ministry"})
    roles = {one["role"]: one["id"] for one in desk.world.get(f"/people/{person['id']}")["roles"]}
    ministry, partner = (desk.sign_in(role_id=roles[role]) for role in ("ministry", "partner"))
    path = f"/people/{person['id']}/roles/{roles['ministry']}/revocation"
    assert [one["role"] for one in desk.world.post(path, expect=200)["roles"]] == ["partner"]
    assert desk.world.post(path, expect=409)["code"] == "role_is_revoked"
    assert desk.sign_in(role_id=roles["ministry"], expect=403)["code"] == "role_not_held"
    assert desk.refresh(ministry["refresh_token"], expect=401)["code"] == "session_invalid"
    desk.refresh(partner["refresh_token"])
    assert desk.sign_in()["role"] == "partner"
    desk.world.post(f"/people/{person['id']}/roles", {"role": "ministry"})  # it may be given again


def test_a_role_of_another_person_is_not_found(desk: Desk) -> None:
    one, other = desk.operator("zhang.san"), desk.operator("li.si")
    theirs = desk.world.get(f"/people/{other['id']}")["roles"][0]["id"]
    desk.world.post(f"/people/{one['id']}/roles/{theirs}/revocation", expect=404)
    assert desk.sign_in("li.si", role_id=theirs)["role"] == "operator"


def test_a_disabled_person_is_told_no_more_than_a_stranger(desk: Desk) -> None:
    person = desk.operator()
    tokens = desk.sign_in()
    assert desk.world.post(f"/people/{person['id']}/disabling", expect=200)["disabled_by"] == "test-operator-"
    wrong = desk.sign_in("nobody", expect=401)
    assert desk.sign_in(expect=401)["code"] == wrong["code"] == "sign_in_failed"
    assert desk.refresh(tokens["refresh_token"], expect=401)["code"] == "session_invalid"
    desk.world.post(f"/people/{person['id']}/enabling", expect=200)
    assert desk.sign_in()["role"] == "operator"
    assert desk.refresh(tokens["refresh_token"], expect=401)["code"] == "session_invalid"


def test_everybody_looks_at_themselves_and_regulators_at_all(desk: Desk) -> None:
    teo = desk.world.post("/organizations", desk.world.teo_body())["id"]
    one = desk.person("zhang.san", {"role": "teo", "organization_id": teo})
    other = desk.operator("li.si")
    token = desk.sign_in()["access_token"]
    assert desk.get(f"/people/{one['id']}", token)["username"] == "zhang.san"
    desk.get(f"/people/{other['id']}", token, expect=404)
    desk.get("/people", token, expect=403)
    assert {seen["username"] for seen in desk.world.get("/people", Role.MINISTRY)["items"]} == {"zhang.san", "li.si"}
    assert [seen["id"] for seen in desk.world.get("/people?username=li.si")["items"]] == [other["id"]]
    assert [seen["id"] for seen in desk.world.get(f"/people?organization_id={teo}")["items"]] == [one["id"]]
    for path in ("/sessions", "/sign-ins"):
        assert {seen["person_id"] for seen in desk.get(path, token)["items"]} == {one["id"]}
        assert desk.world.get(path, Role.TEO, organization_id=uuid.UUID(teo))["items"] == []
    desk.sign_in("li.si")
    assert len(desk.world.get("/sign-ins", Role.MINISTRY)["items"]) == 2
    assert len(desk.world.get(f"/sessions?person_id={other['id']}")["items"]) == 1
    today = str(clock.today())
    found = desk.world.get(f"/sign-ins?outcome=signed_in&sort=-happened_at&happened_from={today}")["items"]
    assert [seen["person_id"] for seen in found] == [other["id"], one["id"]]


def test_nobody_else_enters_the_doors_of_people(desk: Desk) -> None:
    person = desk.operator()
    for path in ("disabling", "enabling", "unlocking", "password"):
        for role in set(Role) - {Role.OPERATOR}:
            answer = desk.world.post(f"/people/{person['id']}/{path}", None, role, 403, organization_id=uuid.uuid4())
            assert answer["code"] == "role_not_allowed"
    assert desk.sign_in()["role"] == "operator"
