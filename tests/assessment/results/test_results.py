"""Results through the door and the job, and their publication, once and for good."""

import io
import uuid
from datetime import date
from typing import Any

import openpyxl
import pytest

from onex.chassis import trace
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.assessment import ResultPublished
from services.assessment.results import publication
from tests.assessment.world import World, candidates, counts, roster_of, upload
from tests.harness.dying import dying
from tests.harness.service import json_of

STATE = "SELECT id, scores, score_hundredths, passed, assessed_on, published_at FROM result ORDER BY id"


@pytest.fixture
def plan(world: World) -> str:
    """A published plan with five registered candidates, of whom the last is a social person."""
    plan_id = world.with_sittings()
    world.send(f"/plans/{plan_id}/rosters", roster_of([*candidates(4), *candidates(1, seed=2, social=True)]))
    return plan_id


def numbers(world: World) -> list[str]:
    return [row.number for row in world.rows("SELECT number FROM registration ORDER BY number")]


def results_file(*rows: tuple[Any, ...], heading: str = "报名号,理论知识,操作技能") -> bytes:
    return "\n".join([heading, *(",".join(map(str, row)) for row in rows)]).encode() + b"\n"


def publish(world: World, plan_id: str, **options: Any) -> dict[str, Any]:
    sent = json_of(world.call("POST", f"/plans/{plan_id}/results/publication", expect=202, **options))
    world.service.run_jobs()
    return world.job(sent["id"])


@pytest.mark.rule("PP-19")
@pytest.mark.parametrize(
    "heading", ["报名号,理论知识,操作技能", "registration_number,knowledge,skill", "报名号,Knowledge,SKILL"]
)
def test_scores_are_taken_under_a_components_code_or_name(world: World, plan: str, heading: str) -> None:
    one, two, *_ = numbers(world)
    job = world.send(f"/plans/{plan}/results", results_file((one, 60, "70.5"), (two, "49.99", 100), heading=heading))
    assert counts(job) == ("done", 2, 0, 0)
    rows = world.rows(STATE)
    assert [(list(row.scores), row.score_hundredths, row.passed) for row in rows] == [
        ([6000, 7050], 6630, True),
        ([4999, 10_000], 7999, False),
    ]
    assert {str(row.assessed_on) for row in rows} == {"2026-06-06"}  # the sitting's day in Beijing


def test_an_xlsx_with_days_is_taken(world: World, plan: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["报名号", "姓名", "考核日期", "理论知识", "操作技能"])
    book.active.append([numbers(world)[0], "张*", date(2026, 6, 7), 80, 61.25])
    raw = io.BytesIO()
    book.save(raw)
    assert counts(world.send(f"/plans/{plan}/results", raw.getvalue(), "results.xlsx")) == ("done", 1, 0, 0)
    (row,) = world.rows(STATE)
    assert (list(row.scores), str(row.assessed_on)) == ([8000, 6125], "2026-06-07")


def test_bad_rows_come_back_and_good_ones_go_in(world: World, plan: str) -> None:
    one, two, three, *_ = numbers(world)
    rows = [(one, 60, 60), ("R260000100000999", 60, 60), (two, "100.5", 60), (one, 99, 99), (three, 60, "")]
    job = world.send(f"/plans/{plan}/results", results_file(*rows))
    assert counts(job) == ("done", 1, 0, 4)
    assert world.refusals(job) == [
        (3, "registration_number", "unknown_registration"),
        (4, "score_knowledge", "out_of_range"),
        (5, "registration_number", "duplicate_row"),
        (6, "score_skill", "empty_cell"),
    ]


def test_another_plans_candidates_are_unknown_here(world: World, plan: str) -> None:
    other = world.with_sittings()
    job = world.send(f"/plans/{other}/results", results_file((numbers(world)[0], 60, 60)))
    assert world.refusals(job) == [(2, "registration_number", "unknown_registration")]


def test_until_publication_a_new_score_replaces_the_old_and_the_same_changes_nothing(world: World, plan: str) -> None:
    one, two, *_ = numbers(world)
    world.send(f"/plans/{plan}/results", results_file((one, 60, 60), (two, 60, 60)))
    before = world.rows(STATE)
    assert counts(world.send(f"/plans/{plan}/results", results_file((one, 60, 60), (two, 60, 60)))) == ("done", 0, 2, 0)
    assert world.rows(STATE) == before
    assert counts(world.send(f"/plans/{plan}/results", results_file((one, 60, 60), (two, 50, 59)))) == ("done", 1, 1, 0)
    after = world.rows(STATE)
    assert after[0] == before[0]
    assert (after[1].id, list(after[1].scores), after[1].passed) == (before[1].id, [5000, 5900], False)


def test_a_published_result_is_final(world: World, plan: str) -> None:
    one, two, *_ = numbers(world)
    world.send(f"/plans/{plan}/results", results_file((one, 60, 60), (two, 0, 0)))
    publish(world, plan)
    before = world.rows(STATE)
    job = world.send(f"/plans/{plan}/results", results_file((one, 60, 60), (two, 100, 100)))
    assert counts(job) == ("done", 0, 1, 1)
    assert world.refusals(job) == [(3, "registration_number", "result_published")]
    assert world.rows(STATE) == before


def test_a_wrong_heading_fails_the_file_and_says_what_is_missing(world: World, plan: str) -> None:
    data = results_file((numbers(world)[0], 60), heading="报名号,理论知识")
    job = world.send(f"/plans/{plan}/results", data)
    assert (job["state"], job["failure_code"]) == ("failed", "wrong_columns")
    assert "skill" in job["failure"]


@pytest.mark.rule("PP-22")
def test_publication_says_each_result_once_with_all_that_a_certificate_needs(world: World, plan: str) -> None:
    rows = numbers(world)
    world.send(f"/plans/{plan}/results", results_file(*((one, 60, 60 - 20 * (at == 1)) for at, one in enumerate(rows))))
    traceparent = trace.new_traceparent()
    job = publish(world, plan, headers={"traceparent": traceparent})
    assert (counts(job), job["total"]) == (("done", 5, 0, 0), 5)
    said = [event for event in world.service.said(ResultPublished) if isinstance(event, ResultPublished)]
    assert [event.passed for event in said] == [True, False, True, True, True]
    registered = world.rows(
        "SELECT t.id, r.learner_id, r.sealed_person, r.candidate_kind, r.college_id, r.sitting_id, t.published_at,"
        " t.score_hundredths FROM result t JOIN registration r ON r.id = t.registration_id ORDER BY r.number"
    )
    for event, row in zip(said, registered, strict=True):
        assert event == ResultPublished(
            result_id=row.id,
            learner_id=row.learner_id,
            sealed_person=row.sealed_person,
            candidate_kind=row.candidate_kind,
            certificate_type_id=world.type_id,
            level="intermediate",
            standard_version="1.0",
            teo_id=world.teo,
            college_id=row.college_id,
            plan_id=uuid.UUID(plan),
            sitting_id=row.sitting_id,
            assessed_on=event.assessed_on,
            passed=event.passed,
            score_hundredths=row.score_hundredths,
            published_at=row.published_at,
        )
    assert [event.candidate_kind for event in said].count("social") == 1
    traces = {trace.trace_id(row.traceparent) for row in world.rows("SELECT traceparent FROM outbox")}
    assert traces == {trace.trace_id(traceparent)}
    again = world.call("POST", f"/plans/{plan}/results/publication", expect=409)
    assert json_of(again)["code"] == "nothing_to_publish"


def test_what_comes_after_the_order_to_publish_waits_for_the_next(world: World, plan: str) -> None:
    one, two, *_ = numbers(world)
    world.send(f"/plans/{plan}/results", results_file((one, 60, 60)))
    order = json_of(world.call("POST", f"/plans/{plan}/results/publication", expect=202))
    late = json_of(
        world.call("POST", f"/plans/{plan}/results", data=upload(results_file((two, 60, 60)), "r.csv"), expect=202)
    )
    world.service.run_job(uuid.UUID(late["id"]))
    world.service.run_job(uuid.UUID(order["id"]))
    assert counts(world.job(order["id"])) == ("done", 1, 0, 0)
    assert len(world.service.said(ResultPublished)) == 1
    assert counts(publish(world, plan)) == ("done", 1, 0, 0)


@pytest.mark.rule("PP-22")
@pytest.mark.parametrize("dies_in_step", [1, 2, 3])
def test_a_publication_whose_process_died_goes_on_and_says_nothing_twice(
    world: World, plan: str, monkeypatch: pytest.MonkeyPatch, dies_in_step: int
) -> None:
    monkeypatch.setattr(publication, "STEP_RESULTS", 2)
    world.send(f"/plans/{plan}/results", results_file(*((one, 60, 60) for one in numbers(world))))
    order = json_of(world.call("POST", f"/plans/{plan}/results/publication", expect=202))
    with pytest.raises(TimeoutError):
        world.service.run_job(uuid.UUID(order["id"]), {"publication": dying(publication.Publication, dies_in_step)})
    said_before = len(world.service.said(ResultPublished))
    assert said_before == world.job(order["id"])["accepted"] == 2 * (dies_in_step - 1)
    world.service.run_jobs()
    assert counts(world.job(order["id"])) == ("done", 5, 0, 0)
    said = [event.result_id for event in world.service.said(ResultPublished)]  # type: ignore[attr-defined]
    assert len(said) == len(set(said)) == 5


def test_a_learner_reads_own_published_results_only(world: World, plan: str) -> None:
    one, two, *_ = numbers(world)
    learners = {row.number: row.learner_id for row in world.rows("SELECT number, learner_id FROM registration")}
    world.send(f"/plans/{plan}/results", results_file((one, "61.5", 70), (two, 60, 60)))

    def mine(learner_id: uuid.UUID) -> list[dict[str, Any]]:
        who = {"role": Role.LEARNER, "organization_id": None, "learner_id": learner_id}
        items: list[dict[str, Any]] = json_of(world.call("GET", "/my-results", expect=200, **who))["items"]
        return items

    assert mine(learners[one]) == []
    publish(world, plan)
    (own,) = mine(learners[one])
    assert own["registration_number"] == one
    assert (own["score_hundredths"], own["passed"], own["level"]) == (6660, True, "intermediate")
    assert [(part["code"], part["score_hundredths"]) for part in own["components"]] == [
        ("knowledge", 6150),
        ("skill", 7000),
    ]
    assert mine(new_id()) == []


@pytest.mark.rule("PP-18")
def test_only_the_plans_teo_sends_and_publishes_results(world: World, plan: str) -> None:
    world.send(f"/plans/{plan}/results", results_file((numbers(world)[0], 60, 60)))
    for path, options in (
        (f"/plans/{plan}/results", {"data": upload(b"x", "r.csv")}),
        (f"/plans/{plan}/results/publication", {}),
    ):
        answer = world.call("POST", path, organization_id=world.other_teo, expect=403, **options)
        assert json_of(answer)["code"] == "organization_not_allowed"
    world.call("GET", f"/plans/{plan}/results/summary", organization_id=world.other_teo, expect=404)
    job = world.rows("SELECT id FROM job LIMIT 1")[0].id
    world.call("GET", f"/jobs/{job}", organization_id=world.other_teo, expect=404)
