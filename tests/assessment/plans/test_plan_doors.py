"""Plans through their doors: drafted, published, seen by those who may."""

import io
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from tests.assessment.world import COMPONENTS, World, agreement, certificate_type, organization
from tests.harness.service import json_of


@pytest.mark.rule("OP-22")
def test_a_plan_is_a_draft_until_it_is_published(world: World) -> None:
    made = json_of(world.call("POST", "/plans", json=world.new_plan(), expect=201))
    assert (made["state"], made["standard_version"], made["registered"]) == ("draft", "1.0", 0)
    published = json_of(world.call("POST", f"/plans/{made['id']}/publication", expect=200))
    assert published["state"] == "published"
    assert published["published_at"]
    again = world.call("POST", f"/plans/{made['id']}/publication", expect=409)
    assert json_of(again)["code"] == "plan_published_already"


@pytest.mark.rule("PP-18")
def test_a_plan_for_another_teos_type_is_refused(world: World) -> None:
    body = world.new_plan(certificate_type_id=str(world.other_type_id))
    assert json_of(world.call("POST", "/plans", json=body, expect=403))["code"] == "organization_not_allowed"
    plan_id = world.draft()
    answer = world.call("POST", f"/plans/{plan_id}/publication", organization_id=world.other_teo, expect=403)
    assert json_of(answer)["code"] == "organization_not_allowed"


@pytest.mark.rule("PP-10")
def test_a_plan_for_a_level_without_a_standard_is_refused(world: World) -> None:
    answer = world.call("POST", "/plans", json=world.new_plan(level="advanced"), expect=422)
    assert json_of(answer)["code"] == "level_not_published"


def test_a_plan_keeps_the_standard_it_was_made_under(world: World) -> None:
    plan_id = world.draft()
    world.service.hear(certificate_type(world.type_id, world.teo, "004", version=2))
    published = json_of(world.call("POST", f"/plans/{plan_id}/publication", expect=200))
    assert published["standard_version"] == "1.0"
    assert json_of(world.call("POST", "/plans", json=world.new_plan(), expect=201))["standard_version"] == "2.0"


@pytest.mark.rule("OP-36")
@pytest.mark.parametrize("days", [(-10, -1), (1, 10)], ids=["lapsed", "not begun"])
def test_without_an_agreement_in_force_no_plan_is_drafted(world: World, days: tuple[int, int]) -> None:
    teo, type_id, today = new_id(), new_id(), clock.today()
    world.service.hear(organization(teo, "teo", "91110000100000003C"))
    world.service.hear(certificate_type(type_id, teo, "006"))
    first, last = (today + timedelta(days=one) for one in days)
    world.service.hear(agreement(teo, first, last))
    body = world.new_plan(certificate_type_id=str(type_id))
    answer = world.call("POST", "/plans", json=body, organization_id=teo, expect=409)
    assert (json_of(answer)["code"], json_of(answer)["clause"]) == ("no_agreement_in_force", "OP-36")
    world.service.hear(agreement(teo, today, today))
    world.call("POST", "/plans", json=body, organization_id=teo, expect=201)


@pytest.mark.rule("OP-36")
def test_without_an_agreement_in_force_nothing_goes_on(world: World) -> None:
    draft, plan_id = world.draft(), world.with_sittings()
    with world.service.database.transaction() as session:
        session.execute(text("UPDATE agreement SET in_force_to = :day"), {"day": date(2019, 12, 31)})
    answers = [
        world.call("POST", f"/plans/{draft}/publication"),
        world.call("POST", "/sittings", json=world.new_sitting(plan_id)),
        world.call("POST", f"/plans/{plan_id}/rosters", data={"file": (io.BytesIO(b"x"), "r.csv")}),
    ]
    assert [(one.status_code, json_of(one)["code"]) for one in answers] == [(409, "no_agreement_in_force")] * 3


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"certificate_type_id": str(uuid.uuid4())}, 422, "certificate_type_unknown"),
        ({"certificate_type_id": "004"}, 422, "invalid"),
        ({"level": "expert"}, 422, "invalid"),
        ({"year": 1999}, 422, "invalid"),
        ({"components": []}, 422, "invalid"),
        ({"components": [COMPONENTS[0]]}, 422, "components_not_right"),
        ({"components": [COMPONENTS[0] | {"code": "Übung"}, COMPONENTS[1]]}, 422, "invalid"),
        ({"components": [COMPONENTS[0] | {"code": "registration_number"}, COMPONENTS[1]]}, 422, "components_not_right"),
        ({"pass_line_hundredths": 60.5}, 422, "invalid"),
        ({"pass_line_hundredths": 10_001}, 422, "components_not_right"),
    ],
)
def test_a_plan_that_is_not_right_is_refused_by_code(
    world: World, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = world.call("POST", "/plans", json=world.new_plan(**changes), expect=status)
    assert json_of(answer)["code"] == code
    assert world.count("plan") == 0


def test_everyone_sees_the_plans_of_their_scope(world: World) -> None:
    draft, published = world.draft(), world.published()

    def seen_by(role: Role, organization_id: uuid.UUID | None = None) -> set[str]:
        answer = world.call("GET", "/plans", role=role, organization_id=organization_id, expect=200)
        return {one["id"] for one in json_of(answer)["items"]}

    assert seen_by(Role.TEO, world.teo) == seen_by(Role.OPERATOR) == seen_by(Role.MINISTRY) == {draft, published}
    assert seen_by(Role.COLLEGE, world.colleges[0]) == seen_by(Role.PROVINCE, new_id()) == {published}
    assert seen_by(Role.TEO, world.other_teo) == set()
    for role, organization_id in ((Role.TEO, world.other_teo), (Role.COLLEGE, world.colleges[0])):
        world.call("GET", f"/plans/{draft}", role=role, organization_id=organization_id, expect=404)
    world.call("GET", f"/plans/{published}", role=Role.COLLEGE, organization_id=world.colleges[0], expect=200)


def test_the_list_of_plans_goes_on_page_by_page(world: World) -> None:
    made = [world.draft() for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"size": 2} | ({"cursor": cursor} if cursor else {})
        found = json_of(world.call("GET", "/plans", query_string=query, expect=200))
        seen += [one["id"] for one in found["items"]]
        cursor = found["next"]
        if cursor is None:
            break
    assert seen == made[::-1]
