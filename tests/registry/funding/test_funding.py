"""Funds are allocated to colleges of the pilot, received and used, each sum exact; misuse is found and followed up."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.problems import Refusal
from onex.contracts.pilot import ExitCaseOpened
from services.registry.funding import actions
from services.registry.organizations import actions as organizations
from tests.registry.callers import own, province
from tests.registry.funding.conftest import Parties


@pytest.mark.rule("OP-34", "PP-41")
@pytest.mark.parametrize("source", ["central_award", "provincial", "local", "social"])
@pytest.mark.parametrize("kind", ["grant", "purchase_of_services"])
def test_funds_come_from_four_sources_given_or_for_services(parties: Parties, source: str, kind: str) -> None:
    made = parties.allocate(source=source, kind=kind)
    assert (made["source"], made["kind"], made["province_code"]) == (source, kind, "11")
    assert (made["amount_fen"], made["received_fen"], made["used_fen"], made["state"]) == (10_001, 0, 0, "allocated")
    assert made["recorded_by"] == "test-province-"
    assert parties.world.get(f"/allocations/{made['id']}", **parties.college) == made


@pytest.mark.rule("OP-34", "PP-41")
@pytest.mark.parametrize(
    ("changes", "expect"),
    [
        ({"amount_fen": 1}, 201),
        ({"amount_fen": 0}, 422),
        ({"amount_fen": -1}, 422),
        ({"amount_fen": 1.5}, 422),
        ({"source": "lottery"}, 422),
        ({"kind": "loan"}, 422),
        ({"source": None}, 422),
        ({"reference": " "}, 422),
    ],
)
def test_funds_say_where_they_come_from_by_which_document_and_how_much(
    parties: Parties, changes: dict[str, Any], expect: int
) -> None:
    answer = parties.allocate(expect, **changes)
    assert answer["state" if expect == 201 else "code"] == ("allocated" if expect == 201 else "invalid")
    for who in (parties.college, {"role": Role.TEO, "organization_id": uuid.uuid4()}):
        assert parties.allocate(403, role=who)["code"] == "role_not_allowed"


@pytest.mark.rule("PP-43")
@pytest.mark.parametrize(
    ("allocated_on", "expect"),
    [("2026-01-31", 409), ("2026-02-01", 201), ("2026-03-20", 201)],
)
def test_only_in_the_pilot_is_a_college_given_its_funds(parties: Parties, allocated_on: str, expect: int) -> None:
    answer = parties.allocate(expect, allocated_on=allocated_on)
    if expect == 409:
        assert (answer["code"], answer["clause"]) == ("funding_outside_pilot", "PP-43")


@pytest.mark.rule("PP-43", "OP-44")
def test_after_the_pilots_last_day_nothing_is_given_or_received(parties: Parties, allocation: str) -> None:
    parties.now.move_to(datetime(2027, 1, 2, tzinfo=clock.BEIJING))
    assert parties.allocate(allocated_on="2026-12-31", reference="末日")["state"] == "allocated"
    assert parties.allocate(409, allocated_on="2027-01-01")["code"] == "funding_outside_pilot"
    assert parties.receive(allocation, 1, "2027-01-01", 409)["code"] == "funding_outside_pilot"
    assert parties.receive(allocation, 1, "2026-12-31")["amount_fen"] == 1
    outside = parties.world.admitted_college(200)
    assert parties.allocate(409, college_id=outside["id"])["code"] == "funding_outside_pilot"


@pytest.mark.rule("PP-43")
def test_a_college_that_has_exited_is_given_nothing(parties: Parties, allocation: str) -> None:
    with parties.world.registry.database.transaction() as session:
        organizations.exit(
            session, uuid.UUID(parties.college_id), ground="c", case_id=uuid.uuid4(), decided_by="北京市教委"
        )
    assert parties.allocate(409, reference="后")["code"] == "organization_exited"
    assert parties.receive(allocation, 1, "2026-03-20", 409)["code"] == "funding_outside_pilot"
    assert parties.receive(allocation, 1, "2026-03-19")["amount_fen"] == 1  # what came while it took part


@pytest.mark.rule("OP-34")
def test_receipts_add_up_to_the_allocation_and_no_fen_further(parties: Parties, allocation: str) -> None:
    parties.receive(allocation, 10_000, "2026-03-05")
    refused = parties.receive(allocation, 2, expect=409)
    assert (refused["code"], refused["left_fen"]) == ("receipt_over_allocation", 1)
    seen = parties.world.get(f"/allocations/{allocation}", **parties.college)
    assert (seen["received_fen"], seen["received_in_full_on"]) == (10_000, None)
    parties.receive(allocation, 1, "2026-03-04")
    seen = parties.world.get(f"/allocations/{allocation}", **parties.college)
    assert (seen["received_fen"], seen["received_in_full_on"]) == (10_001, "2026-03-05")
    assert parties.receive(allocation, 1, expect=409)["left_fen"] == 0
    amounts = [one["amount_fen"] for one in parties.world.get("/receipts", **parties.province)["items"]]
    assert amounts == [1, 10_000]


@pytest.mark.rule("OP-30", "OP-34")
def test_uses_add_up_to_what_was_received(parties: Parties, allocation: str) -> None:
    assert parties.use(allocation, 1, expect=409)["code"] == "use_over_receipts"
    parties.receive(allocation, 5_000)
    parties.use(allocation, 4_999)
    refused = parties.use(allocation, 2, expect=409)
    assert (refused["code"], refused["left_fen"], refused["clause"]) == ("use_over_receipts", 1, "OP-30")
    parties.use(allocation, 1, "assessment")
    refused = parties.use(allocation, 5_002, expect=409)
    assert (refused["code"], refused["left_fen"]) == ("use_over_allocation", 5_001)
    assert parties.world.get(f"/allocations/{allocation}")["used_fen"] == 5_000
    assert parties.world.get("/fund-uses?category=assessment", **parties.province)["items"][0]["amount_fen"] == 1
    assert parties.world.get("/misuses")["items"] == []


@pytest.mark.rule("OP-34")
@pytest.mark.parametrize("verb", ["receive", "use"])
def test_at_the_same_moment_no_sum_is_passed(parties: Parties, allocation: str, verb: str) -> None:
    by = Caller("race", Role.COLLEGE, uuid.UUID(parties.college_id), "11")
    if verb == "use":
        parties.receive(allocation, 10_001)

    def once(_: int) -> str:
        try:
            with parties.world.registry.database.transaction() as session:
                if verb == "receive":
                    body = {"amount_fen": 3_000, "received_on": date(2026, 3, 10)}
                    actions.receive(session, uuid.UUID(allocation), body, by=by)
                else:
                    whole = {"amount_fen": 3_000, "used_on": date(2026, 3, 10), "category": "training", "purpose": "x"}
                    actions.use(session, uuid.UUID(allocation), whole, by=by)
        except Refusal as refused:
            return refused.code
        return "taken"

    with ThreadPoolExecutor(5) as pool:
        outcome = sorted(pool.map(once, range(5)))
    over = "receipt_over_allocation" if verb == "receive" else "use_over_allocation"
    assert outcome == sorted(["taken"] * 3 + [over] * 2)
    seen = parties.world.get(f"/allocations/{allocation}")
    assert (seen["received_fen"] if verb == "receive" else seen["used_fen"]) == 9_000


@pytest.mark.rule("OP-34")
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"allocated_on": "2026-03-21"}, 422, "funding_day_wrong"),
        ({"amount_fen": 0}, 422, "invalid"),
        ({"amount_fen": -1}, 422, "invalid"),
        ({"amount_fen": 1.5}, 422, "invalid"),
        ({"amount_fen": "1"}, 422, "invalid"),
        ({"amount_fen": 10**13 + 1}, 422, "invalid"),
        ({"source": "lottery"}, 422, "invalid"),
        ({"kind": "loan"}, 422, "invalid"),
        ({"reference": ""}, 422, "invalid"),
        ({"college_id": str(uuid.uuid4())}, 422, "organization_unknown"),
    ],
)
def test_a_wrong_allocation_is_refused(parties: Parties, change: dict[str, Any], status: int, code: str) -> None:
    assert parties.allocate(status, **change)["code"] == code
    assert parties.world.get("/allocations")["items"] == []


@pytest.mark.rule("OP-34")
def test_a_document_allocates_once(parties: Parties, allocation: str) -> None:
    assert parties.allocate(409, amount_fen=5)["code"] == "allocation_exists"
    assert parties.allocate(source="provincial")["id"] != allocation
    parties.world.post(f"/allocations/{allocation}/withdrawal", expect=200, **parties.province)
    assert parties.allocate()["state"] == "allocated"


@pytest.mark.rule("OP-34")
def test_an_allocation_is_put_right_or_withdrawn_before_anything_came(parties: Parties, allocation: str) -> None:
    path = f"/allocations/{allocation}"
    body = {name: value for name, value in parties.body(amount_fen=20_000).items() if name != "college_id"}
    changed = parties.world.send("PUT", path, body, expect=200, **parties.province)
    assert (changed["amount_fen"], changed["changed_by"]) == (20_000, "test-province-")
    outside = body | {"allocated_on": "2026-01-31"}
    refused = parties.world.send("PUT", path, outside, expect=409, **parties.province)
    assert refused["code"] == "funding_outside_pilot"
    receipt = parties.receive(allocation, 1)
    refused = parties.world.send("PUT", path, body, expect=409, **parties.province)
    assert refused["code"] == "allocation_received"
    refused = parties.world.post(f"{path}/withdrawal", expect=409, **parties.province)
    assert refused["code"] == "allocation_received"
    cancel = {"reason": "录入错误"}
    parties.world.post(f"/receipts/{receipt['id']}/cancellation", cancel, expect=200, **parties.college)
    assert parties.world.post(f"{path}/withdrawal", expect=200, **parties.province)["state"] == "withdrawn"
    assert parties.receive(allocation, 1, expect=409)["code"] == "allocation_is_withdrawn"
    assert parties.use(allocation, 1, expect=409)["code"] == "allocation_is_withdrawn"


@pytest.mark.rule("OP-30")
def test_a_slip_is_cancelled_once_and_only_while_it_is_not_used(parties: Parties, allocation: str) -> None:
    receipt = parties.receive(allocation, 10_001)["id"]
    used = parties.use(allocation, 4_000)["id"]
    body = {"reason": "录入错误"}
    refused = parties.world.post(f"/receipts/{receipt}/cancellation", body, expect=409, **parties.college)
    assert refused["code"] == "receipt_was_used"
    parties.world.post(f"/fund-uses/{used}/cancellation", body, expect=200, **parties.college)
    refused = parties.world.post(f"/fund-uses/{used}/cancellation", body, expect=409, **parties.college)
    assert refused["code"] == "entry_is_cancelled"
    gone = parties.world.post(f"/receipts/{receipt}/cancellation", body, expect=200, **parties.college)
    assert (gone["cancelled_because"], gone["cancelled_by"] is not None) == ("录入错误", True)
    refused = parties.world.post(f"/receipts/{receipt}/cancellation", body, expect=409, **parties.college)
    assert refused["code"] == "entry_is_cancelled"
    seen = parties.world.get(f"/allocations/{allocation}")
    assert (seen["received_fen"], seen["used_fen"], seen["received_in_full_on"]) == (0, 0, None)
    assert parties.receive(allocation, 10_001)["amount_fen"] == 10_001


@pytest.mark.rule("OP-34")
@pytest.mark.parametrize(
    ("on", "expect"), [("2026-02-28", 422), ("2026-03-01", 201), ("2026-03-20", 201), ("2026-03-21", 422)]
)
def test_nothing_is_received_or_used_before_it_was_allocated_or_after_today(
    parties: Parties, allocation: str, on: str, expect: int
) -> None:
    parties.receive(allocation, 100, on, expect)
    if expect == 422:
        parties.receive(allocation, 100)
    parties.use(allocation, 100, "training", on, expect)


@pytest.mark.rule("OP-34")
def test_the_time_from_allocation_to_receipt_is_reported_by_province(parties: Parties) -> None:
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")
    parties.world.batch(elsewhere["id"], starts_on="2026-02-01", ends_on="2026-12-31")
    for number, (fen, on) in enumerate([(10_001, "2026-03-01"), (10_001, "2026-03-13"), (10_000, "2026-03-19")]):
        parties.receive(parties.allocate(reference=f"一{number}")["id"], fen, on)
    slow = parties.allocate(reference="二", source="social", allocated_on="2026-02-01")["id"]
    parties.receive(slow, 1, "2026-02-02")
    parties.receive(slow, 10_000, "2026-02-26")
    withdrawn = parties.allocate(reference="三")["id"]
    parties.world.post(f"/allocations/{withdrawn}/withdrawal", expect=200, **parties.province)
    parties.allocate(college_id=elsewhere["id"], role=province("32"), allocated_on="2026-03-20")

    def report(query: str = "", **who: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = parties.world.get(f"/allocations/timeliness{query}", **who)
        return rows

    beijing, jiangsu = report()
    assert (beijing["province_code"], beijing["allocations"], beijing["received_in_full"]) == ("11", 4, 3)
    assert (beijing["allocated_fen"], beijing["received_fen"]) == (40_004, 40_003)
    assert (beijing["days_total"], beijing["days_mean"]) == (0 + 12 + 25, "37/3")
    assert (beijing["days_longest"], beijing["days_waiting_longest"]) == (25, 19)
    assert (jiangsu["received_in_full"], jiangsu["days_mean"], jiangsu["days_longest"]) == (0, None, None)
    assert report(**parties.province) == [beijing]
    (later,) = report("?allocated_from=2026-03-01&allocated_to=2026-03-01", **parties.province)
    assert (later["allocations"], later["days_mean"]) == (3, "6")
    (social,) = report("?source=social")
    assert (social["days_mean"], social["days_waiting_longest"]) == ("25", None)
    assert report("?allocated_to=2026-01-31") == []
    parties.world.get("/allocations/timeliness", expect=403, **parties.college)


@pytest.mark.rule("OP-35", "OP-42")
def test_a_use_that_is_not_allowed_is_misuse_and_may_lead_to_an_exit_case(parties: Parties, allocation: str) -> None:
    parties.receive(allocation, 10_001)
    used = parties.use(allocation, 3_000, "bonuses")
    (found,) = parties.world.get("/misuses?state=found", **parties.province)["items"]
    assert (found["use_id"], found["what"], found["amount_fen"]) == (used["id"], "category", 3_000)
    assert parties.world.registry.said(ExitCaseOpened) == []  # it is offered; whether it is one, a person says
    path, body = f"/misuses/{found['id']}/settlement", {"outcome": "open_case", "remark": "数额较大"}
    parties.world.post(path, body, expect=403, **parties.college)
    parties.world.post(path, body, expect=404, **province("32"))
    settled = parties.world.post(path, body, expect=200, **parties.province)
    (case,) = parties.world.registry.said(ExitCaseOpened)
    assert isinstance(case, ExitCaseOpened)
    assert (settled["state"], settled["exit_case_id"]) == ("case_opened", str(case.exit_case_id))
    assert (str(case.organization_id), case.ground, case.opened_by_itself) == (parties.college_id, "c", False)
    refused = parties.world.post(path, body, expect=409, **parties.province)
    assert (refused["code"], refused["clause"]) == ("misuse_is_case_opened", "OP-35")


@pytest.mark.rule("OP-35")
def test_withheld_or_diverted_funds_are_put_on_record_and_settled(parties: Parties) -> None:
    body = {"college_id": parties.college_id, "what": "withheld", "amount_fen": 500, "finding": "未拨付到项目。"}
    ids = [
        parties.world.post("/misuses", body | {"what": what}, **parties.province)["id"]
        for what in ("withheld", "diverted")
    ]
    outcomes = {"put_right": "put_right", "dismiss": "dismissed"}
    for misuse_id, (verb, state) in zip(ids, outcomes.items(), strict=True):
        told = {"outcome": verb, "remark": "已退回。"}
        settled = parties.world.post(f"/misuses/{misuse_id}/settlement", told, expect=200, **parties.province)
        assert (settled["state"], settled["settled_by"]) == (state, "test-province-")
        refused = parties.world.post(f"/misuses/{misuse_id}/settlement", told, expect=409, **parties.province)
        assert refused["code"] == f"misuse_is_{state}"
    refused = parties.world.post("/misuses", body, expect=403, **province("32"))
    assert refused["code"] == "organization_not_allowed"
    parties.world.post("/misuses", body | {"what": "category"}, expect=422, **parties.province)
    parties.world.post("/misuses", body, expect=403, **parties.college)


@pytest.mark.rule("OP-35")
def test_a_second_case_on_the_same_ground_is_not_opened(parties: Parties) -> None:
    body = {"college_id": parties.college_id, "what": "diverted", "finding": "挪用。"}
    ids = [parties.world.post("/misuses", body, Role.MINISTRY)["id"] for _ in range(2)]
    told = {"outcome": "open_case", "remark": "查"}
    parties.world.post(f"/misuses/{ids[0]}/settlement", told, Role.MINISTRY, 200)
    assert parties.world.post(f"/misuses/{ids[1]}/settlement", told, Role.MINISTRY, 409)["code"] == "misuse_case_open"
    assert parties.world.get("/misuses?state=found")["items"][0]["id"] == ids[1]


@pytest.mark.rule("OP-30")
def test_headings_are_data(parties: Parties, allocation: str) -> None:
    parties.receive(allocation, 10_001)
    assert parties.use(allocation, 1, "travel", expect=422)["code"] == "use_category_unknown"
    body = {"code": "travel", "name_zh": "差旅费", "name_en": "Travel", "allowed": True}
    parties.world.post("/use-categories", body, Role.MINISTRY)
    assert parties.world.post("/use-categories", body, expect=409)["code"] == "use_category_exists"
    parties.use(allocation, 1, "travel")
    parties.world.send("PATCH", "/use-categories/travel", {"allowed": False}, Role.OPERATOR, 200)
    parties.world.send("PATCH", "/use-categories/none", {"allowed": False}, Role.OPERATOR, 404)
    assert parties.world.get("/misuses")["items"] == []  # what was allowed then stays so
    parties.use(allocation, 1, "travel")
    assert len(parties.world.get("/misuses")["items"]) == 1
    parties.world.post("/use-categories", body, expect=403, **parties.province)
    with parties.world.registry.database.transaction() as session:
        actions.plant_categories(session)
    codes = [one["code"] for one in parties.world.get("/use-categories?allowed=false", **parties.college)["items"]]
    assert "travel" in codes
    assert len(codes) == len(set(codes))


@pytest.mark.rule("OP-01")
def test_everyone_sees_and_handles_what_is_of_their_scope(parties: Parties, allocation: str) -> None:
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")
    parties.world.batch(elsewhere["id"], starts_on="2026-02-01", ends_on="2026-12-31")
    refused = parties.allocate(403, college_id=elsewhere["id"])
    assert refused["code"] == "organization_not_allowed"
    ministry, today = {"role": Role.MINISTRY}, "2026-03-20"
    theirs = parties.allocate(role=ministry, college_id=elsewhere["id"], allocated_on=today)["id"]
    receipt = parties.receive(allocation, 10_001)["id"]
    used = parties.use(allocation, 1, "bonuses")["id"]

    def seen(path: str, **who: Any) -> int:
        return len(parties.world.get(path, **who)["items"])

    for path in ("/receipts", "/fund-uses", "/misuses", "/allocations"):
        assert seen(path, **parties.province) == seen(path, **parties.college) == 1
        assert seen(path, **province("32")) == (path == "/allocations")
        parties.world.get(path, Role.TEO, 403)
    for who in (parties.college, parties.province):
        assert parties.world.get(f"/allocations/{theirs}", expect=404, **who)["code"] == "not_found"
    other = own(Role.COLLEGE, elsewhere["id"])
    parties.receive(allocation, 1, expect=404, **other)
    parties.use(allocation, 1, expect=404, **other)
    cancel = {"reason": "x"}
    parties.world.post(f"/receipts/{receipt}/cancellation", cancel, expect=404, **other)
    parties.world.post(f"/fund-uses/{used}/cancellation", cancel, expect=404, **other)
    parties.world.post(f"/allocations/{allocation}/withdrawal", expect=404, **province("32"))
    parties.world.post("/allocations", parties.body(reference="x"), expect=403, **parties.college)
