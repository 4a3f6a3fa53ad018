"""A site accounts for each sitting in whole fen, and stands out where it is over the agreed fee."""

import uuid
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.fees.conftest import DAY, Parties
from tests.registry.world import World


@pytest.fixture
def site_id(world: World, parties: Parties) -> str:
    site = world.declared_site(parties.college_id, parties.type_id)
    world.settle_as_teo(site["id"], parties.teo_id)
    world.settle_as_province(site["id"])
    world.file(site["id"])
    return str(site["id"])


def body(site_id: str, fees: int, cost: int, candidates: int = 30, **changes: Any) -> dict[str, Any]:
    made = {
        "sitting_id": str(uuid.uuid4()),
        "site_id": site_id,
        "level": "primary",
        "held_on": str(clock.today()),
        "candidates": candidates,
        "income_fen": fees + 5_000,
        "income_items": [
            {"name": "考务费", "source": "assessment_fees", "amount_fen": fees},
            {"name": "财政补助", "source": "public_funds", "amount_fen": 5_000},
        ],
        "cost_fen": cost,
        "cost_items": [{"name": "耗材", "amount_fen": cost - 1}, {"name": "水电", "amount_fen": 1}],
    }
    return made | changes


@pytest.mark.rule("OP-30")
@pytest.mark.parametrize(
    ("fees", "cost", "over"),
    [
        (30 * 42_000, 30 * 42_000, (False, False)),
        (30 * 42_000 + 1, 30 * 42_000, (True, False)),
        (30 * 42_000, 30 * 42_000 + 1, (False, True)),
    ],
)
def test_a_site_over_its_agreed_fee_stands_out_by_one_fen(
    world: World, parties: Parties, site_id: str, fees: int, cost: int, over: tuple[bool, bool]
) -> None:
    parties.ceiling()
    parties.agreed(42_000)
    made = world.post("/cost-accounts", body(site_id, fees, cost), **parties.college)
    assert (made["fees_over"], made["cost_over"], made["agreed_fee_fen"]) == (*over, 42_000)
    flagged = world.get("/cost-accounts/over-agreed-fee", **parties.province)["items"]
    assert [one["id"] for one in flagged] == ([made["id"]] if any(over) else [])
    assert len(world.get(f"/cost-accounts?fees_over={str(over[0]).lower()}")["items"]) == 1


@pytest.mark.rule("OP-30", "OP-28")
def test_where_no_fee_is_agreed_no_candidate_pays(world: World, parties: Parties, site_id: str) -> None:
    made = world.post("/cost-accounts", body(site_id, 1, 9), **parties.college)
    assert (made["agreed_fee_fen"], made["fees_over"], made["cost_over"]) == (None, True, False)
    free = world.post("/cost-accounts", body(site_id, 0, 9), **parties.college)
    assert free["fees_over"] is False
    parties.ceiling()
    parties.agreed(42_000)
    closed = world.post(f"/cost-accounts/{made['id']}/closing", None, expect=200, **parties.college)
    assert (closed["agreed_fee_fen"], closed["fees_over"], closed["state"]) == (42_000, False, "closed")


@pytest.mark.rule("OP-30")
def test_an_account_sums_to_the_fen_and_is_of_what_was_held(world: World, parties: Parties, site_id: str) -> None:
    right = body(site_id, 100, 100)
    for change, code in (
        ({"income_fen": 5_101}, "items_do_not_sum"),
        ({"cost_fen": 99}, "items_do_not_sum"),
        ({"held_on": str(clock.today() + DAY)}, "cost_account_too_early"),
        ({"site_id": str(uuid.uuid4())}, "site_unknown"),
        ({"candidates": 0}, "invalid"),
        ({"candidates": 1_000_001}, "invalid"),
        ({"cost_fen": 1.5}, "invalid"),
        ({"cost_fen": 10**12 + 1}, "invalid"),
    ):
        assert world.post("/cost-accounts", right | change, expect=422, **parties.college)["code"] == code
    world.post("/cost-accounts", right, **parties.college)
    assert world.post("/cost-accounts", right, expect=409, **parties.college)["code"] == "cost_account_exists"


@pytest.mark.rule("OP-30")
def test_an_account_is_put_right_until_it_is_closed_and_reopened_by_the_province(
    world: World, parties: Parties, site_id: str
) -> None:
    made = world.post("/cost-accounts", body(site_id, 100, 100), **parties.college)
    path = f"/cost-accounts/{made['id']}"
    right = {
        name: value
        for name, value in body(site_id, 200, 300).items()
        if name not in ("sitting_id", "site_id", "level", "held_on")
    }
    assert world.send("PUT", path, right, expect=200, **parties.college)["cost_fen"] == 300
    wrong = world.send("PUT", path, right | {"cost_fen": 301}, expect=422, **parties.college)
    assert wrong["code"] == "items_do_not_sum"
    early = world.post(f"{path}/reopening", None, expect=409, **parties.province)
    assert (early["code"], early["clause"]) == ("cost_account_is_open", "OP-30")
    world.post(f"{path}/closing", None, expect=200, **parties.college)
    for method, at, sent in (("PUT", path, right), ("POST", f"{path}/closing", None)):
        assert world.send(method, at, sent, expect=409, **parties.college)["code"] == "cost_account_is_closed"
    other = world.post(f"{path}/reopening", None, Role.PROVINCE, 403, province_code="32")
    assert other["code"] == "organization_not_allowed"
    assert world.post(f"{path}/reopening", None, expect=200, **parties.province)["state"] == "open"


@pytest.mark.rule("OP-30", "OP-01")
def test_an_account_is_its_colleges_and_seen_by_teo_and_province(world: World, parties: Parties, site_id: str) -> None:
    made = world.post("/cost-accounts", body(site_id, 100, 100), **parties.college)
    path = f"/cost-accounts/{made['id']}"
    for who in (*parties.sides.values(), {"role": Role.MINISTRY}, {"role": Role.OPERATOR}):
        assert world.get(path, **who)["id"] == made["id"]
    strangers: tuple[dict[str, Any], ...] = (
        {"role": Role.TEO, "organization_id": uuid.uuid4()},
        {"role": Role.COLLEGE, "organization_id": uuid.uuid4()},
        {"role": Role.PROVINCE, "province_code": "32"},
    )
    for stranger in strangers:
        assert world.get(path, expect=404, **stranger)["code"] == "not_found"
        assert world.get("/cost-accounts", **stranger)["items"] == []
    foreign = world.post(f"{path}/closing", None, expect=403, **strangers[1])
    assert foreign["code"] == "organization_not_allowed"
    refused = world.post("/cost-accounts", body(site_id, 100, 100), expect=422, **strangers[1])
    assert refused["code"] == "site_unknown"


@pytest.mark.rule("OP-23", "OP-30")
def test_a_site_that_was_never_filed_has_no_sittings_to_account_for(world: World, parties: Parties) -> None:
    site = world.declared_site(parties.college_id, parties.type_id)
    refused = world.post("/cost-accounts", body(site["id"], 100, 100), expect=409, **parties.college)
    assert refused["code"] == "site_never_filed"
