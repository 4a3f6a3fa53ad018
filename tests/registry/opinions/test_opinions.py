"""Anyone says something without a login, is answered in time, and nothing of it leaks (OP-40, PP-30)."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import ExitCaseOpened, OpinionAnswered, RectificationOrdered
from tests.registry.world import World

ANYONE: dict[str, Any] = {"role": None}
BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
JIANGSU: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
SAID = "王老师要求我们购买指定软件。电话 13812345678"


def opinion(**changes: Any) -> dict[str, Any]:
    contact = {"name": "李四", "phone": "13987654321"}
    return {"ground": "forced_purchase", "text": SAID, "contact": contact} | changes


def sent(world: World, **changes: Any) -> tuple[str, str]:
    """The id and the reference of an opinion from the public."""
    reference = world.post("/opinions", opinion(**changes), **ANYONE)["reference"]
    return world.get("/opinions")["items"][0]["id"], reference


def look_up(world: World, reference: str, expect: int = 200) -> Any:
    return world.post("/opinions/lookup", {"reference": reference}, expect=expect, **ANYONE)


def as_teo(organization_id: str) -> dict[str, Any]:
    return {"role": Role.TEO, "organization_id": uuid.UUID(organization_id)}


@pytest.mark.rule("OP-40", "PP-30")
def test_an_opinion_is_assigned_replied_to_and_answered(world: World) -> None:
    teo_id = world.admitted_teo()["id"]
    opinion_id, reference = sent(world, organization_id=teo_id)
    path = f"/opinions/{opinion_id}"
    assert look_up(world, reference)["state"] == "received"
    assert world.get(path, expect=404, **as_teo(teo_id))["code"] == "not_found"
    world.post(f"{path}/assignment", {"teo_id": teo_id}, expect=200)
    assert world.get(path, **as_teo(teo_id))["text"] == SAID
    assert (
        world.post(f"{path}/reply", {"text": "没有此事。"}, expect=404, **as_teo(str(uuid.uuid4())))["code"]
        == "not_found"
    )
    replied = world.post(f"{path}/reply", {"text": "没有此事。"}, expect=200, **as_teo(teo_id))
    assert (replied["state"], replied["reply"]) == ("replied", "没有此事。")
    assert look_up(world, reference)["answer"] is None
    answered = world.post(f"{path}/answer", {"text": "已核实。"}, expect=200)
    assert (answered["state"], answered["in_time"]) == ("answered", True)
    shown = look_up(world, reference.lower().replace("-", " "))
    assert (shown["state"], shown["answer"]) == ("answered", "已核实。")
    (said,) = world.registry.said(OpinionAnswered)
    assert isinstance(said, OpinionAnswered)
    assert (str(said.opinion_id), said.topic, said.in_time) == (opinion_id, "forced_purchase", True)
    for verb, body in (
        ("answer", {"text": "x"}),
        ("assignment", {"teo_id": teo_id}),
        ("setting-aside", {"because": "x"}),
    ):
        assert world.post(f"{path}/{verb}", body, expect=409)["code"] == "opinion_is_answered"


@pytest.mark.rule("OP-40")
def test_a_reference_that_was_not_given_finds_nothing(world: World) -> None:
    opinion_id, reference = sent(world)
    last = "0" if reference[-1] != "0" else "1"
    for wrong in (reference[:-1] + last, opinion_id, "x"):
        assert look_up(world, wrong, expect=404)["code"] == "opinion_reference_unknown"


@pytest.mark.rule("OP-40")
def test_nothing_that_was_written_lies_open_in_the_database_or_in_events(world: World) -> None:
    opinion_id, reference = sent(world)
    world.post(f"/opinions/{opinion_id}/answer", {"text": "王老师已被约谈。"}, expect=200)
    with world.registry.database.session() as session:
        row = str(session.execute(text("SELECT o::text FROM opinion o")).scalar_one())
        said = "".join(bytes(body).decode() for body in session.scalars(text("SELECT body FROM outbox")))
    for secret in ("王老师", "13812345678", "李四", "13987654321", reference, reference.replace("-", "")):
        assert secret not in row
        assert secret not in said
    shown = world.get(f"/opinions/{opinion_id}")
    assert (shown["has_contact"], "13987654321" in str(shown)) == (True, False)
    assert world.get(f"/opinions/{opinion_id}/contact")["phone"] == "13987654321"
    assert world.get(f"/opinions/{opinion_id}/contact", Role.MINISTRY, expect=403)["code"] == "role_not_allowed"
    without, _ = sent(world, contact=None)
    assert world.get(f"/opinions/{without}/contact", expect=404)["code"] == "not_found"


@pytest.mark.rule("OP-40")
def test_only_what_the_operator_releases_is_public(world: World) -> None:
    opinion_id, _ = sent(world)
    path, words = f"/opinions/{opinion_id}", {"public_text": "被要求购买软件。", "public_answer": "已责令改正。"}
    assert world.post(f"{path}/release", words, expect=409)["code"] == "opinion_not_answered"
    world.post(f"{path}/answer", {"text": "王老师已被约谈。"}, expect=200)
    assert world.get("/opinions/released", **ANYONE)["items"] == []
    world.post(f"{path}/release", words, expect=200)
    (shown,) = world.get("/opinions/released?ground=forced_purchase", **ANYONE)["items"]
    assert (shown["public_text"], shown["public_answer"], shown["in_time"]) == (*words.values(), True)
    assert "王老师" not in str(shown)
    world.send("DELETE", f"{path}/release", None, Role.OPERATOR, 200)
    assert world.get("/opinions/released", **ANYONE)["items"] == []
    assert world.send("DELETE", f"{path}/release", None, Role.OPERATOR, 409)["code"] == "opinion_not_released"


@pytest.mark.rule("OP-40")
def test_what_is_not_answered_by_the_last_day_is_marked_once_on_the_day_after(world: World) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 4, tzinfo=UTC), tick=False):
        late, _ = sent(world)
        in_time, _ = sent(world)
        assert world.get(f"/opinions/{late}")["due_on"] == "2026-03-23"
    with time_machine.travel(datetime(2026, 3, 23, 15, 59, tzinfo=UTC), tick=False):  # 23:59 in Beijing
        world.registry.fire("mark_overdue_opinions")
        assert world.get("/opinions?overdue=true")["items"] == []
        assert world.post(f"/opinions/{in_time}/answer", {"text": "好。"}, expect=200)["in_time"] is True
    with time_machine.travel(datetime(2026, 3, 23, 16, 0, tzinfo=UTC), tick=False):  # the next day there
        for _ in range(2):
            assert not world.registry.fire("mark_overdue_opinions")
        assert [one["id"] for one in world.get("/opinions?overdue=true")["items"]] == [late]
        assert world.post(f"/opinions/{late}/answer", {"text": "抱歉。"}, expect=200)["in_time"] is False
    said = [one.in_time for one in world.registry.said(OpinionAnswered) if isinstance(one, OpinionAnswered)]
    assert said == [True, False]


@pytest.mark.rule("OP-40")
def test_a_last_day_that_no_calendar_told_is_settled_when_one_does(world: World) -> None:
    opinion_id, _ = sent(world)
    with world.registry.database.transaction() as session:
        session.execute(text("UPDATE opinion SET received_on = '2026-03-02', due_on = NULL"))
    assert world.registry.fire("mark_overdue_opinions") is True
    assert world.get(f"/opinions/{opinion_id}")["due_on"] == "2026-03-23"
    with world.registry.database.transaction() as session:
        session.execute(text("UPDATE opinion SET received_on = '2090-03-02', due_on = NULL"))
    assert not world.registry.fire("mark_overdue_opinions")
    assert world.get(f"/opinions/{opinion_id}")["due_on"] is None


@pytest.mark.rule("OP-01", "PP-30", "PP-09")
def test_a_province_sees_what_happened_in_its_territory_and_nothing_about_a_province(world: World) -> None:
    province = world.province()["id"]
    here, _ = sent(world, province_code="11")
    about_it, _ = sent(world, ground="illegal_charge", province_code="11", organization_id=province)
    assert [one["id"] for one in world.get("/opinions", **BEIJING)["items"]] == [here]
    assert world.get("/opinions", **JIANGSU)["items"] == []
    for opinion_id in (here, about_it):
        assert world.get(f"/opinions/{opinion_id}", expect=404, **JIANGSU)["code"] == "not_found"
    assert world.get(f"/opinions/{about_it}", expect=404, **BEIJING)["code"] == "not_found"
    assert world.post(f"/opinions/{here}/reply", {"text": "x"}, expect=409, **BEIJING)["code"] == "opinion_is_received"
    world.post(f"/opinions/{here}/assignment", {"province_code": "32"}, expect=200)
    assert world.get(f"/opinions/{here}", expect=404, **BEIJING)["code"] == "not_found"
    assert world.post(f"/opinions/{here}/reply", {"text": "查实。"}, expect=200, **JIANGSU)["state"] == "replied"
    college = {"role": Role.COLLEGE, "organization_id": uuid.uuid4()}
    assert world.get("/opinions", expect=403, **college)["code"] == "role_not_allowed"


@pytest.mark.rule("OP-26", "OP-37", "OP-43", "OP-41")
def test_an_opinion_leads_to_an_order_and_to_an_exit_case(world: World) -> None:
    teo_id = world.admitted_teo()["id"]
    opinion_id, _ = sent(world, organization_id=teo_id, province_code="11")
    path = f"/opinions/{opinion_id}"
    order = {"matter": "Sell nothing with the certificate.", "due_on": str(clock.today() + timedelta(days=9))}
    assert world.post(f"{path}/rectification", order, expect=403, **BEIJING)["code"] == "organization_not_allowed"
    ordered = world.post(f"{path}/rectification", order, expect=200)
    (said,) = world.registry.said(RectificationOrdered)
    assert isinstance(said, RectificationOrdered)
    assert ordered["rectification_id"] == str(said.rectification_id)
    assert world.post(f"{path}/rectification", order, expect=409)["code"] == "opinion_consequence_drawn"
    found = {"found": "Courses are sold together with the assessment."}
    assert world.post(f"{path}/exit-case", found, expect=403, **BEIJING)["code"] == "organization_not_allowed"
    opened = world.post(f"{path}/exit-case", found, expect=200)
    (case,) = world.registry.said(ExitCaseOpened)
    assert isinstance(case, ExitCaseOpened)
    assert (opened["exit_case_id"], case.ground) == (str(case.exit_case_id), "c")
    again, _ = sent(world, organization_id=teo_id)
    assert world.post(f"/opinions/{again}/exit-case", found, expect=409)["code"] == "exit_case_open"
    nobody, _ = sent(world)
    assert world.post(f"/opinions/{nobody}/exit-case", found, expect=409)["code"] == "opinion_about_nobody"


@pytest.mark.rule("OP-26", "OP-42", "PP-30")
def test_a_forced_purchase_at_a_college_is_its_provinces_matter_and_one_of_nobody_is_refused(world: World) -> None:
    college_id = world.admitted_college()["id"]
    opinion_id, _ = sent(world, organization_id=college_id, province_code="11")
    path, found = f"/opinions/{opinion_id}/exit-case", {"found": "Only one brand of computers is let in."}
    assert world.get(f"/opinions/{opinion_id}", **BEIJING)["ground"] == "forced_purchase"
    assert world.post(path, found, expect=404, **JIANGSU)["code"] == "not_found"
    opened = world.post(path, found, expect=200, **BEIJING)
    case = world.get(f"/exit-cases/{opened['exit_case_id']}", **BEIJING)
    assert (case["ground"], case["state"], case["organization_id"]) == ("e", "opened", college_id)
    assert world.post(path, found, expect=409, **BEIJING)["code"] == "opinion_consequence_drawn"
    wrong = opinion(ground="dear_equipment")
    assert world.post("/opinions", wrong, expect=422, **ANYONE)["code"] == "invalid"


@pytest.mark.rule("OP-40")
def test_what_it_is_about_is_put_right_and_what_is_no_opinion_is_set_aside(world: World) -> None:
    teo_id = world.admitted_teo()["id"]
    opinion_id, reference = sent(world)
    path = f"/opinions/{opinion_id}"
    world.post(f"{path}/assignment", {"teo_id": teo_id}, expect=200)
    subject = {"ground": "illegal_charge", "organization_id": teo_id, "province_code": "11"}
    mended = world.send("PUT", f"{path}/subject", subject, Role.OPERATOR, 200)
    assert (mended["ground"], mended["state"], mended["assigned_teo_id"]) == ("illegal_charge", "received", None)
    assert world.get(path, expect=404, **as_teo(teo_id))["code"] == "not_found"
    world.post(f"{path}/setting-aside", {"because": "Sent twice."}, expect=200)
    shown = look_up(world, reference)
    assert (shown["state"], shown["set_aside_because"]) == ("set_aside", "Sent twice.")
    assert world.registry.said(OpinionAnswered) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ground": "envy"}, "invalid"),
        ({"text": ""}, "invalid"),
        ({"text": "x" * 5_001}, "invalid"),
        ({"text": "\u0007"}, "invalid"),
        ({"organization_id": str(uuid.uuid4())}, "organization_unknown"),
        ({"province_code": "99"}, "province_unknown"),
    ],
)
def test_a_wrong_opinion_is_refused(world: World, changes: dict[str, Any], code: str) -> None:
    assert world.post("/opinions", opinion(**changes), expect=422, **ANYONE)["code"] == code
