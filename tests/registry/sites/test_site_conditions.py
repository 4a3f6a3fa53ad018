"""A type's conditions are published first; a declaration answers them, and what it does not meet is named (OP-23)."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from services.registry.sites import errors, rules
from tests.harness.service import json_of
from tests.registry.sites.conftest import Parties
from tests.registry.world import API, World

ROOMS = {"name": "rooms", "kind": "number", "least": 2}
CAMERAS = {"name": "cameras", "kind": "yes_no", "least": None}
NETWORK = {"name": "network", "kind": "text", "least": None}
ALL: list[dict[str, Any]] = [ROOMS, CAMERAS, NETWORK]
TODAY = date(2026, 3, 2)


def list_body(type_id: str, conditions: list[dict[str, Any]], days: int = 0) -> dict[str, Any]:
    first = clock.today() + timedelta(days=days)
    return {"certificate_type_id": type_id, "conditions": conditions, "in_force_from": str(first)}


def publish(world: World, parties: Parties, conditions: list[dict[str, Any]], days: int = 0) -> dict[str, Any]:
    return world.post("/site-conditions", list_body(parties.type_id, conditions, days), **parties.teo)


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize(
    "answers",
    [
        {"rooms": 2, "cameras": True, "network": "1 Gbit/s"},
        {"rooms": 3, "cameras": True, "network": "x", "parking": False},
    ],
)
def test_what_meets_every_condition_passes(answers: dict[str, Any]) -> None:
    rules.check_conditions(ALL, answers)


@pytest.mark.rule("OP-23")
@pytest.mark.parametrize(
    ("change", "unanswered", "wrong_kind", "not_met"),
    [
        ({"rooms": 1}, [], [], ["rooms"]),
        ({"cameras": False}, [], [], ["cameras"]),
        ({"network": ""}, ["network"], [], []),
        ({"rooms": None, "cameras": None}, ["rooms", "cameras"], [], []),
        ({"rooms": "2", "network": 5}, [], ["rooms", "network"], []),
        ({"rooms": True, "cameras": 1}, [], ["rooms", "cameras"], []),
        ({"rooms": 0, "cameras": False, "network": None}, ["network"], [], ["rooms", "cameras"]),
    ],
)
def test_each_condition_that_is_not_met_is_named(
    change: dict[str, Any], unanswered: list[str], wrong_kind: list[str], not_met: list[str]
) -> None:
    with pytest.raises(errors.ConditionsNotMet) as refused:
        rules.check_conditions(ALL, {"rooms": 2, "cameras": True, "network": "1 Gbit/s"} | change)
    assert refused.value.facts == {"unanswered": unanswered, "wrong_kind": wrong_kind, "not_met": not_met}
    assert all(name in refused.value.detail for name in (*unanswered, *wrong_kind, *not_met))


@pytest.mark.rule("OP-23")
def test_conditions_come_into_force_on_the_day_of_their_publication_at_the_earliest() -> None:
    rules.check_conditions_start(TODAY, TODAY)
    with pytest.raises(errors.ConditionsTooEarly):
        rules.check_conditions_start(TODAY - timedelta(days=1), TODAY)


@pytest.mark.rule("OP-23")
def test_conditions_are_taken_back_until_the_day_before_they_count() -> None:
    rules.check_conditions_withdrawable(TODAY + timedelta(days=1), None, TODAY)
    with pytest.raises(errors.ConditionsInForce):
        rules.check_conditions_withdrawable(TODAY, None, TODAY)
    with pytest.raises(errors.ConditionsWithdrawn):
        rules.check_conditions_withdrawable(TODAY + timedelta(days=1), datetime(2026, 3, 1, tzinfo=UTC), TODAY)


@pytest.mark.rule("OP-23")
def test_a_declaration_that_does_not_meet_them_is_refused_and_one_that_does_is_taken(
    world: World, parties: Parties
) -> None:
    published = publish(world, parties, ALL)
    body = world.site_body(parties.type_id, conditions={"rooms": 1, "cameras": True})
    refused = world.post("/sites", body, expect=422, **parties.college)
    assert (refused["code"], refused["clause"]) == ("site_conditions_not_met", "OP-23")
    assert (refused["unanswered"], refused["not_met"]) == (["network"], ["rooms"])
    assert world.get("/sites")["items"] == []
    made = world.post("/sites", world.site_body(parties.type_id), **parties.college)
    assert (made["state"], made["condition_list_id"]) == ("declared", published["id"])


def test_without_published_conditions_a_college_says_what_it_likes(world: World, parties: Parties) -> None:
    made = world.post("/sites", world.site_body(parties.type_id, conditions={}), **parties.college)
    assert (made["state"], made["condition_list_id"]) == ("declared", None)


@pytest.mark.rule("OP-23")
def test_the_newest_list_that_has_begun_counts(world: World, parties: Parties) -> None:
    publish(world, parties, [ROOMS])
    later = publish(world, parties, [ROOMS | {"least": 9}], days=1)
    assert later["version"] == 2
    site = world.post("/sites", world.site_body(parties.type_id), **parties.college)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        refused = world.post("/sites", world.site_body(parties.type_id, "BJ-002"), expect=422, **parties.college)
        assert refused["not_met"] == ["rooms"]
        assert world.settle_as_teo(site["id"], parties.teo_id, 422)["not_met"] == ["rooms"]
        correction = {name: site[name] for name in ("address_zh", "division_code", "capacity")}
        correction["conditions"] = {"rooms": 9}
        corrected = world.send("PUT", f"/sites/{site['id']}", correction, expect=200, **parties.college)
        assert corrected["condition_list_id"] == later["id"]
        world.settle_as_teo(site["id"], parties.teo_id)
        assert world.settle_as_province(site["id"])["state"] == "settled"


@pytest.mark.rule("OP-23")
def test_a_list_that_was_taken_back_never_counts(world: World, parties: Parties) -> None:
    later = publish(world, parties, [ROOMS | {"least": 9}], days=1)
    address = f"/site-conditions/{later['id']}/withdrawal"
    assert world.post(address, expect=200, **parties.teo)["withdrawn_at"] is not None
    assert world.post(address, expect=409, **parties.teo)["code"] == "site_conditions_withdrawn"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        world.post("/sites", world.site_body(parties.type_id), **parties.college)


@pytest.mark.rule("OP-23")
def test_conditions_are_read_by_anyone_and_published_by_the_types_teo_alone(world: World, parties: Parties) -> None:
    published = publish(world, parties, ALL)
    other = world.admitted_teo(2)
    theirs: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(other["id"])}
    body = list_body(parties.type_id, [ROOMS])
    assert world.post("/site-conditions", body, expect=403, **theirs)["code"] == "organization_not_allowed"
    withdrawn = world.post(f"/site-conditions/{published['id']}/withdrawal", expect=403, **theirs)
    assert withdrawn["code"] == "organization_not_allowed"
    read = json_of(
        world.registry.call("GET", f"{API}/site-conditions?certificate_type_id={parties.type_id}", expect=200)
    )
    assert [one["conditions"] for one in read["items"]] == [ALL]
    one = json_of(world.registry.call("GET", f"{API}/site-conditions/{published['id']}", expect=200))
    assert one["version"] == 1
    world.registry.call("GET", f"{API}/site-conditions/{uuid.uuid4()}", expect=404)


@pytest.mark.rule("OP-36")
def test_a_teo_without_an_agreement_in_force_publishes_no_conditions(world: World, parties: Parties) -> None:
    with time_machine.travel(clock.now() + timedelta(days=400)):
        refused = world.post("/site-conditions", list_body(parties.type_id, ALL), expect=409, **parties.teo)
    assert refused["code"] == "no_agreement_in_force"


@pytest.mark.parametrize(
    "conditions",
    [
        [],
        [ROOMS, ROOMS],
        [{"name": "rooms", "kind": "number"}],
        [CAMERAS | {"least": 1}],
        [ROOMS | {"least": 1.5}],
        [ROOMS | {"kind": "many"}],
        [ROOMS | {"name": ""}],
    ],
)
def test_a_wrong_list_is_refused(world: World, parties: Parties, conditions: list[dict[str, Any]]) -> None:
    body = list_body(parties.type_id, conditions)
    assert world.post("/site-conditions", body, expect=422, **parties.teo)["code"] == "invalid"


def test_a_list_of_an_unknown_type_is_refused(world: World, parties: Parties) -> None:
    body = list_body(str(uuid.uuid4()), ALL)
    assert world.post("/site-conditions", body, expect=422, **parties.teo)["code"] == "certificate_type_unknown"
