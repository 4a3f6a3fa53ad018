"""Published results are annulled: proposed by their TEO, decided by a second person, said once, and never published again."""

import threading
import uuid
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.assessment import ResultAnnulled, ResultPublished
from services.assessment.results import sitting_annulment
from tests.assessment.results.test_results import numbers, publish, results_file
from tests.assessment.world import World, candidates, counts, roster_of
from tests.harness.dying import dying
from tests.harness.service import json_of

NOTE = "考场监控显示张三与邻座传递答案。"


def person(world: World, name: str, role: Role = Role.TEO, organization_id: uuid.UUID | None = None) -> dict[str, Any]:
    """One person of the TEO, or of another organization, as a caller."""
    own = (organization_id or world.teo) if role is Role.TEO else organization_id
    return {"role": role, "organization_id": own, "client_id": name}


@pytest.fixture
def plan(world: World) -> str:
    """Six candidates with published results: four at the first site, of whom one failed; at the second one is a social person."""
    plan_id = world.with_sittings()
    rows = [*candidates(4), *candidates(1, seed=2, site_code="GD-0002"),
            *candidates(1, seed=3, social=True, site_code="GD-0002")]  # fmt: skip
    world.send(f"/plans/{plan_id}/rosters", roster_of(rows))
    scores = [(number, 50 if at == 3 else 80, 55 if at == 3 else 80) for at, number in enumerate(numbers(world))]
    world.send(f"/plans/{plan_id}/results", results_file(*scores))
    publish(world, plan_id)
    return plan_id


def propose(world: World, plan_id: str, *, by: str = "zhang", expect: int = 201, **body: Any) -> Any:
    sent = {"ground": "cheating", "note": NOTE} | body
    answer = world.call("POST", f"/plans/{plan_id}/annulments", json=sent, expect=expect, **person(world, by))
    return json_of(answer)


def decide(world: World, one: dict[str, Any], verb: str, *, by: str = "li", expect: int = 200) -> Any:
    return json_of(world.call("POST", f"/annulments/{one['id']}/{verb}", expect=expect, **person(world, by)))


def annulled(world: World) -> list[ResultAnnulled]:
    return world.service.said(ResultAnnulled)  # type: ignore[return-value]


def summary(world: World, plan_id: str) -> dict[str, int]:
    found: dict[str, int] = json_of(world.call("GET", f"/plans/{plan_id}/results/summary", expect=200))
    return found


def sitting_at(world: World, plan_id: str, place: int) -> str:
    query = "SELECT id FROM sitting WHERE plan_id = :plan_id AND site_code = :code"
    (row,) = world.rows(query, plan_id=plan_id, code=f"GD-000{place}")
    return str(row.id)


@pytest.mark.rule("PP-17", "PP-18")
def test_a_result_is_annulled_by_two_persons_counted_and_said(world: World, plan: str) -> None:
    number = numbers(world)[0]
    assert summary(world, plan) == {"registered": 6, "with_result": 6, "passed": 5, "published": 6, "annulled": 0}
    made = propose(world, plan, registration_number=number)
    assert (made["state"], made["proposed_by"], made["decided_by"]) == ("proposed", "zhang", None)
    assert annulled(world) == []
    done = decide(world, made, "approval")
    assert (done["state"], done["decided_by"], done["job_id"]) == ("carried_out", "li", None)
    (event,) = annulled(world)
    (published,) = [one for one in world.service.said(ResultPublished) if one.result_id == event.result_id]  # type: ignore[attr-defined]
    for name in ("learner_id", "certificate_type_id", "level", "teo_id", "college_id", "passed"):
        assert getattr(event, name) == getattr(published, name), name
    assert (event.ground, event.passed) == ("cheating", True)
    assert summary(world, plan) == {"registered": 6, "with_result": 6, "passed": 4, "published": 6, "annulled": 1}


@pytest.mark.rule("PP-17")
def test_a_result_that_was_no_pass_is_annulled_too_and_the_passes_stay_as_many(world: World, plan: str) -> None:
    decide(world, propose(world, plan, registration_number=numbers(world)[3]), "approval")
    assert [one.passed for one in annulled(world)] == [False]
    assert (summary(world, plan)["passed"], summary(world, plan)["annulled"]) == (5, 1)


@pytest.mark.rule("PP-17")
def test_nobody_decides_on_what_they_proposed(world: World, plan: str) -> None:
    made = propose(world, plan, registration_number=numbers(world)[0])
    for verb in ("approval", "refusal"):
        assert decide(world, made, verb, by="zhang", expect=403)["code"] == "second_person_needed"
    with pytest.raises(IntegrityError, match="two_persons"), world.service.database.transaction() as session:
        session.execute(text("UPDATE annulment SET state = 'approved', decided_by = 'zhang'"))
    assert annulled(world) == []
    world.call("POST", f"/annulments/{made['id']}/approval", expect=200, **person(world, "wang", Role.OPERATOR))
    assert len(annulled(world)) == 1


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize(("verb", "by", "state"), [("refusal", "li", "refused"), ("withdrawal", "zhang", "withdrawn")])
def test_what_was_turned_down_leaves_the_result_and_may_be_proposed_again(
    world: World, plan: str, verb: str, by: str, state: str
) -> None:
    number = numbers(world)[0]
    made = propose(world, plan, registration_number=number)
    assert propose(world, plan, registration_number=number, expect=409)["code"] == "annulment_proposed_already"
    assert decide(world, made, verb, by=by)["state"] == state
    assert decide(world, made, "approval", expect=409)["code"] == f"annulment_is_{state}"
    assert (annulled(world), summary(world, plan)["annulled"]) == ([], 0)
    again = propose(world, plan, registration_number=number)
    decide(world, again, "approval")
    assert propose(world, plan, registration_number=number, expect=409)["code"] == "result_annulled_already"
    assert decide(world, again, "approval", expect=409)["code"] == "annulment_is_carried_out"
    assert len(annulled(world)) == 1


@pytest.mark.rule("PP-17")
def test_what_cannot_be_annulled_is_refused(world: World, plan: str) -> None:
    other = world.with_sittings()
    world.send(f"/plans/{other}/rosters", roster_of(candidates(1, seed=9)))
    (new,) = world.rows("SELECT number FROM registration WHERE plan_id = :id", id=other)
    one = numbers(world)[0]
    assert propose(world, other, registration_number=new.number, expect=409)["code"] == "result_not_published"
    assert propose(world, other, registration_number=one, expect=422)["code"] == "registration_unknown"
    assert propose(world, other, sitting_id=sitting_at(world, plan, 1), expect=422)["code"] == "sitting_unknown"
    for body in (
        {},
        {"registration_number": one, "sitting_id": sitting_at(world, plan, 1)},
        {"registration_number": one, "ground": "bad_mood"},
        {"registration_number": one, "note": ""},
    ):
        assert propose(world, plan, expect=422, **body)["code"] == "invalid"


@pytest.mark.rule("PP-17")
def test_an_annulled_result_is_never_published_again(world: World, plan: str) -> None:
    one, two, *_ = numbers(world)
    decide(world, propose(world, plan, registration_number=one), "approval")
    before = world.rows("SELECT * FROM result ORDER BY id")
    job = world.send(f"/plans/{plan}/results", results_file((one, 80, 80), (two, 80, 80)))
    assert counts(job) == ("done", 0, 1, 1)
    assert world.refusals(job) == [(2, "registration_number", "result_annulled")]
    assert counts(world.send(f"/plans/{plan}/results", results_file((one, 99, 99)))) == ("done", 0, 0, 1)
    world.call("POST", f"/plans/{plan}/results/publication", expect=409)
    assert [row[:7] for row in world.rows("SELECT * FROM result ORDER BY id")] == [row[:7] for row in before]
    assert len(world.service.said(ResultPublished)) == 6


@pytest.mark.rule("PP-17", "PP-22")
def test_an_assessment_anew_is_a_new_registration_with_a_result_of_its_own(world: World, plan: str) -> None:
    decide(world, propose(world, plan, registration_number=numbers(world)[0]), "approval")
    again = world.with_sittings()
    world.send(f"/plans/{again}/rosters", roster_of(candidates(1)))
    (new,) = world.rows("SELECT number, learner_id FROM registration WHERE plan_id = :id", id=again)
    assert new.learner_id == annulled(world)[0].learner_id
    world.send(f"/plans/{again}/results", results_file((new.number, 80, 80)))
    publish(world, again)
    newest: Any = world.service.said(ResultPublished)[-1]
    assert (newest.learner_id, newest.passed) == (new.learner_id, True)
    assert newest.result_id != annulled(world)[0].result_id
    assert summary(world, again)["passed"] == 1


@pytest.mark.rule("PP-21")
@pytest.mark.parametrize("step", [2, 1_000])
def test_a_whole_sitting_is_annulled_in_steps_and_other_sittings_stand(
    world: World, plan: str, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(sitting_annulment, "STEP_PLACES", step)
    made = propose(world, plan, sitting_id=sitting_at(world, plan, 1), ground="irregular_sitting")
    approved = decide(world, made, "approval")
    assert (approved["state"], annulled(world)) == ("approved", [])
    world.service.run_jobs()
    assert counts(world.job(approved["job_id"])) == ("done", 4, 0, 0)
    assert json_of(world.call("GET", f"/annulments/{made['id']}", expect=200))["state"] == "carried_out"
    at_first = {row.result_id for row in world.rows(
        "SELECT t.id AS result_id FROM result t JOIN registration r ON r.id = t.registration_id WHERE r.sitting_id = :id",
        id=made["sitting_id"],
    )}  # fmt: skip
    assert {one.result_id for one in annulled(world)} == at_first
    assert len(annulled(world)) == 4
    assert {one.ground for one in annulled(world)} == {"irregular_sitting"}
    assert (summary(world, plan)["passed"], summary(world, plan)["annulled"]) == (2, 4)
    assert propose(world, plan, sitting_id=made["sitting_id"], expect=409)["code"] == "sitting_annulled_already"


@pytest.mark.rule("PP-21")
@pytest.mark.parametrize("dies_in_step", [1, 2, 4])
def test_a_sittings_annulment_whose_process_died_goes_on_and_says_nothing_twice(
    world: World, plan: str, monkeypatch: pytest.MonkeyPatch, dies_in_step: int
) -> None:
    monkeypatch.setattr(sitting_annulment, "STEP_PLACES", 2)
    made = propose(world, plan, sitting_id=sitting_at(world, plan, 1))
    decide(world, propose(world, plan, registration_number=numbers(world)[1]), "approval")
    job_id = decide(world, made, "approval")["job_id"]
    with pytest.raises(TimeoutError):
        world.service.run_job(uuid.UUID(job_id), {"annulment": dying(sitting_annulment.SittingAnnulment, dies_in_step)})
    world.service.run_jobs()
    assert counts(world.job(job_id)) == ("done", 3, 0, 0)
    said = [one.result_id for one in annulled(world)]
    assert len(said) == len(set(said)) == 4
    assert summary(world, plan)["annulled"] == 4


@pytest.mark.rule("PP-21", "PP-15")
def test_nobody_is_registered_into_an_annulled_sitting(world: World, plan: str) -> None:
    decide(world, propose(world, plan, sitting_id=sitting_at(world, plan, 1)), "approval")
    job = world.send(f"/plans/{plan}/rosters", roster_of(candidates(1, seed=4)))
    assert world.refusals(job) == [(2, "site_code", "unknown_site")]
    world.call("POST", "/sittings", json=world.new_sitting(plan, capacity=1), expect=201)
    job = world.send(f"/plans/{plan}/rosters", roster_of(candidates(2, seed=4)))
    assert world.refusals(job) == [(3, "site_code", "sitting_full")]


@pytest.mark.rule("PP-21")
def test_of_an_annulled_sitting_nothing_more_is_published(world: World) -> None:
    plan = world.with_sittings()
    world.send(f"/plans/{plan}/rosters", roster_of([*candidates(3), *candidates(1, seed=2, site_code="GD-0002")]))
    first, second, third, elsewhere = numbers(world)
    world.send(f"/plans/{plan}/results", results_file((first, 80, 80)))
    publish(world, plan)
    world.send(f"/plans/{plan}/results", results_file((second, 80, 80)))
    decide(world, propose(world, plan, sitting_id=sitting_at(world, plan, 1)), "approval")
    world.service.run_jobs()
    world.call("POST", f"/plans/{plan}/results/publication", expect=409)
    job = world.send(f"/plans/{plan}/results", results_file((second, 70, 70), (third, 80, 80), (elsewhere, 80, 80)))
    assert world.refusals(job) == [
        (2, "registration_number", "sitting_annulled"),
        (3, "registration_number", "sitting_annulled"),
    ]
    assert counts(publish(world, plan)) == ("done", 1, 0, 0)
    assert len(world.service.said(ResultPublished)) == 2
    assert len(annulled(world)) == 1


def test_of_two_who_approve_at_once_one_does_and_it_is_said_once(world: World, plan: str) -> None:
    made = propose(world, plan, registration_number=numbers(world)[0])
    statuses: list[int] = []

    def approve(name: str) -> None:
        answer = world.call("POST", f"/annulments/{made['id']}/approval", **person(world, name))
        statuses.append(answer.status_code)

    world.call("GET", "/annulments", expect=200)  # the app is there before two threads want it
    threads = [threading.Thread(target=approve, args=(name,)) for name in ("li", "wang", "zhao")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409, 409]
    assert len(annulled(world)) == 1


def test_candidate_and_college_see_what_was_annulled(world: World, plan: str) -> None:
    one = numbers(world)[0]
    decide(world, propose(world, plan, registration_number=one), "approval")
    decide(world, propose(world, plan, registration_number=numbers(world)[5], ground="impersonation"), "approval")
    learners = {row.number: row.learner_id for row in world.rows("SELECT number, learner_id FROM registration")}

    def mine(number: str) -> dict[str, Any]:
        who = {"role": Role.LEARNER, "organization_id": None, "learner_id": learners[number]}
        (item,) = json_of(world.call("GET", "/my-results", expect=200, **who))["items"]
        return dict(item)

    def listed(**who: Any) -> list[tuple[str, str]]:
        items = json_of(world.call("GET", "/annulled-results", expect=200, **who))["items"]
        return sorted((item["registration_number"], item["ground"]) for item in items)

    assert (mine(one)["annulled_for"], mine(one)["passed"]) == ("cheating", True)
    assert mine(one)["annulled_at"] is not None
    assert (mine(numbers(world)[1])["annulled_for"], mine(numbers(world)[1])["annulled_at"]) == (None, None)
    student, social = (one, "cheating"), (numbers(world)[5], "impersonation")
    assert listed(role=Role.COLLEGE, organization_id=world.colleges[0]) == [student]
    assert listed(role=Role.COLLEGE, organization_id=world.colleges[1]) == []
    assert listed(role=Role.OPERATOR, organization_id=None) == listed() == sorted([student, social])
    assert listed(organization_id=world.other_teo) == []


@pytest.mark.rule("PP-18")
def test_another_teo_neither_proposes_nor_sees_nor_decides(world: World, plan: str) -> None:
    other = person(world, "chen", organization_id=world.other_teo)
    body = {"registration_number": numbers(world)[0], "ground": "cheating", "note": NOTE}
    answer = world.call("POST", f"/plans/{plan}/annulments", json=body, expect=403, **other)
    assert json_of(answer)["code"] == "organization_not_allowed"
    made = propose(world, plan, registration_number=numbers(world)[0])
    assert json_of(world.call("GET", "/annulments", expect=200, **other))["items"] == []
    for method, path in (("GET", ""), ("POST", "/approval"), ("POST", "/refusal"), ("POST", "/withdrawal")):
        world.call(method, f"/annulments/{made['id']}{path}", expect=404, **other)
    assert annulled(world) == []


def test_the_note_is_sealed_and_shown_to_whom_it_concerns_only(world: World, plan: str) -> None:
    made = propose(world, plan, registration_number=numbers(world)[0])
    decide(world, made, "approval")
    (row,) = world.rows("SELECT sealed_note FROM annulment")
    assert "张三" not in row.sealed_note
    assert "note" not in made
    assert json_of(world.call("GET", f"/annulments/{made['id']}", expect=200))["note"] == NOTE
    assert all(NOTE not in bytes(row.body).decode() for row in world.rows("SELECT body FROM outbox"))


def test_annulments_are_listed_by_state_and_plan(world: World, plan: str) -> None:
    one, two, *_ = numbers(world)
    decide(world, propose(world, plan, registration_number=one), "approval")
    open_one = propose(world, plan, registration_number=two, ground="marking_error")
    found = json_of(world.call("GET", f"/annulments?state=proposed&plan_id={plan}", expect=200))["items"]
    assert [item["id"] for item in found] == [open_one["id"]]
    assert json_of(world.call("GET", f"/annulments?plan_id={new_id()}", expect=200))["items"] == []
    every = json_of(world.call("GET", "/annulments", role=Role.MINISTRY, organization_id=None, expect=200))["items"]
    assert [item["ground"] for item in every] == ["marking_error", "cheating"]


@pytest.mark.parametrize(
    ("corruption", "invariant"),
    [
        ("DELETE FROM annulled_result", "annulments_carried_out"),
        ("UPDATE annulled_result SET passed = false", "annulments_decided"),
        ("UPDATE annulment SET state = 'refused'", "annulments_decided"),
        ("UPDATE annulled_result SET annulled_at = annulled_at - interval '1 year'", "annulments_decided"),
        ("UPDATE plan SET annulled = 0", "plans_counted"),
    ],
)
def test_an_annulment_that_was_tampered_with_is_found_by_the_audit(
    world: World, plan: str, corruption: str, invariant: str
) -> None:
    from services.assessment.audit import INVARIANTS

    def found() -> set[str]:
        with psycopg.connect(world.service.database.dsn) as connection:
            return {one.name for one in INVARIANTS if next(one.faults(connection), None) is not None}

    decide(world, propose(world, plan, registration_number=numbers(world)[0]), "approval")
    assert found() == set()
    with world.service.database.transaction() as session:
        session.execute(text(corruption))
    assert invariant in found()
