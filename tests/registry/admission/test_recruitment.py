"""From an announced round over panel, notice and objections to a decision, and what it lets a TEO do."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.admission.recruiting import OBJECTION, Recruiting, draft_body, round_body
from tests.registry.world import API, World


@pytest.mark.rule("PP-04", "PP-08")
def test_a_round_is_put_right_until_it_is_announced_and_then_stays(recruiting: Recruiting) -> None:
    world = recruiting.world
    made = world.post("/recruitment-rounds", round_body(), Role.MINISTRY)
    path = f"/recruitment-rounds/{made['id']}"
    assert recruiting.public("/recruitment-rounds")["items"] == []
    assert recruiting.public(path, 404)["code"] == "not_found"
    assert world.get(path, Role.MINISTRY)["state"] == "draft"
    assert world.send("PUT", path, round_body(cap_mature=3), Role.MINISTRY, 200)["cap_mature"] == 3
    assert world.post("/recruitment-rounds", round_body(), Role.MINISTRY, 409)["code"] == "round_exists"
    over = round_body("2026-2", from_days=-9, to_days=-1)
    assert world.post("/recruitment-rounds", over, Role.MINISTRY, 422)["code"] == "round_days_wrong"
    assert world.post(f"{path}/announcement", None, Role.MINISTRY, 200)["state"] == "announced"
    assert world.post(f"{path}/announcement", None, Role.MINISTRY, 409)["code"] == "round_is_announced"
    assert world.send("PUT", path, round_body(cap_mature=9), Role.MINISTRY, 409)["code"] == "round_is_announced"
    assert [one["cap_mature"] for one in recruiting.public("/recruitment-rounds")["items"]] == [3]
    recruiting.draft(made["id"], recruiting.teo(1))
    assert world.post(f"{path}/withdrawal", None, Role.MINISTRY, 409)["code"] == "round_has_applications"
    empty = recruiting.announced("2026-3")
    withdrawn = world.post(f"/recruitment-rounds/{empty}/withdrawal", None, Role.MINISTRY, 200)
    assert withdrawn["state"] == "withdrawn"
    assert recruiting.draft(empty, recruiting.teo(2), expect=404)["code"] == "not_found"


@pytest.mark.rule("PP-04")
def test_a_teo_applies_once_in_an_open_round_and_only_it_sees_its_draft(recruiting: Recruiting) -> None:
    world, round_id = recruiting.world, recruiting.announced(from_days=1, to_days=2)
    teo, other = recruiting.teo(1), recruiting.teo(2)
    assert recruiting.draft(round_id, teo, expect=409)["code"] == "round_not_open"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        made = recruiting.draft(round_id, teo)
        assert recruiting.draft(round_id, teo, expect=409)["code"] == "application_exists"
        assert recruiting.draft(round_id, other, "planned", 409)["code"] == "tier_closed"
        path = f"/applications/{made['id']}"
        changed = draft_body("growing", statement="三十年行业经验。")
        assert world.send("PUT", path, changed, expect=200, **recruiting.as_teo(teo))["tier"] == "growing"
        for hidden in (recruiting.as_teo(other), {"role": Role.MINISTRY}):
            assert world.get(path, expect=404, **hidden)["code"] == "not_found"
            assert world.get("/applications", **hidden)["items"] == []
        foreign = world.send("PUT", path, changed, expect=404, **recruiting.as_teo(other))
        assert foreign["code"] == "not_found"
        no_submit = recruiting.act(made["id"], "submission", expect=404, **recruiting.as_teo(other))
        assert no_submit["code"] == "not_found"
    with time_machine.travel(clock.now() + timedelta(days=3)):
        late = recruiting.act(made["id"], "submission", expect=409, **recruiting.as_teo(teo))
        assert late["code"] == "round_not_open"
    with time_machine.travel(clock.now() + timedelta(days=2)):
        sent = recruiting.act(made["id"], "submission", **recruiting.as_teo(teo))
        assert sent["state"] == "submitted"
        assert (
            world.send("PUT", path, changed, expect=409, **recruiting.as_teo(teo))["code"] == "application_is_submitted"
        )
        assert [one["id"] for one in world.get("/applications?state=submitted", Role.MINISTRY)["items"]] == [made["id"]]
    reason = {"reason": "另有安排"}
    assert recruiting.act(made["id"], "withdrawal", reason, **recruiting.as_teo(teo))["state"] == "withdrawn"
    again = recruiting.act(made["id"], "withdrawal", reason, 409, **recruiting.as_teo(teo))
    assert again["code"] == "application_is_withdrawn"
    assert world.admit(teo, expect=409)["code"] == "no_agreement_in_force"


@pytest.mark.rule("PP-26")
def test_who_is_partial_has_no_seat_and_who_becomes_so_loses_the_say(recruiting: Recruiting) -> None:
    world, round_id = recruiting.world, recruiting.announced()
    teo = recruiting.teo(1)
    application = recruiting.submitted(round_id, teo)
    insider = recruiting.expert(7, organization_id=teo)["id"]
    first, second, third, fourth, fifth = recruiting.panel(5)
    assert recruiting.expert(0, 409)["code"] == "expert_in_pool_already"

    def appoint(expert_ids: list[str], expect: int = 200) -> Any:
        return recruiting.act(application, "panel", {"expert_ids": expert_ids}, expect)

    assert appoint([first, second, insider], 409)["code"] == "expert_recused"
    interest = {"organization_id": teo}
    world.post(f"/expert-pool/{third}/interests", interest, Role.MINISTRY)
    assert appoint([first, second, third], 409)["code"] == "expert_recused"
    assert appoint([first, second], 409)["code"] == "panel_incomplete"
    assert appoint([first, second, str(uuid.uuid4())], 422)["code"] == "expert_not_in_pool"
    world.post(f"/expert-pool/{fifth}/retirement", None, Role.MINISTRY, 200)
    assert appoint([first, second, fifth], 409)["code"] == "expert_retired"
    assert world.get(f"/applications/{application}", Role.MINISTRY)["state"] == "submitted"
    assert len(appoint([first, second, fourth])["members"]) == 3
    assert recruiting.score(application, third, expect=422)["code"] == "not_of_the_panel"
    recruiting.score(application, first, 90)
    assert recruiting.score(application, first, 95, 409)["code"] == "score_given"
    recruiting.score(application, second, 80)
    assert recruiting.act(application, "notice", expect=409)["code"] == "panel_incomplete"
    recruiting.score(application, fourth, 81)
    panel = world.get(f"/applications/{application}/panel", Role.MINISTRY)
    assert panel["mean"] == "251/3"

    world.post(f"/expert-pool/{fourth}/interests", interest, Role.MINISTRY)
    assert recruiting.act(application, "notice", expect=409)["code"] == "panel_incomplete"
    sixth = recruiting.expert(5)["id"]
    appoint([sixth])
    recruiting.score(application, sixth, 70)
    assert world.get(f"/applications/{application}/panel", Role.MINISTRY)["mean"] == "80"
    moved = {"sector": "industry", "specialty": "software", "organization_id": teo}
    world.send("PUT", f"/expert-pool/{sixth}", moved, Role.MINISTRY, 200)
    assert recruiting.act(application, "notice", expect=409)["code"] == "panel_incomplete"
    listed = world.get("/expert-pool?sector=industry", Role.MINISTRY)["items"]
    assert {one["name"] for one in listed} == {"专*甲", "专*乙", "专*丙", "专*丁", "专*戊", "专*己", "专*辛"}
    assert world.get(f"/expert-pool/{first}", Role.MINISTRY)["phone"] == "133******00"
    with world.registry.database.session() as session:
        assert "专家甲" not in str(session.execute(text("SELECT * FROM expert")).all())


@pytest.mark.rule("PP-27", "PP-04", "PP-02")
def test_a_teo_is_accepted_after_its_notice_and_then_admitted(recruiting: Recruiting) -> None:
    world, round_id = recruiting.world, recruiting.announced()
    teo = recruiting.teo(1)
    application = recruiting.submitted(round_id, teo)
    world.post("/agreements", world.agreement_body(teo))
    assert world.admit(teo, expect=409)["code"] == "application_stands"
    assert recruiting.public(f"/notices/{application}", 404)["code"] == "not_found"
    assert recruiting.object_to(application, 404)["code"] == "not_found"
    assert recruiting.decide(application, expect=409)["code"] == "application_is_submitted"
    noticed = recruiting.noticed(application, recruiting.panel())
    last = clock.today() + timedelta(days=7)
    assert noticed["objections_until"] == str(last)
    (notice,) = recruiting.public("/notices?state=noticed")["items"]
    assert (notice["teo_name_en"], notice["tier"], notice["objections_until"]) == ("TEO 1", "mature", str(last))
    assert not {"statement", "reason", "teo_id"} & set(notice)
    assert recruiting.public(f"/notices/{application}") == notice

    receipt = recruiting.object_to(application)["receipt"]
    assert recruiting.public(f"/objections/receipts/{receipt}")["state"] == "open"
    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert recruiting.decide(application, expect=409)["code"] == "objection_window_open"
        assert recruiting.decide(application, False, 409)["code"] == "objection_window_open"
        second = recruiting.object_to(application)["receipt"]
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert recruiting.object_to(application, 409)["code"] == "objection_window_closed"
        assert recruiting.decide(application, expect=409)["code"] == "objection_unanswered"
        for one in world.get("/objections?state=open", Role.MINISTRY)["items"]:
            assert (one["name"], one["text"]) == ("司**如", OBJECTION["text"])
            answer = {"upheld": False, "answer": "经核实，该机构具备相关经验。"}
            world.post(f"/objections/{one['id']}/answer", answer, Role.MINISTRY, 200)
            again = world.post(f"/objections/{one['id']}/answer", answer, Role.MINISTRY, 409)
            assert again["code"] == "objection_is_dismissed"
        told = recruiting.public(f"/objections/receipts/{second}")
        assert (told["state"], told["answer"]) == ("dismissed", "经核实，该机构具备相关经验。")
        assert recruiting.decide(application)["state"] == "accepted"
        assert recruiting.decide(application, expect=409)["code"] == "application_is_accepted"
        admitted = world.admit(teo)
    assert (admitted["application_id"], admitted["outside_round_reason"]) == (application, None)
    assert recruiting.public(f"/notices/{application}")["state"] == "accepted"
    assert recruiting.public(f"/objections/receipts/{application}", 404)["code"] == "not_found"
    with world.registry.database.session() as session:
        rows = str(session.execute(text("SELECT * FROM objection")).all())
    assert not any(secret in rows for secret in ("司马相如", "13500135000", "行业经验。'", receipt))


@pytest.mark.rule("PP-27", "PP-02")
def test_an_upheld_objection_leaves_only_refusal_and_the_refused_do_not_come_in_another_way(
    recruiting: Recruiting,
) -> None:
    world, round_id = recruiting.world, recruiting.announced()
    teo = recruiting.teo(1)
    application = recruiting.submitted(round_id, teo)
    recruiting.noticed(application, recruiting.panel())
    recruiting.object_to(application)
    (one,) = world.get(f"/objections?application_id={application}", Role.MINISTRY)["items"]
    world.post(f"/objections/{one['id']}/answer", {"upheld": True, "answer": "属实。"}, Role.MINISTRY, 200)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert recruiting.decide(application, expect=409)["code"] == "objection_upheld"
        assert recruiting.decide(application, False)["state"] == "refused"
        world.post("/agreements", world.agreement_body(teo))
        assert world.admit(teo, expect=409)["code"] == "application_stands"
    assert recruiting.public("/notices?state=refused")["items"][0]["id"] == application


@pytest.mark.rule("PP-04")
def test_what_the_panel_finds_unfit_is_refused_without_a_notice(recruiting: Recruiting) -> None:
    application = recruiting.submitted(recruiting.announced(), recruiting.teo(1))
    assert recruiting.decide(application, False, 409)["code"] == "application_is_submitted"
    recruiting.judged(application, recruiting.panel(), 20)
    assert recruiting.decide(application, expect=409)["code"] == "application_is_under_review"
    assert recruiting.decide(application, False)["state"] == "refused"
    assert recruiting.public("/notices")["items"] == []


@pytest.mark.rule("PP-08")
def test_of_applications_accepted_at_once_no_more_than_the_cap_are(recruiting: Recruiting) -> None:
    world, round_id = recruiting.world, recruiting.announced(cap_growing=2)
    experts = recruiting.panel()
    waiting = [recruiting.submitted(round_id, recruiting.teo(number), "growing") for number in range(1, 6)]
    for application in waiting:
        recruiting.noticed(application, experts)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        token = world.registry.token(Role.MINISTRY)
        decision = {"accepted": True, "reason": "经专家评审"}

        def accept(application: str) -> tuple[int, str]:
            path = f"{API}/applications/{application}/decision"
            answer = world.registry.call("POST", path, token=token, json=decision)
            return answer.status_code, answer.get_json(force=True).get("code", "")

        with ThreadPoolExecutor(5) as pool:
            outcomes = sorted(pool.map(accept, waiting))
    assert outcomes == [(200, "")] * 2 + [(409, "tier_cap_reached")] * 3
    assert len(world.get("/applications?state=accepted", Role.MINISTRY)["items"]) == 2


@pytest.mark.rule("PP-08")
def test_each_tier_has_its_own_cap(recruiting: Recruiting) -> None:
    round_id, experts = recruiting.announced(cap_mature=1, cap_growing=1), recruiting.panel()
    applications = [
        recruiting.submitted(round_id, recruiting.teo(number), tier)
        for number, tier in enumerate(("mature", "growing", "mature"), start=1)
    ]
    for application in applications:
        recruiting.noticed(application, experts)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert [recruiting.decide(one)["state"] for one in applications[:2]] == ["accepted", "accepted"]
        assert recruiting.decide(applications[2], expect=409)["cap"] == 1


@pytest.mark.rule("PP-04")
def test_without_a_round_the_operator_admits_a_teo_and_says_why(world: World) -> None:
    told, untold = (world.post("/organizations", world.teo_body(number))["id"] for number in (1, 2))
    for teo in (told, untold):
        world.post("/agreements", world.agreement_body(teo))
    reason = {"reason": "首批试点遴选结果，教职所〔2019〕67号"}
    assert (
        world.post(f"/organizations/{told}/admission", reason, expect=200)["outside_round_reason"] == reason["reason"]
    )
    default = "admitted by the operator outside a recruitment round"
    assert world.admit(untold)["outside_round_reason"] == default
