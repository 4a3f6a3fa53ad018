"""A fee is agreed when TEO, province and college have each consented, at or under the ceiling, and holds until its last day."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import FeeAgreed
from services.registry.fees import queries
from tests.registry.fees.conftest import DAY, Parties
from tests.registry.world import World


@pytest.mark.rule("OP-28")
@pytest.mark.parametrize("order", list(itertools.permutations(["teo", "province", "college"])), ids="-".join)
def test_a_fee_is_agreed_when_the_third_side_consents_in_whichever_order(
    world: World, parties: Parties, order: tuple[str, str, str]
) -> None:
    parties.ceiling()
    first, second, third = order
    made = parties.propose(by=parties.sides[first])
    assert (made["state"], made["proposed_by_side"]) == ("proposed", first)
    assert [made[f"{side}_consented_at"] is not None for side in order] == [True, False, False]
    again = parties.consent(made["id"], first, 409)
    assert (again["code"], again["clause"]) == ("fee_consent_given", "OP-28")
    assert parties.consent(made["id"], second)["state"] == "proposed"
    assert parties.consent(made["id"], second, 409)["code"] == "fee_consent_given"
    assert world.registry.said(FeeAgreed) == []
    agreed = parties.consent(made["id"], third)
    assert agreed["state"] == "agreed"
    assert agreed["agreed_at"]
    assert parties.consent(made["id"], third, 409)["code"] == "fee_agreement_is_agreed"
    assert world.registry.said(FeeAgreed) == [
        FeeAgreed(
            fee_agreement_id=uuid.UUID(made["id"]),
            teo_id=uuid.UUID(parties.teo_id),
            college_id=uuid.UUID(parties.college_id),
            province_code="11",
            certificate_type_id=uuid.UUID(parties.type_id),
            level="primary",
            amount_fen=42_000,
            in_force_from=clock.today(),
            in_force_to=clock.today() + 30 * DAY,
        )
    ]


@pytest.mark.rule("OP-28", "OP-01")
def test_nobody_proposes_consents_or_ends_for_another_side(world: World, parties: Parties) -> None:
    parties.ceiling()
    strangers: tuple[dict[str, Any], ...] = (
        {"role": Role.TEO, "organization_id": uuid.uuid4()},
        {"role": Role.COLLEGE, "organization_id": uuid.uuid4()},
        {"role": Role.PROVINCE, "province_code": "32"},
    )
    agreed = parties.agreed()
    waiting = parties.propose(40_000, 40, 50)
    for stranger in strangers:
        assert parties.propose(by=stranger, expect=403)["code"] == "organization_not_allowed"
        for one, verb, body in (
            (waiting, "consent", None),
            (waiting, "withdrawal", {"reason": "x"}),
            (agreed, "ending", {"reason": "x"}),
        ):
            refused = world.post(f"/fee-agreements/{one['id']}/{verb}", body, expect=403, **stranger)
            assert refused["code"] == "organization_not_allowed"
        assert world.get(f"/fee-agreements/{agreed['id']}", expect=404, **stranger)["code"] == "not_found"
        assert world.get("/fee-agreements", **stranger)["items"] == []
    operator = world.post(f"/fee-agreements/{waiting['id']}/consent", None, Role.OPERATOR, 403)
    assert operator["code"] == "role_not_allowed"
    for side in (*parties.sides.values(), {"role": Role.MINISTRY}, {"role": Role.OPERATOR}):
        assert [one["id"] for one in world.get("/fee-agreements", **side)["items"]] == [waiting["id"], agreed["id"]]
    listed = world.get(f"/fee-agreements?state=agreed&college_id={parties.college_id}&level=primary")["items"]
    assert [one["id"] for one in listed] == [agreed["id"]]


@pytest.mark.rule("OP-27", "OP-28")
def test_a_fee_above_the_ceiling_of_its_first_day_is_refused_to_the_fen(world: World, parties: Parties) -> None:
    assert parties.propose(1, expect=409)["code"] == "no_fee_ceiling_in_force"
    parties.ceiling(42_000)
    parties.ceiling(45_000, clock.today() + 10 * DAY)
    refused = parties.propose(42_001, expect=409)
    assert (refused["code"], refused["clause"], refused["ceiling_fen"]) == ("fee_above_ceiling", "OP-28", 42_000)
    parties.propose(42_000)
    assert parties.propose(45_000, 9, 20, 409)["ceiling_fen"] == 42_000
    parties.propose(45_000, 10, 20)
    parties.propose(0, 10, 20)


@pytest.mark.rule("OP-28")
def test_a_fee_stays_under_every_ceiling_that_begins_within_its_days(world: World, parties: Parties) -> None:
    parties.ceiling(42_000)
    parties.ceiling(40_000, clock.today() + 10 * DAY)
    parties.propose(42_000, 0, 9)
    assert parties.propose(42_000, 0, 10, 409)["ceiling_fen"] == 40_000
    parties.propose(40_000, 0, 10)


@pytest.mark.rule("OP-28")
def test_a_fee_that_a_new_ceiling_undercuts_is_not_agreed_any_more(world: World, parties: Parties) -> None:
    parties.ceiling(42_000)
    made = parties.propose(42_000, 5, 30)
    parties.consent(made["id"], "province")
    parties.ceiling(41_999, clock.today() + DAY)
    refused = parties.consent(made["id"], "college", 409)
    assert (refused["code"], refused["ceiling_fen"]) == ("fee_above_ceiling", 41_999)
    assert world.get(f"/fee-agreements/{made['id']}")["state"] == "proposed"
    assert world.registry.said(FeeAgreed) == []


@pytest.mark.rule("PP-38", "OP-28")
def test_the_provinces_own_lower_ceiling_holds_in_its_territory(world: World, parties: Parties) -> None:
    parties.ceiling(42_000)
    body = {"title": "收费", "text": "从低", "ceiling_fen": 39_000, "in_force_from": str(clock.today() + 5 * DAY)}
    world.post("/fee-policies", body, **parties.province)
    parties.propose(42_000, 0, 4)
    assert parties.propose(42_000, 0, 5, 409)["ceiling_fen"] == 39_000
    parties.propose(39_000, 0, 30)
    elsewhere = world.admitted_college(300, province_code="32", division_code="320102")
    parties.propose(42_000, 0, 30, college_id=elsewhere["id"])


@pytest.mark.rule("OP-28")
def test_fees_that_a_later_ceiling_undercuts_are_listed(world: World, parties: Parties) -> None:
    parties.ceiling(42_000)
    first, today = parties.agreed(42_000, 0, 30), clock.today()
    second = parties.agreed(40_000, 31, 60)

    def listed(**who: Any) -> list[str]:
        return [one["id"] for one in world.get("/fee-agreements/above-ceiling", **who)["items"]]

    assert listed() == []
    parties.ceiling(41_000, today + 30 * DAY)
    assert listed() == listed(**parties.college) == [first["id"]]
    assert listed(role=Role.COLLEGE, organization_id=uuid.uuid4()) == []
    parties.ceiling(43_000, today + 31 * DAY)
    assert listed() == [first["id"]]
    policy = {"title": "收费", "text": "从低", "ceiling_fen": 39_000, "in_force_from": str(today + 60 * DAY)}
    world.post("/fee-policies", policy, **parties.province)
    assert listed() == [second["id"], first["id"]]
    world.post("/fee-policies", policy | {"ceiling_fen": 40_000}, **parties.province)
    assert listed() == [first["id"]]
    with time_machine.travel(clock.now() + 31 * DAY):
        assert listed() == []


@pytest.mark.rule("OP-28")
def test_on_no_day_are_two_fees_agreed(world: World, parties: Parties) -> None:
    parties.ceiling()
    rival = parties.propose(30_000, 10, 20)
    agreed = parties.agreed(42_000, 0, 10)
    refused = parties.consent(rival["id"], "college", 409)
    assert (refused["code"], refused["other"]) == ("fee_agreement_overlaps", agreed["id"])
    assert parties.propose(30_000, 10, 20, 409)["code"] == "fee_agreement_overlaps"
    assert parties.agreed(30_000, 11, 20)["state"] == "agreed"
    college_id, type_id, today = uuid.UUID(parties.college_id), uuid.UUID(parties.type_id), clock.today()
    with world.registry.database.session() as session:
        found = [
            queries.fee_in_force(session, college_id, type_id, "primary", today + days * DAY)
            for days in (-1, 0, 10, 11, 20, 21)
        ]
        other = queries.fee_in_force(session, college_id, type_id, "advanced", today)
    assert [one and one.amount_fen for one in found] == [None, 42_000, 42_000, 30_000, 30_000, None]
    assert other is None


@pytest.mark.rule("OP-28")
def test_a_proposal_is_withdrawn_or_declined_by_any_side(world: World, parties: Parties) -> None:
    parties.ceiling()
    for side, who in parties.sides.items():
        made = parties.propose()
        path = f"/fee-agreements/{made['id']}/withdrawal"
        closed = world.post(path, {"reason": f"{side}不同意"}, expect=200, **who)
        assert (closed["state"], closed["closing_reason"]) == ("withdrawn", f"{side}不同意")
        assert world.post(path, {"reason": "x"}, expect=409, **who)["code"] == "fee_agreement_is_withdrawn"
        assert parties.consent(made["id"], "college", 409)["code"] == "fee_agreement_is_withdrawn"
    assert world.registry.said(FeeAgreed) == []


@pytest.mark.rule("OP-28")
def test_an_agreed_fee_is_ended_and_holds_until_its_last_day(world: World, parties: Parties) -> None:
    parties.ceiling()
    agreed, today = parties.agreed(), clock.today()
    path = f"/fee-agreements/{agreed['id']}"
    assert (
        world.post(f"{path}/withdrawal", {"reason": "x"}, expect=409, **parties.teo)["code"]
        == "fee_agreement_is_agreed"
    )
    past = {"reason": "x", "last_day": str(today - DAY)}
    assert world.post(f"{path}/ending", past, expect=422, **parties.college)["code"] == "fee_ending_day_wrong"
    ended = world.post(
        f"{path}/ending", {"reason": "学校停招", "last_day": str(today + DAY)}, expect=200, **parties.college
    )
    assert (ended["state"], ended["in_force_to"], ended["agreed_to"]) == (
        "ended",
        str(today + DAY),
        agreed["in_force_to"],
    )
    again = world.post(f"{path}/ending", {"reason": "x"}, expect=409, **parties.college)
    assert again["code"] == "fee_agreement_is_ended"
    said = [event for event in world.registry.said() if isinstance(event, FeeAgreed)]
    assert [event.in_force_to for event in said] == [today + 30 * DAY, today + DAY]
    assert len({event.fee_agreement_id for event in said}) == 1
    assert parties.propose(1, 1, 9, 409)["code"] == "fee_agreement_overlaps"
    assert parties.agreed(41_000, 2, 9)["state"] == "agreed"


@pytest.mark.rule("OP-28")
def test_a_fee_that_is_ended_before_it_begins_never_holds(world: World, parties: Parties) -> None:
    parties.ceiling()
    agreed, today = parties.agreed(42_000, 10, 30), clock.today()
    path = f"/fee-agreements/{agreed['id']}/ending"
    assert world.post(path, {"reason": "改期"}, Role.OPERATOR, 200)["in_force_to"] == str(today + 9 * DAY)
    assert parties.agreed(40_000, 5, 15)["state"] == "agreed"
    with world.registry.database.session() as session:
        ids = uuid.UUID(parties.college_id), uuid.UUID(parties.type_id)
        held = [queries.fee_in_force(session, *ids, "primary", today + days * DAY) for days in (9, 10, 20)]
    assert [one and one.amount_fen for one in held] == [40_000, 40_000, None]


@pytest.mark.rule("OP-28", "OP-36", "PP-13", "PP-02")
def test_only_those_who_take_part_agree_on_what_is_open_to_them(world: World, parties: Parties) -> None:
    parties.ceiling()
    waiting = world.post("/organizations", world.college_body(200))
    assert parties.propose(college_id=waiting["id"], expect=409)["code"] == "organization_not_admitted"
    choosy = world.admitted_college(201, college_kind="open_university")
    levels = {"levels": ["advanced"]}
    world.send("PUT", f"/organizations/{choosy['id']}/levels", levels, Role.OPERATOR, 200)
    assert parties.propose(college_id=choosy["id"], expect=409)["code"] == "level_not_open"
    for change, expect, code in (
        ({"level": "advanced"}, 409, "level_not_published"),
        ({"level": "expert"}, 422, "invalid"),
        ({"college_id": parties.teo_id}, 422, "organization_unknown"),
        ({"certificate_type_id": str(uuid.uuid4())}, 422, "certificate_type_unknown"),
        ({"first": -1}, 422, "fee_period_wrong"),
        ({"first": 9, "last": 8}, 422, "fee_period_wrong"),
        ({"amount_fen": -1}, 422, "invalid"),
        ({"amount_fen": 420.5}, 422, "invalid"),
        ({"amount_fen": 10**13}, 422, "invalid"),
    ):
        assert parties.propose(**change, expect=expect)["code"] == code  # type: ignore[arg-type]
    made = parties.propose(42_000, 0, 30)
    (agreement,) = world.get(f"/agreements?teo_id={parties.teo_id}")["items"]
    world.post(f"/agreements/{agreement['id']}/termination", {"reason": "违约"}, expect=200)
    with time_machine.travel(clock.now() + DAY):
        assert parties.consent(made["id"], "college", 409)["code"] == "no_agreement_in_force"


@pytest.mark.rule("OP-28")
def test_of_two_rivals_consented_to_at_the_same_moment_one_is_agreed(world: World, parties: Parties) -> None:
    parties.ceiling()
    rivals = [parties.propose(amount) for amount in (42_000, 41_000, 40_000, 39_000)]
    for one in rivals:
        parties.consent(one["id"], "province")

    def last(one: dict[str, Any]) -> int:
        path = f"/registry/v1/fee-agreements/{one['id']}/consent"
        return int(world.registry.call("POST", path, **parties.college).status_code)

    with ThreadPoolExecutor(len(rivals)) as pool:
        assert sorted(pool.map(last, rivals)) == [200, 409, 409, 409]
    assert len(world.registry.said(FeeAgreed)) == 1
    assert len(world.get("/fee-agreements?state=agreed")["items"]) == 1
