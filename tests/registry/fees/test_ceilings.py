"""A ceiling is argued item by item, published as the next version, and changes from a future day on."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import FeeCeilingPublished
from services.registry.fees import queries
from services.registry.fees.imports import IMPORT
from tests.registry.fees.conftest import DAY, Parties
from tests.registry.world import API, World


@pytest.mark.rule("OP-27")
def test_a_ceiling_is_argued_put_right_published_and_said(world: World, parties: Parties) -> None:
    made = world.post("/fee-ceilings", parties.ceiling_body(), **parties.teo)
    path = f"/fee-ceilings/{made['id']}"
    assert (made["state"], made["version"]) == ("argued", None)
    assert world.registry.call("GET", f"{API}{path}", expect=404).json["code"] == "not_found"  # type: ignore[index]
    right = {
        name: value
        for name, value in parties.ceiling_body(43_000).items()
        if name not in ("certificate_type_id", "level")
    }
    wrong = world.send("PUT", path, right | {"amount_fen": 43_001}, expect=422, **parties.teo)
    assert (wrong["code"], wrong["sum_fen"]) == ("items_do_not_sum", 43_000)
    assert world.send("PUT", path, right, expect=200, **parties.teo)["amount_fen"] == 43_000
    assert world.registry.said(FeeCeilingPublished) == []
    published = world.post(f"{path}/publication", None, Role.MINISTRY, 200)
    assert (published["state"], published["version"]) == ("published", 1)
    assert world.registry.said(FeeCeilingPublished) == [
        FeeCeilingPublished(
            fee_ceiling_id=uuid.UUID(made["id"]),
            certificate_type_id=uuid.UUID(parties.type_id),
            level="primary",
            ceiling_version=1,
            amount_fen=43_000,
            in_force_from=clock.today(),
        )
    ]
    again = world.post(f"{path}/publication", expect=409)
    assert (again["code"], again["clause"]) == ("fee_ceiling_is_published", "OP-27")
    assert world.send("PUT", path, right, expect=409, **parties.teo)["code"] == "fee_ceiling_is_published"
    assert world.post(f"{path}/withdrawal", None, expect=409, **parties.teo)["code"] == "fee_ceiling_is_published"
    assert world.registry.call("GET", f"{API}{path}", expect=200).json["amount_fen"] == 43_000  # type: ignore[index]


@pytest.mark.rule("OP-27")
def test_each_level_has_a_ceiling_of_its_own_and_none_needs_be_the_dearest(world: World, parties: Parties) -> None:
    world.reviewed_standard(parties.type_id, "advanced")
    world.post(f"/certificate-types/{parties.type_id}/publication", expect=200)
    assert [parties.ceiling(50_300)["version"], parties.ceiling(42_000, level="advanced")["version"]] == [1, 1]
    refused = world.post("/fee-ceilings", parties.ceiling_body(level="intermediate"), expect=409)
    assert refused["code"] == "level_not_published"


@pytest.mark.rule("OP-27")
def test_a_ceiling_holds_until_the_day_before_the_next_begins(world: World, parties: Parties) -> None:
    today = clock.today()
    parties.ceiling(42_000)
    for begins in (today, today - DAY):
        made = world.post("/fee-ceilings", parties.ceiling_body(40_000, begins))
        refused = world.post(f"/fee-ceilings/{made['id']}/publication", expect=422)
        assert refused["code"] == "ceiling_begins_too_early"
        assert world.post(f"/fee-ceilings/{made['id']}/withdrawal", expect=200)["state"] == "withdrawn"
    assert parties.ceiling(40_000, today + 10 * DAY)["version"] == 2
    type_id = uuid.UUID(parties.type_id)
    with world.registry.database.session() as session:
        found = [
            queries.ceiling_in_force(session, type_id, "primary", today + days * DAY) for days in (-1, 0, 9, 10, 999)
        ]
    assert [one and one.amount_fen for one in found] == [None, 42_000, 42_000, 40_000, 40_000]
    said = [(event.ceiling_version, event.amount_fen) for event in world.registry.said(FeeCeilingPublished)]  # type: ignore[attr-defined]
    assert said == [(1, 42_000), (2, 40_000)]


@pytest.mark.rule("OP-27")
@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, 420.5, "42000", None, 2**63])
def test_an_amount_is_a_whole_number_of_fen_within_bounds(world: World, parties: Parties, amount: Any) -> None:
    body = parties.ceiling_body() | {"amount_fen": amount}
    assert world.post("/fee-ceilings", body, expect=422)["code"] == "invalid"
    body = parties.ceiling_body() | {"cost_items": [{"name": "x", "amount_fen": amount}]}
    assert world.post("/fee-ceilings", body, expect=422)["code"] in ("invalid", "items_do_not_sum")


@pytest.mark.rule("OP-27")
def test_a_teo_argues_for_its_own_types_only_and_the_public_sees_what_is_published(
    world: World, parties: Parties
) -> None:
    other: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.uuid4()}
    refused = world.post("/fee-ceilings", parties.ceiling_body(), expect=403, **other)
    assert refused["code"] == "organization_not_allowed"
    argued = world.post("/fee-ceilings", parties.ceiling_body(), **parties.teo)
    path = f"/fee-ceilings/{argued['id']}"
    assert world.get(path, expect=404, **other)["code"] == "not_found"
    assert world.post(f"{path}/withdrawal", None, expect=403, **other)["code"] == "organization_not_allowed"
    published = parties.ceiling()

    def seen(query: str = "", **who: Any) -> list[str]:
        answer = world.registry.call("GET", f"{API}/fee-ceilings{query}", expect=200, **who)
        assert answer.json is not None
        return [one["id"] for one in answer.json["items"]]

    assert seen() == seen(**other) == seen(**parties.college) == [published["id"]]
    assert seen(**parties.teo) == seen(role=Role.MINISTRY) == [published["id"], argued["id"]]
    assert seen("?state=argued", **parties.teo) == [argued["id"]]
    assert seen(f"?certificate_type_id={uuid.uuid4()}") == []


@pytest.mark.rule("PP-38")
def test_the_lower_of_the_nations_and_the_provinces_ceiling_holds(world: World, parties: Parties) -> None:
    parties.ceiling(42_000)
    today = clock.today()

    def policy(ceiling_fen: int | None, days: int = 0, **changes: Any) -> Any:
        body = {
            "title": "关于考核收费的通知",
            "text": "本省考核费用从低确定。",
            "ceiling_fen": ceiling_fen,
            "in_force_from": str(today + days * DAY),
        }
        return world.post("/fee-policies", body | changes, **parties.province)

    def holding(province: str, days: int = 0) -> tuple[int | None, int | None]:
        query = f"certificate_type_id={parties.type_id}&level=primary&province_code={province}&on={today + days * DAY}"
        answer = world.registry.call("GET", f"{API}/fee-ceilings/in-force?{query}", expect=200)
        assert answer.json is not None
        return answer.json["ceiling_fen"], answer.json["provincial_fen"]

    here = {"certificate_type_id": parties.type_id, "level": "primary"}
    policy(41_000)
    policy(40_000, 5, **here)
    policy(None, 10, **here)
    policy(99_000, 15)
    assert [holding("11", days) for days in (0, 4, 5, 9, 10, 14, 15)] == [
        (41_000, 41_000),
        (41_000, 41_000),
        (40_000, 40_000),
        (40_000, 40_000),
        (41_000, 41_000),
        (41_000, 41_000),
        (42_000, 99_000),
    ]
    assert holding("32", 5) == (42_000, None)
    assert holding("11", -1) == (None, None)


@pytest.mark.rule("PP-38", "OP-01")
def test_a_policy_is_its_provinces_and_is_changed_before_it_begins(world: World, parties: Parties) -> None:
    body = {"title": "培训收费", "text": "按成本收费。", "subject": "training"}
    later = body | {"in_force_from": str(clock.today() + 5 * DAY)}
    made = world.post("/fee-policies", later, **parties.province)
    assert made["province_code"] == "11"
    path = f"/fee-policies/{made['id']}"
    other: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
    assert world.send("PUT", path, later, expect=403, **other)["code"] == "organization_not_allowed"
    assert world.post(f"{path}/withdrawal", None, expect=403, **other)["code"] == "organization_not_allowed"
    assert (
        world.send("PUT", path, later | {"title": "培训收费办法"}, expect=200, **parties.province)["title"]
        == "培训收费办法"
    )
    wrong = world.send("PUT", path, later | {"ceiling_fen": 1}, expect=422, **parties.province)
    assert wrong["code"] == "fee_policy_reach_wrong"
    with time_machine.travel(clock.now() + 5 * DAY):
        assert world.post(f"{path}/withdrawal", None, expect=409, **parties.province)["code"] == "fee_policy_has_begun"
    assert world.post(f"{path}/withdrawal", None, expect=200, **parties.province)["state"] == "withdrawn"
    again = world.post(f"{path}/withdrawal", None, expect=409, **parties.province)
    assert again["code"] == "fee_policy_is_withdrawn"
    assert world.send("PUT", path, later, expect=409, **parties.province)["code"] == "fee_policy_is_withdrawn"
    unknown = later | {"subject": "assessment", "certificate_type_id": str(uuid.uuid4()), "level": "primary"}
    assert world.post("/fee-policies", unknown, expect=422, **parties.province)["code"] == "certificate_type_unknown"
    listed = world.registry.call("GET", f"{API}/fee-policies?province_code=11&state=withdrawn", expect=200)
    assert listed.json is not None
    assert [one["id"] for one in listed.json["items"]] == [made["id"]]


@pytest.mark.rule("OP-27")
def test_ceilings_are_published_by_file(world: World, parties: Parties) -> None:
    today = clock.today()
    heading = "证书编码,级别,成本上限（元）,成本项目,论证说明,执行日期\n"
    rows = (
        f"001,初级,420.00,场地：300；耗材：120,按三十人测算,{today}\n"
        f"001,高级,503.00,场地：503,按三十人测算,{today}\n"
        f"009,初级,420.00,场地：420,按三十人测算,{today}\n"
        f"001,初级,421.00,场地：420,按三十人测算,{today + timedelta(days=9)}\n"
    )

    def sent() -> dict[str, Any]:
        file = {"file": (io.BytesIO((heading + rows).encode()), "ceilings.csv")}
        answer = world.registry.call("POST", f"{API}/imports/{IMPORT.name}", role=Role.OPERATOR, expect=202, data=file)
        world.registry.run_jobs()
        assert answer.json is not None
        done: dict[str, Any] = world.get(f"/jobs/{answer.json['id']}")
        return done

    done = sent()
    assert (done["accepted"], done["unchanged"], done["refused"]) == (1, 0, 3)
    report = world.registry.call("GET", f"{API}{done['refusals_url'].removeprefix(API)}", role=Role.OPERATOR)
    codes = ("level_not_published", "certificate_type_unknown", "items_do_not_sum")
    assert [code in report.get_data(as_text=True) for code in codes] == [True] * 3
    (published,) = world.get("/fee-ceilings")["items"]
    assert (published["amount_fen"], published["state"], published["version"]) == (42_000, "published", 1)
    assert sent()["unchanged"] == 1
