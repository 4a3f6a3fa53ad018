"""Quality indicators count what the registry knows of each TEO and college (PP-29, PP-07, PP-17)."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, text

from onex.chassis import clock
from onex.chassis.access import Role
from services.registry.evaluations import indicators
from services.registry.organizations.models import Organization
from tests.registry.evaluations.test_evaluations import BEIJING, ITEMS, JIANGSU, MINISTRY
from tests.registry.world import World

ANYONE: dict[str, Any] = {"role": None}
ZERO = {
    "late_reports": 0,
    "opinions": 0,
    "discipline_opinions": 0,
    "publicity_findings": 0,
    "inspections": 0,
    "inspection_findings": 0,
    "orders_overdue": 0,
    "stale_resources": 0,
    "exit_cases_open": 0,
}


def of(world: World, organization_id: str, **who: Any) -> dict[str, Any]:
    found: dict[str, Any] = world.get(f"/quality-indicators/{organization_id}", **(who or MINISTRY))
    return found


@pytest.mark.rule("PP-29", "PP-07", "PP-17")
def test_each_thing_that_happens_is_counted_once_and_for_whom_it_is_about(world: World) -> None:
    teo_id, college_id = world.admitted_teo()["id"], world.admitted_college()["id"]
    assert {name: of(world, teo_id)[name] for name in ZERO} == ZERO
    today = clock.today()
    for ground in ("exam_discipline", "illegal_charge"):
        world.post("/opinions", {"ground": ground, "text": "…", "organization_id": teo_id}, **ANYONE)
    set_aside = world.get("/opinions")["items"][0]["id"]
    world.post("/opinions", {"ground": "other", "text": "spam", "organization_id": teo_id}, **ANYONE)
    spam = world.get("/opinions")["items"][0]["id"]
    assert spam != set_aside
    world.post(f"/opinions/{spam}/setting-aside", {"because": "Spam."}, expect=200)
    finding = {
        "organization_id": teo_id,
        "source_url": "https://teo.example/",
        "seen_on": str(today),
        "text": "指定教材",
    }
    world.post("/publicity/findings", finding)
    world.post(f"/opinions/{set_aside}/exit-case", {"found": "Charges."}, expect=200)
    order = {"matter": "Charge no more.", "due_on": str(today)}
    world.post(f"/opinions/{set_aside}/rectification", order, expect=200)
    evaluation = {
        "organization_id": teo_id,
        "kind": "third_party",
        "year": today.year,
        "items": ITEMS,
        "evaluator": "某所",
    }
    made = world.post("/evaluations", evaluation)
    world.post(f"/evaluations/{made['id']}/submission", expect=200)
    assert of(world, teo_id)["evaluation_score"] is None
    world.post(f"/evaluations/{made['id']}/publication", expect=200)
    with world.registry.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO report_kind (id, code, organization_kind, every, grace_days, sections, name_zh, name_en, changed_by)"
                " VALUES (gen_random_uuid(), 'teo-week', 'teo', 'week', 3, '[]', '周报', 'weekly', 't')"
            )
        )
        for late, begins_on in (
            (True, today - timedelta(days=14)),
            (True, date(2020, 1, 6)),
            (False, today - timedelta(days=7)),
        ):
            session.execute(
                text(
                    "INSERT INTO report (id, organization_id, organization_kind, kind, period, begins_on, ends_on, due_on,"
                    " sections, version, state, late, sent_at, sent_by) VALUES (gen_random_uuid(), :id, 'teo', 'teo-week',"
                    " :period, :day, :day, :day, '{}', 1, 'sent', :late, now(), 't')"
                ),
                {"id": teo_id, "period": str(begins_on), "day": begins_on, "late": late},
            )
    with time_machine.travel(clock.now() + timedelta(days=1)):
        world.registry.fire("mark_missed_rectifications")
        counted = of(world, teo_id)
    once = ("late_reports", "discipline_opinions", "publicity_findings", "orders_overdue", "exit_cases_open")
    wanted = ZERO | {"opinions": 2} | dict.fromkeys(once, 1)
    assert {name: counted[name] for name in ZERO} == wanted
    assert counted["evaluation_score"] == "80.25"
    assert {name: of(world, college_id)[name] for name in ZERO} == ZERO
    listed = {one["organization_id"]: one for one in world.get("/quality-indicators", **MINISTRY)["items"]}
    assert listed.keys() == {teo_id, college_id}
    assert listed[teo_id]["opinions"] == 2
    with time_machine.travel(clock.now() + timedelta(days=366)):
        later = of(world, teo_id)
    assert [later[name] for name in ("late_reports", "opinions", "publicity_findings")] == [0, 0, 0]


@pytest.mark.rule("PP-29", "PP-28")
def test_inspections_and_what_they_found_are_counted(world: World) -> None:
    colleges = [world.admitted_college(100 + number)["id"] for number in range(2)]
    for code in ("BJ-1", "BJ-2"):
        world.post("/inspectors", {"code": code, "name": "李"}, **BEIJING)
    today = str(clock.today())
    plan = {"title": "抽查", "kind": "college", "count": 1, "draw_on": today}
    drawn = world.post("/inspection-draws", plan, **BEIJING)
    (visit,) = world.post(f"/inspection-draws/{drawn['id']}/reveal", {}, expect=200, **BEIJING)["visits"]
    result = {
        "inspected_on": today,
        "outcome": "findings",
        "summary": "Two matters.",
        "findings": [{"clause": "PP-21", "found": "A camera."}, {"clause": "OP-30", "found": "A bill."}],
    }
    world.post(f"/inspections/{visit['inspection_id']}/result", result, expect=200, **BEIJING)
    other = next(one for one in colleges if one != visit["organization_id"])
    seen = of(world, visit["organization_id"])
    assert (seen["inspections"], seen["inspection_findings"]) == (1, 2)
    assert (of(world, other)["inspections"], of(world, other)["inspection_findings"]) == (0, 0)
    (row,) = world.get("/quality-summary", **ANYONE)["items"]
    assert row == {
        "kind": "college", "province_code": "11", "organizations": 2, "inspections": 1, "inspections_with_findings": 1,
        "orders_overdue": 0, "evaluated": 0, "evaluation_score": None,
    }  # fmt: skip


@pytest.mark.rule("PP-29", "OP-01")
def test_everyone_sees_indicators_in_their_scope(world: World) -> None:
    teo_id, college_id = world.admitted_teo()["id"], world.admitted_college()["id"]
    there = world.admitted_college(300, province_code="32", division_code="320102")["id"]

    def seen(**who: Any) -> set[str]:
        return {one["organization_id"] for one in world.get("/quality-indicators", **who)["items"]}

    assert seen(**MINISTRY) == {teo_id, college_id, there}
    assert (seen(**BEIJING), seen(**JIANGSU)) == ({college_id}, {there})
    assert seen(role=Role.TEO, organization_id=uuid.UUID(teo_id)) == {teo_id}
    assert seen(role=Role.COLLEGE, organization_id=uuid.UUID(college_id)) == {college_id}
    foreign = {"role": Role.COLLEGE, "organization_id": uuid.UUID(college_id)}
    for other in (teo_id, there, str(uuid.uuid4())):
        assert world.get(f"/quality-indicators/{other}", expect=404, **foreign)["code"] == "not_found"
    summary = world.get("/quality-summary", **ANYONE)["items"]
    assert [(row["kind"], row["province_code"], row["organizations"]) for row in summary] == [
        ("college", "11", 1),
        ("college", "32", 1),
        ("teo", None, 1),
    ]


@pytest.mark.rule("PP-29")
def test_a_page_of_indicators_is_one_query_however_many_there_are(world: World) -> None:
    for number in range(4):
        world.admitted_college(100 + number)
    world.get("/quality-indicators", **MINISTRY)
    asked: list[str] = []
    for size in (1, 4):
        with world.registry.database.session() as session:
            rows = session.query(Organization).limit(size).all()
            engine = world.registry.database.engine
            asked.clear()

            def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
                asked.append(statement)

            event.listen(engine, "before_cursor_execute", note)
            try:
                assert len(indicators.of_each(session, rows, clock.today())) == size
            finally:
                event.remove(engine, "before_cursor_execute", note)
            assert len(asked) == 1
