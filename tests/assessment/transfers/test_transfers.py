"""At the site of a college that has left candidates are moved or released, of a TEO that has left released: nobody is lost."""

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.pilot import SiteStandingChanged
from onex.contracts.registry import OrganizationAdmitted
from services.assessment.audit import INVARIANTS
from tests.assessment.world import (
    SITTING_STARTS,
    World,
    candidates,
    counts,
    exited,
    fee,
    organization,
    quota,
    roster_of,
    site,
)
from tests.harness.service import json_of

OPERATOR: dict[str, Any] = {"role": Role.OPERATOR, "organization_id": None}
SEATS = "SELECT college_id, taken FROM seats_taken WHERE taken <> 0"


@pytest.fixture
def moving(world: World) -> World:
    """The second site is of the second college."""
    world.sites = (world.sites[0], new_id())
    world.service.hear(site(world.sites[1], "GD-0009", world.colleges[1], world.teo, world.type_id))
    return world


def next_month(world: World, capacity: int = 10, **changes: Any) -> tuple[str, list[str]]:
    """A published plan and its sittings, one at each site, in 30 and 31 days."""
    plan_id, ids = world.published(**changes), []
    for days, one in enumerate(world.sites, 30):
        starts_at = clock.now() + timedelta(days=days)
        body = world.new_sitting(
            plan_id,
            site_id=str(one),
            capacity=capacity,
            starts_at=starts_at.isoformat(),
            ends_at=(starts_at + timedelta(hours=2)).isoformat(),
        )
        ids.append(json_of(world.call("POST", "/sittings", json=body, expect=201))["id"])
    return plan_id, ids


def registered(world: World, plan_id: str, count: int, **how: Any) -> list[str]:
    """The numbers of so many candidates who are registered at the first site."""
    before = {row.number for row in world.rows("SELECT number FROM registration")}
    job = world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(count, **how)))
    assert counts(job) == ("done", count, 0, 0)
    return [
        row.number for row in world.rows("SELECT number FROM registration ORDER BY number") if row.number not in before
    ]


def move(world: World, plan_id: str, numbers: list[str], sitting_id: str, expect: int = 200, **who: Any) -> Any:
    body = {"registration_numbers": numbers, "sitting_id": sitting_id}
    return json_of(world.call("POST", f"/plans/{plan_id}/transfers", json=body, expect=expect, **who))


def release(world: World, plan_id: str, numbers: list[str], expect: int = 200, **who: Any) -> Any:
    body = {"registration_numbers": numbers}
    return json_of(world.call("POST", f"/plans/{plan_id}/releases", json=body, expect=expect, **who))


def refusals(answer: Any) -> list[tuple[str, str]]:
    return [(one["registration_number"], one["code"]) for one in answer["refused"]]


def waiting(world: World, plan_id: str, **who: Any) -> list[tuple[str, str]]:
    items = json_of(world.call("GET", f"/plans/{plan_id}/stranded-registrations", expect=200, **who))["items"]
    return sorted((one["number"], one["cause"]) for one in items)


def stranded(world: World, **who: Any) -> list[tuple[str, str]]:
    items = json_of(world.call("GET", "/stranded-sittings", expect=200, **who))["items"]
    return [(one["id"], one["cause"]) for one in items]


def audited(world: World) -> list[str]:
    """The invariants of counts that do not hold."""
    wrong = []
    with psycopg.connect(world.service.database.dsn) as connection:
        for one in INVARIANTS:
            if list(one.faults(connection)):
                wrong.append(one.name)
    return wrong


@pytest.mark.rule("OP-42", "OP-07")
def test_whoever_is_registered_at_a_site_whose_college_left_is_listed_and_moved_with_number_and_seat(
    moving: World,
) -> None:
    plan_id, (first, second) = next_month(moving)
    numbers = registered(moving, plan_id, 3)
    assert stranded(moving) == waiting(moving, plan_id) == []
    moving.service.hear(exited(moving.colleges[0], "college"))
    assert stranded(moving) == stranded(moving, **OPERATOR) == [(first, "college_exited")]
    assert waiting(moving, plan_id) == [(one, "college_exited") for one in numbers]
    answer = move(moving, plan_id, [*numbers[:2], numbers[0], "R000"], second)
    assert (answer["done"], answer["unchanged"], refusals(answer)) == (2, 0, [("R000", "unknown_registration")])
    assert move(moving, plan_id, numbers[:2], second)["unchanged"] == 2
    assert waiting(moving, plan_id) == [(numbers[2], "college_exited")]
    items = json_of(moving.call("GET", f"/plans/{plan_id}/registrations", expect=200))["items"]
    assert sorted((one["number"], one["sitting_id"]) for one in items) == sorted(
        zip(numbers, (second, second, first), strict=True)
    )
    assert moving.rows(SEATS) == [(moving.colleges[0], 3)]
    listed = json_of(moving.call("GET", f"/plans/{plan_id}/transfers", expect=200))["items"]
    assert {
        (one["registration_number"], one["from_sitting_id"], one["to_sitting_id"], one["cause"]) for one in listed
    } == {(one, first, second, "college_exited") for one in numbers[:2]}
    assert audited(moving) == []
    moving.service.hear(exited(moving.colleges[1], "college"))
    assert waiting(moving, plan_id) == [(one, "college_exited") for one in numbers], "and again, if need be"


@pytest.mark.rule("OP-42")
def test_a_roster_that_is_sent_again_knows_where_a_candidate_was_moved(moving: World) -> None:
    plan_id, (_, second) = next_month(moving)
    numbers = registered(moving, plan_id, 1)
    assert move(moving, plan_id, numbers, second)["done"] == 1, "by choice, before it begins"
    assert moving.refusals(moving.send(f"/plans/{plan_id}/rosters", roster_of(candidates(1)))) == [
        (2, "site_code", "already_registered")
    ]
    elsewhere = roster_of(candidates(1, site_code="GD-0009"))
    assert counts(moving.send(f"/plans/{plan_id}/rosters", elsewhere)) == ("done", 0, 1, 0)


@pytest.mark.rule("OP-42", "OP-28", "OP-07")
def test_places_and_fees_hold_for_whoever_is_moved(moving: World) -> None:
    plan_id, (_, second) = next_month(moving, capacity=2)
    students = registered(moving, plan_id, 1)
    moving.service.hear(exited(moving.colleges[0], "college"))
    later = clock.beijing_day(clock.now() + timedelta(days=30))
    agreed = moving.rows(
        "SELECT * FROM fee_agreement WHERE level = 'intermediate' AND college_id = :c", c=moving.colleges[0]
    )
    ended = fee(
        moving.teo, moving.colleges[0], moving.type_id, "intermediate", fee_agreement_id=agreed[0].id, in_force_to=later
    )
    moving.service.hear(ended)
    assert refusals(move(moving, plan_id, students, second)) == [(students[0], "fee_not_agreed")]
    moving.service.hear(fee(moving.teo, moving.colleges[0], moving.type_id, "intermediate", in_force_from=later))
    assert move(moving, plan_id, students, second)["done"] == 1
    other = moving.send(f"/plans/{plan_id}/rosters", roster_of(candidates(2, social=True, seed=3, site_code="GD-0009")))
    assert moving.refusals(other) == [(3, "site_code", "sitting_full")], "a place that was taken by a transfer is taken"


@pytest.mark.rule("OP-42", "PP-15")
def test_where_every_place_is_taken_the_rest_comes_back(moving: World) -> None:
    plan_id, (first, second) = next_month(moving, capacity=2)
    numbers = registered(moving, plan_id, 2)
    registered(moving, plan_id, 1, seed=2, social=True, site_code="GD-0009")
    moving.service.hear(exited(moving.colleges[0], "college"))
    answer = move(moving, plan_id, numbers, second)
    assert (answer["done"], refusals(answer)) == (1, [(numbers[1], "sitting_full")])
    taken = {str(row.id): row.registered for row in moving.rows("SELECT id, registered FROM sitting")}
    assert taken == {first: 1, second: 2}


@pytest.mark.rule("OP-42", "OP-23", "OP-36")
def test_nobody_is_moved_to_where_no_sitting_will_be(moving: World) -> None:
    plan_id, (first, second) = next_month(moving)
    over = json_of(moving.call("POST", "/sittings", json=moving.new_sitting(plan_id, site_id=str(moving.sites[1]))))[
        "id"
    ]
    numbers = registered(moving, plan_id, 1)
    other_plan, (elsewhere, _) = next_month(moving, level="primary")
    assert move(moving, plan_id, numbers, elsewhere, 422)["code"] == "sitting_unknown"
    assert move(moving, plan_id, numbers, over, 409)["code"] == "sitting_has_begun"
    for standing, version in (("suspended", 2), ("filed", 3)):
        moving.service.hear(standing_of(moving, standing, version))
        if standing == "suspended":
            assert move(moving, plan_id, numbers, second, 409)["code"] == "site_not_open"
    moving.service.hear(standing_of(moving, "closed", 4))
    assert move(moving, plan_id, numbers, second, 409)["code"] == "sitting_not_held"
    assert move(moving, other_plan, numbers, elsewhere)["refused"][0]["code"] == "unknown_registration"
    moving.service.hear(exited(moving.colleges[0], "college"))
    assert move(moving, plan_id, numbers, first, 409)["code"] == "sitting_not_held"
    moving.service.hear(exited(moving.teo, "teo"))
    assert move(moving, plan_id, numbers, second, 409)["code"] == "teo_exited"


def standing_of(world: World, standing: Any, version: int) -> SiteStandingChanged:
    """How the second site stands now."""
    return SiteStandingChanged(
        site_id=world.sites[1], site_version=version, standing=standing, code="GD-0009", college_id=world.colleges[1],
        teo_id=world.teo, certificate_type_id=world.type_id, division_code="440106", changed_at=clock.now(),
    )  # fmt: skip


@pytest.mark.rule("OP-23")
def test_whoever_waits_at_a_site_that_was_closed_is_listed_too(moving: World) -> None:
    plan_id, (first, second) = next_month(moving)
    numbers = registered(moving, plan_id, 1, site_code="GD-0009")
    moving.service.hear(standing_of(moving, "suspended", 2))
    assert waiting(moving, plan_id) == [], "a site that is suspended may open again"
    moving.service.hear(standing_of(moving, "closed", 3))
    assert stranded(moving) == [(second, "site_closed")]
    assert waiting(moving, plan_id) == [(numbers[0], "site_closed")]
    assert move(moving, plan_id, numbers, first)["done"] == 1
    assert stranded(moving) == []


@pytest.mark.rule("OP-41", "OP-42", "PP-22")
def test_a_sitting_that_was_held_counts_and_one_after_the_exit_does_not(moving: World) -> None:
    plan_id, _ = next_month(moving, capacity=1)
    to_come = registered(moving, plan_id, 1)
    job = moving.send(f"/plans/{plan_id}/results", scores(to_come))
    assert moving.refusals(job) == [(2, "registration_number", "sitting_not_begun")]
    past = json_of(moving.call("POST", "/sittings", json=moving.new_sitting(plan_id), expect=201))
    assert clock.now() > SITTING_STARTS
    numbers = [*registered(moving, plan_id, 1, seed=2), *to_come]  # no other place is left
    moving.service.hear(exited(moving.colleges[0], "college"))
    job = moving.send(f"/plans/{plan_id}/results", scores(numbers))
    assert counts(job) == ("done", 1, 0, 1)
    assert moving.refusals(job) == [(3, "registration_number", "sitting_not_held")]
    assert waiting(moving, plan_id) == [(numbers[1], "college_exited")]
    assert refusals(release(moving, plan_id, numbers)) == [(numbers[0], "assessed")]
    assert move(moving, plan_id, numbers, past["id"], 409)["code"] == "site_not_open"


def scores(numbers: list[str]) -> bytes:
    """A results file in which everybody passes."""
    return "\n".join(["报名号,理论知识,操作技能", *(f"{number},80,90" for number in numbers), ""]).encode()


@pytest.mark.rule("OP-41", "OP-07", "OP-30")
def test_candidates_of_a_teo_that_left_are_released_their_seats_are_free_and_their_fee_is_paid_back_once(
    moving: World,
) -> None:
    plan_id, (first, _) = next_month(moving)
    students = registered(moving, plan_id, 2)
    social = registered(moving, plan_id, 1, social=True, seed=2)
    assert refusals(release(moving, plan_id, students)) == [(one, "sitting_is_held") for one in students]
    moving.service.hear(exited(moving.teo, "teo"))
    assert stranded(moving, **OPERATOR) == [(first, "teo_exited")]
    assert release(moving, plan_id, [students[0], *social], **OPERATOR)["done"] == 2
    assert release(moving, plan_id, [students[0]])["unchanged"] == 1
    assert waiting(moving, plan_id) == [(students[1], "teo_exited")]
    assert moving.rows(SEATS) == [(moving.colleges[0], 1)]
    assert moving.rows("SELECT registered FROM sitting WHERE registered > 0") == [(1,)]
    items = json_of(moving.call("GET", "/released-registrations", expect=200))["items"]
    assert {(one["registration_number"], one["fee_fen"], one["cause"]) for one in items} == {
        (students[0], 45_000, "teo_exited"),
        (social[0], None, "teo_exited"),
    }
    refunded = f"/released-registrations/{items[0]['registration_id']}/refund"
    assert json_of(moving.call("POST", refunded, expect=200))["refunded_at"]
    assert json_of(moving.call("POST", refunded, expect=409))["code"] == "refunded_already"
    moving.call("POST", refunded, organization_id=moving.other_teo, expect=404)
    assert audited(moving) == []
    assert release(moving, plan_id, students)["done"] == 1
    assert stranded(moving) == []
    assert moving.rows(SEATS) == []


@pytest.mark.rule("OP-41", "OP-42")
def test_who_was_released_is_in_no_file_takes_no_result_and_does_not_come_back_by_a_roster(moving: World) -> None:
    plan_id, (_, second) = next_month(moving)
    numbers = registered(moving, plan_id, 2)
    moving.service.hear(exited(moving.colleges[0], "college"))
    assert release(moving, plan_id, numbers[:1])["done"] == 1
    file = moving.call("GET", f"/plans/{plan_id}/registrations.csv", expect=200).get_data(as_text=True)
    assert [row["registration_number"] for row in csv.DictReader(io.StringIO(file))] == numbers[1:]
    items = json_of(moving.call("GET", f"/plans/{plan_id}/registrations", expect=200))["items"]
    assert {one["number"]: bool(one["released_at"]) for one in items} == {numbers[0]: True, numbers[1]: False}
    again = moving.send(f"/plans/{plan_id}/rosters", roster_of(candidates(2)))
    assert counts(again) == ("done", 0, 1, 1)
    assert moving.refusals(again)[0][1:] == ("document_number", "registration_released")
    assert refusals(move(moving, plan_id, numbers[:1], second)) == [(numbers[0], "registration_released")]
    assert moving.refusals(moving.send(f"/plans/{plan_id}/results", scores(numbers[:1]))) == [
        (2, "registration_number", "registration_released")
    ]


@pytest.mark.rule("OP-07")
def test_a_seat_that_a_release_leaves_is_anothers(moving: World) -> None:
    college = moving.colleges[0]
    plan_id, _ = next_month(moving, year=2027)
    moving.service.hear(quota(college, moving.type_id, "intermediate", 1, 2027))
    numbers = registered(moving, plan_id, 1)
    full = moving.send(f"/plans/{plan_id}/rosters", roster_of(candidates(1, seed=2, site_code="GD-0009")))
    assert moving.refusals(full)[0][2] == "quota_full"
    moving.service.hear(standing_of_first(moving))
    assert release(moving, plan_id, numbers)["done"] == 1
    taken = moving.send(f"/plans/{plan_id}/rosters", roster_of(candidates(1, seed=2, site_code="GD-0009")))
    assert counts(taken) == ("done", 1, 0, 0)


def standing_of_first(world: World) -> SiteStandingChanged:
    """The first site is closed."""
    return SiteStandingChanged(
        site_id=world.sites[0], site_version=2, standing="closed", code="GD-0001", college_id=world.colleges[0],
        teo_id=world.teo, certificate_type_id=world.type_id, division_code="440106", changed_at=clock.now(),
    )  # fmt: skip


@pytest.mark.rule("OP-01", "OP-42")
def test_each_sees_and_moves_its_own_and_nobody_elses(moving: World) -> None:
    one, other = moving.colleges
    moving.service.hear(
        *(
            organization_in(college, code, province, 3)
            for college, code, province in ((one, "12440000456789012A", "44"), (other, "12440000456789013B", "66"))
        )
    )
    plan_id, (first, second) = next_month(moving)
    numbers = registered(moving, plan_id, 1)
    social = registered(moving, plan_id, 1, social=True, seed=2)
    moving.service.hear(exited(one, "college"))
    both = sorted((number, "college_exited") for number in [*numbers, *social])
    itself, neighbour = ({"role": Role.COLLEGE, "organization_id": college} for college in moving.colleges)
    province, elsewhere = (
        {"role": Role.PROVINCE, "organization_id": new_id(), "province_code": p} for p in ("44", "66")
    )
    for who, sittings, people in (
        (OPERATOR, [(first, "college_exited")], both),
        (itself, [(first, "college_exited")], [(numbers[0], "college_exited")]),
        (neighbour, [], []),
        (province, [(first, "college_exited")], both),
        (elsewhere, [], []),
    ):
        assert stranded(moving, **who) == sittings
        assert waiting(moving, plan_id, **who) == people
    moving.call("GET", f"/plans/{plan_id}/stranded-registrations", organization_id=moving.other_teo, expect=404)
    assert stranded(moving, organization_id=moving.other_teo) == []
    assert (
        move(moving, plan_id, numbers, second, 403, organization_id=moving.other_teo)["code"]
        == "organization_not_allowed"
    )
    assert (
        release(moving, plan_id, numbers, 403, organization_id=moving.other_teo)["code"] == "organization_not_allowed"
    )
    assert move(moving, plan_id, numbers, second, 409, **itself)["code"] == "college_exited"
    assert refusals(move(moving, plan_id, numbers, second, **neighbour)) == [(numbers[0], "unknown_registration")]
    assert move(moving, plan_id, [*numbers, *social], second)["done"] == 2


@pytest.mark.rule("OP-42")
def test_a_college_moves_its_own_students_from_anothers_site(moving: World) -> None:
    plan_id, (first, _) = next_month(moving)
    own = registered(moving, plan_id, 1, site_code="GD-0009")
    social = registered(moving, plan_id, 1, site_code="GD-0009", seed=2, social=True)
    moving.service.hear(exited(moving.colleges[1], "college"))
    answer = move(moving, plan_id, [*own, *social], first, role=Role.COLLEGE, organization_id=moving.colleges[0])
    assert (answer["done"], refusals(answer)) == (1, [(social[0], "unknown_registration")])


def organization_in(one: Any, code: str, province: str, version: int) -> OrganizationAdmitted:
    """A college in a province's territory."""
    return replace(organization(one, "college", code, version), province_code=province)
