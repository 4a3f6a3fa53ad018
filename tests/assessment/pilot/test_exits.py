"""From the decision on a TEO or college that has left does nothing new, at any door; what was done before is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.contracts.assessment import ResultPublished
from services.assessment.pilot import rules
from services.assessment.pilot.errors import CollegeExited, TeoExited
from services.assessment.results import publication
from tests.assessment.world import World, candidates, counts, exited, organization, roster_of, upload
from tests.harness.service import json_of


@pytest.mark.rule("OP-41", "OP-42")
def test_who_has_left_is_refused_with_the_clause() -> None:
    rules.check_teo_stays(False)
    rules.check_college_stays(False)
    with pytest.raises(TeoExited) as refused:
        rules.check_teo_stays(True)
    assert refused.value.clause == "OP-41"
    with pytest.raises(CollegeExited) as refused_college:
        rules.check_college_stays(True)
    assert refused_college.value.clause == "OP-42"


def with_results(world: World) -> str:
    """A plan whose three candidates have results that are not published."""
    plan_id = world.with_sittings()
    world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(3)))
    numbers = [row.number for row in world.rows("SELECT number FROM registration ORDER BY number")]
    lines = ["报名号,理论知识,操作技能", *(f"{number},80,90" for number in numbers)]
    world.send(f"/plans/{plan_id}/results", ("\n".join(lines) + "\n").encode())
    return plan_id


@pytest.mark.rule("OP-41")
def test_a_teo_that_has_left_drafts_publishes_sets_registers_and_issues_nothing(world: World) -> None:
    drafted, plan_id = world.draft(), with_results(world)
    world.service.hear(exited(world.teo, "teo"))
    roster = {"data": upload(roster_of(candidates(1, seed=2)), "r.csv")}
    for path, options in (
        ("/plans", {"json": world.new_plan()}),
        (f"/plans/{drafted}/publication", {}),
        ("/sittings", {"json": world.new_sitting(plan_id)}),
        (f"/plans/{plan_id}/rosters", roster),
        (f"/plans/{plan_id}/results/publication", {}),
    ):
        refused = json_of(world.call("POST", path, expect=409, **options))
        assert (refused["code"], refused["clause"]) == ("teo_exited", "OP-41"), path
    college: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": world.colleges[0]}
    sent = world.call(
        "POST", f"/plans/{plan_id}/rosters", data=upload(roster_of(candidates(1)), "r.csv"), expect=409, **college
    )
    assert json_of(sent)["code"] == "teo_exited"
    assert world.service.said(ResultPublished) == []
    assert json_of(world.call("GET", f"/plans/{plan_id}", expect=200))["registered"] == 3


@pytest.mark.rule("OP-41")
def test_scores_of_sittings_that_were_held_are_still_kept(world: World) -> None:
    plan_id = world.with_sittings()
    world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(1)))
    (row,) = world.rows("SELECT number FROM registration")
    world.service.hear(exited(world.teo, "teo"))
    job = world.send(f"/plans/{plan_id}/results", f"报名号,理论知识,操作技能\n{row.number},80,90\n".encode())
    assert counts(job) == ("done", 1, 0, 0)


@pytest.mark.rule("OP-41")
def test_a_publication_under_way_ends_with_the_exit_and_what_was_published_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = with_results(world)
    monkeypatch.setattr(publication, "STEP_RESULTS", 1)
    step = publication.Publication.step
    steps: list[Any] = []

    def leave_after_one(self: Any, session: Any) -> Any:
        if steps:
            world.service.hear(exited(world.teo, "teo"))
        steps.append(self)
        return step(self, session)

    monkeypatch.setattr(publication.Publication, "step", leave_after_one)
    sent = json_of(world.call("POST", f"/plans/{plan_id}/results/publication", expect=202))
    world.service.run_jobs()
    job = world.job(sent["id"])
    assert (job["state"], job["failure_code"]) == ("failed", "teo_exited")
    assert len(world.service.said(ResultPublished)) == 1
    summary = json_of(world.call("GET", f"/plans/{plan_id}/results/summary", expect=200))
    assert (summary["with_result"], summary["published"]) == (3, 1)


@pytest.mark.rule("OP-42")
def test_no_sitting_is_set_at_the_site_of_a_college_that_has_left_and_its_students_keep_their_results(
    world: World,
) -> None:
    plan_id = with_results(world)
    world.service.hear(exited(world.colleges[0], "college"))
    refused = json_of(world.call("POST", "/sittings", json=world.new_sitting(plan_id), expect=409))
    assert (refused["code"], refused["clause"]) == ("college_exited", "OP-42")
    world.call("POST", f"/plans/{plan_id}/results/publication", expect=202)
    world.service.run_jobs()
    assert len(world.service.said(ResultPublished)) == 3


@pytest.mark.rule("OP-41")
def test_an_exit_stands_whatever_is_heard_of_the_organization_before_and_after(world: World) -> None:
    left = exited(world.teo, "teo", datetime(2026, 3, 1, tzinfo=UTC), version=3)
    again = exited(world.teo, "teo", left.exited_at + timedelta(days=1), version=4)
    world.service.hear(again, left)
    world.service.hear(organization(world.teo, "teo", "91110000100000001A", 2, "旧名"))
    world.service.hear(organization(world.teo, "teo", "91110000100000001A", 5, "新名"))
    world.service.hear(left)
    (row,) = world.rows("SELECT * FROM exited_organization")
    assert (row.id, row.exited_at) == (world.teo, left.exited_at)
    assert json_of(world.call("POST", "/plans", json=world.new_plan(), expect=409))["code"] == "teo_exited"
