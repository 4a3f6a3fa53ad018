"""Draws are committed to, held, and repeated by anyone from what is public; results are public (PP-28)."""

import json
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import RectificationOrdered
from tests.registry.world import World

EXAMPLE = Path(__file__).parents[3] / "examples" / "repeat_draw.py"
BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
JIANGSU: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
ANYONE: dict[str, Any] = {"role": None}


def plan(**changes: Any) -> dict[str, Any]:
    return {"title": "2026年第一次抽查", "kind": "college", "count": 2, "draw_on": str(clock.today())} | changes


def repeat(drawn: dict[str, Any], tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """What the example makes of a published draw."""
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(drawn), encoding="utf-8")
    command = [sys.executable, "-I", str(EXAMPLE), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def colleges(world: World) -> list[str]:
    return [world.admitted_college(100 + number)["id"] for number in range(4)]


@pytest.fixture
def inspectors(world: World, colleges: list[str]) -> list[dict[str, Any]]:
    """Five of Beijing's pool; the first works at the first college, the second has an interest in the second."""
    ties: list[dict[str, Any]] = [{"organization_id": colleges[0]}, {"interests": [colleges[1]]}, {}, {}, {}]
    people = [{"code": f"BJ-{number}", "name": "欧阳娜娜"} | tie for number, tie in enumerate(ties)]
    return [world.post("/inspectors", one, **BEIJING) for one in people]


@pytest.mark.rule("PP-28")
def test_anyone_repeats_a_draw_and_sees_when_something_was_changed(
    world: World, colleges: list[str], inspectors: list[dict[str, Any]], tmp_path: Path
) -> None:
    made = world.post("/inspection-draws", plan(), **BEIJING)
    assert (made["state"], made["seed"], made["visits"]) == ("committed", None, [])
    assert made["candidates"] == sorted(colleges)
    assert made["inspectors"] == {"BJ-0": [colleges[0]], "BJ-1": [colleges[1]], "BJ-2": [], "BJ-3": [], "BJ-4": []}
    before = repeat(made, tmp_path)
    assert (before.returncode, "until then" in before.stdout) == (0, True)
    world.post(f"/inspection-draws/{made['id']}/reveal", {}, expect=200, **BEIJING)
    held = world.get(f"/inspection-draws/{made['id']}", **ANYONE)
    assert [held[name] for name in ("commitment", "candidates_digest", "inspectors_digest")] == [
        made[name] for name in ("commitment", "candidates_digest", "inspectors_digest")
    ]
    again = repeat(held, tmp_path)
    drawn = [[visit["organization_id"], *visit["inspectors"]] for visit in held["visits"]]
    assert (again.returncode, [line.split()[1:] for line in again.stdout.splitlines()]) == (0, drawn)
    assert len(drawn) == 2
    assert all(len(set(visit)) == 3 for visit in drawn)
    seed = held["seed"]
    for change, said in (
        ({"seed": ("1" if seed[0] == "0" else "0") + seed[1:]}, "seed"),
        ({"candidates": held["candidates"][1:]}, "candidates"),
        ({"inspectors": held["inspectors"] | {"BJ-0": []}}, "inspectors"),
        ({"visits": held["visits"][::-1]}, "another result"),
    ):
        changed = repeat(held | change, tmp_path)
        assert changed.returncode == 1
        assert said in changed.stderr


@pytest.mark.rule("PP-28")
def test_a_draw_waits_for_its_day_and_its_public_number(
    world: World, colleges: list[str], inspectors: list[dict[str, Any]], tmp_path: Path
) -> None:
    tomorrow = str(clock.today() + timedelta(days=1))
    made = world.post("/inspection-draws", plan(draw_on=tomorrow, public_source="双色球 2026029 期"), **BEIJING)
    path = f"/inspection-draws/{made['id']}/reveal"
    assert world.post(path, {"public_value": "7"}, expect=409, **BEIJING)["code"] == "too_early_to_draw"
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert world.post(path, {}, expect=422, **BEIJING)["code"] == "public_value_missing"
        held = world.post(path, {"public_value": "03 07 12 18 25 31 + 09"}, expect=200, **BEIJING)
        assert repeat(held, tmp_path).returncode == 0
        assert repeat(held | {"public_value": "03"}, tmp_path).returncode == 1
        assert world.post(path, {"public_value": "7"}, expect=409, **BEIJING)["code"] == "inspection_draw_is_drawn"


@pytest.mark.rule("PP-28")
def test_a_list_is_frozen_and_a_cancelled_draw_shows_its_seed(
    world: World, colleges: list[str], inspectors: list[dict[str, Any]]
) -> None:
    made = world.post("/inspection-draws", plan(), **BEIJING)
    later = world.admitted_college(300)["id"]
    world.send("PUT", f"/inspectors/{inspectors[2]['id']}/interests", {"interests": [later]}, expect=200, **BEIJING)
    path = f"/inspection-draws/{made['id']}"
    cancelled = world.post(f"{path}/cancellation", {"because": "A storm."}, expect=200, **BEIJING)
    assert (cancelled["state"], cancelled["cancelled_because"]) == ("cancelled", "A storm.")
    assert later not in cancelled["candidates"]
    assert cancelled["inspectors"]["BJ-2"] == []
    assert len(cancelled["seed"]) == 64
    assert world.post(f"{path}/reveal", {}, expect=409, **BEIJING)["code"] == "inspection_draw_is_cancelled"
    assert [one["state"] for one in world.get("/inspection-draws", **ANYONE)["items"]] == ["cancelled"]


@pytest.mark.rule("PP-28", "OP-43")
def test_a_result_is_public_and_a_finding_leads_to_one_order(
    world: World, colleges: list[str], inspectors: list[dict[str, Any]]
) -> None:
    made = world.post("/inspection-draws", plan(count=1), **BEIJING)
    (visit,) = world.post(f"/inspection-draws/{made['id']}/reveal", {}, expect=200, **BEIJING)["visits"]
    path = f"/inspections/{visit['inspection_id']}"
    result = {
        "inspected_on": str(clock.today()),
        "outcome": "findings",
        "summary": "One matter was found.",
        "findings": [{"clause": "PP-21", "found": "The camera of one room did not work."}],
    }
    assert world.post(f"{path}/result", result | {"findings": []}, expect=422, **BEIJING)["code"] == (
        "inspection_result_incoherent"
    )
    assert world.post(f"{path}/result", result, expect=403, **JIANGSU)["code"] == "organization_not_allowed"
    recorded = world.post(f"{path}/result", result, expect=200, **BEIJING)
    assert world.post(f"{path}/result", result, expect=409, **BEIJING)["code"] == "inspection_is_inspected"
    assert world.get(path, **ANYONE) == recorded
    assert [one["outcome"] for one in world.get("/inspections?state=inspected", **ANYONE)["items"]] == ["findings"]
    (finding,) = recorded["findings"]
    order = {"matter": "Repair it.", "due_on": str(clock.today() + timedelta(days=5))}
    rectification = f"{path}/findings/{finding['id']}/rectification"
    assert world.post(rectification, order, expect=403, **JIANGSU)["code"] == "organization_not_allowed"
    ordered = world.post(rectification, order, expect=200, **BEIJING)
    (said,) = world.registry.said(RectificationOrdered)
    assert isinstance(said, RectificationOrdered)
    assert ordered["findings"][0]["rectification_id"] == str(said.rectification_id)
    assert world.post(rectification, order, expect=409, **BEIJING)["code"] == "inspection_finding_ordered"
    assert world.post(f"{path}/findings/{uuid.uuid4()}/rectification", order, expect=404, **BEIJING)


@pytest.mark.rule("PP-28", "OP-01")
def test_a_province_has_its_own_pool_and_draws_from_its_own_colleges(
    world: World, colleges: list[str], inspectors: list[dict[str, Any]]
) -> None:
    foreign = world.admitted_college(300, province_code="32", division_code="320102")["id"]
    made = world.post("/inspection-draws", plan(province_code="32"), **BEIJING)
    assert (made["province_code"], foreign in made["candidates"]) == ("11", False)
    assert world.post("/inspection-draws", plan(count=1), expect=409, **JIANGSU)["code"] == "too_few_inspectors"
    assert (
        world.post("/inspection-draws", plan(kind="teo"), expect=403, **BEIJING)["code"] == "organization_not_allowed"
    )
    assert world.post("/inspection-draws", plan(count=5), expect=422, **BEIJING)["code"] == "too_few_candidates"
    assert world.post("/inspection-draws", plan(draw_on="2020-01-01"), expect=422, **BEIJING)["code"] == "draw_day_over"
    reveal = f"/inspection-draws/{made['id']}/reveal"
    assert world.post(reveal, {}, expect=403, **JIANGSU)["code"] == "organization_not_allowed"
    assert world.get("/inspectors", **JIANGSU)["items"] == []
    assert [one["name"] for one in world.get("/inspectors", **BEIJING)["items"]] == ["欧**娜"] * 5
    first = inspectors[0]["id"]
    assert world.post(f"/inspectors/{first}/retirement", expect=404, **JIANGSU)["code"] == "not_found"
    assert world.post(f"/inspectors/{first}/retirement", expect=200, **BEIJING)["state"] == "retired"
    assert world.post(f"/inspectors/{first}/retirement", expect=409, **BEIJING)["code"] == "inspector_is_retired"
    twice = {"code": "BJ-1", "name": "李"}
    assert world.post("/inspectors", twice, expect=409, **BEIJING)["code"] == "inspector_exists"
    national = world.post("/inspectors", {"code": "N-1", "name": "李", "interests": [foreign]})
    assert national["province_code"] is None
    unknown = {"code": "N-2", "name": "李", "interests": [str(uuid.uuid4())]}
    assert world.post("/inspectors", unknown, expect=422)["code"] == "organization_unknown"
