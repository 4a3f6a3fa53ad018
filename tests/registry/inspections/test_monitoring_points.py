"""About ten colleges a type are watched, drawn so that anyone can repeat it, and replaced with a reason (OP-38)."""

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from onex.chassis.access import Role
from tests.registry.world import World

EXAMPLE = Path(__file__).parents[3] / "examples" / "repeat_draw.py"
PLACES = [("11", "110108"), ("32", "320102"), ("31", "310101")]
ANYONE: dict[str, Any] = {"role": None}


def filed_site(world: World, number: int, type_id: str, teo_id: str) -> str:
    """The id of a college with a filed site, in one of three provinces."""
    province, division = PLACES[number % len(PLACES)]
    college = world.admitted_college(100 + number, province_code=province, division_code=division)["id"]
    body = world.site_body(type_id, f"S-{number}", division_code=division)
    site = world.post("/sites", body, Role.COLLEGE, organization_id=uuid.UUID(college))["id"]
    world.settle_as_teo(site, teo_id)
    world.settle_as_province(site, province)
    world.file(site, province)
    return str(college)


@pytest.mark.rule("OP-38")
def test_points_are_drawn_listed_repeated_and_replaced(world: World, tmp_path: Path) -> None:
    teo_id = world.admitted_teo()["id"]
    type_id = world.published_type(teo_id)["id"]
    none_yet = world.post("/monitoring-draws", {"certificate_type_id": type_id}, expect=409)
    assert none_yet["code"] == "nothing_to_draw_from"
    colleges = {filed_site(world, number, type_id, teo_id) for number in range(10)}
    waiting = world.admitted_college(200)["id"]
    world.declared_site(waiting, type_id, "S-declared")
    for count in (7, 13):
        wrong = {"certificate_type_id": type_id, "count": count}
        assert world.post("/monitoring-draws", wrong, expect=422)["code"] == "invalid"
    made = world.post("/monitoring-draws", {"certificate_type_id": type_id, "count": 8, "seed": "5a" * 32})
    assert set(made["drawn"]) == colleges
    assert [len(made["candidates"][province]) for province in ("11", "31", "32")] == [4, 3, 3]
    points = world.get(f"/monitoring-points?certificate_type_id={type_id}", **ANYONE)["items"]
    assert [point["college_id"] for point in reversed(points)] == made["drawn"][:8]
    assert world.get(f"/monitoring-draws/{made['id']}", **ANYONE) == made
    file = tmp_path / "draw.json"
    file.write_text(json.dumps(made), encoding="utf-8")
    again = subprocess.run([sys.executable, "-I", str(EXAMPLE), str(file)], capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in again.stdout.splitlines()] == made["drawn"][:8]
    twice = world.post("/monitoring-draws", {"certificate_type_id": type_id}, expect=409)
    assert twice["code"] == "monitoring_points_drawn"

    ended, path = points[0], f"/monitoring-points/{points[0]['id']}/replacement"
    new = world.post(path, {"because": "The college closed its site."})
    rest = made["drawn"][8:]
    own = [college for college in rest if college in made["candidates"][ended["province_code"]]]
    assert new["college_id"] == (own or rest)[0]
    assert new["replaces_id"] == ended["id"]
    assert world.post(path, {"because": "Again."}, expect=409)["code"] == "monitoring_point_is_ended"
    watched = world.get(f"/monitoring-points?certificate_type_id={type_id}&state=watched", **ANYONE)["items"]
    assert len({point["college_id"] for point in watched}) == 8
    last = world.post(f"/monitoring-points/{new['id']}/replacement", {"because": "Another."})
    nobody = world.post(f"/monitoring-points/{last['id']}/replacement", {"because": "Another."}, expect=409)
    assert nobody["code"] == "nobody_to_replace_with"
    assert world.get("/monitoring-points?state=watched&size=1", **ANYONE)["items"][0]["id"] == last["id"]
