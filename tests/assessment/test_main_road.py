"""From a drafted plan to published results, through the doors alone."""

import csv
import io
import random

import pytest

from onex.chassis.access import Role
from onex.contracts.assessment import ResultPublished
from onex.demo.rosters import make_roster
from tests.assessment.world import COLLEGE_CODES, World, counts
from tests.harness.service import json_of


@pytest.mark.rule("PP-22", "PP-19", "OP-22")
def test_candidates_of_a_roster_get_their_results_published(world: World) -> None:
    plan_id = world.with_sittings()
    roster = make_roster(2500, seed=7, colleges=COLLEGE_CODES, sites=("GD-0001", "GD-0002"), bad_share=0.01)
    job = world.send(f"/plans/{plan_id}/rosters", roster.data, roster.filename)
    assert counts(job) == ("done", roster.good, 0, sum(roster.bad.values()))
    codes: dict[str, int] = {}
    for _, _, code in world.refusals(job):
        codes[code] = codes.get(code, 0) + 1
    expected = {("duplicate_row" if code == "duplicate" else code): count for code, count in roster.bad.items()}
    assert codes == expected

    listed = world.call("GET", f"/plans/{plan_id}/registrations.csv", expect=200).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert len(rows) == roster.good
    assert all(set(row["name"]) & {"*"} and len(row["registration_number"]) == 16 for row in rows)

    chance = random.Random(1)
    lines = ["报名号,姓名,理论知识,skill"]
    lines += [
        f"{row['registration_number']},{row['name']},{chance.randint(40, 100)},{chance.randint(4000, 10000) / 100}"
        for row in rows
    ]
    lines.append(lines[1])  # the first candidate again, two steps later
    results = "\n".join([*lines, ""]).encode()
    for sent in ((roster.good, 0), (0, roster.good)):
        job = world.send(f"/plans/{plan_id}/results", results)
        assert counts(job) == ("done", *sent, 1)
        assert world.refusals(job) == [(len(lines), "registration_number", "duplicate_row")]

    published = json_of(world.call("POST", f"/plans/{plan_id}/results/publication", expect=202))
    world.service.run_jobs()
    job = world.job(published["id"])
    assert (counts(job), job["total"]) == (("done", roster.good, 0, 0), roster.good)
    said = world.service.said(ResultPublished)
    passes = world.rows("SELECT id FROM result WHERE passed")
    assert len({event.result_id for event in said}) == len(said) == roster.good
    assert {event.result_id for event in said if event.passed} == {row.id for row in passes}
    summary = json_of(world.call("GET", f"/plans/{plan_id}/results/summary", expect=200))
    assert summary == {
        "registered": roster.good,
        "with_result": roster.good,
        "passed": len(passes),
        "published": roster.good,
        "annulled": 0,
    }
    one = said[0]
    mine = json_of(world.call("GET", "/my-results", role=Role.LEARNER, organization_id=None, learner_id=one.learner_id))
    assert [item["id"] for item in mine["items"]] == [str(one.result_id)]
