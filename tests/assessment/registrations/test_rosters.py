"""Rosters through the door and the job: good rows go in, bad rows come back with a reason, nothing is lost between."""

import csv
import io
import threading
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.demo.rosters import HEADINGS, make_roster
from services.assessment.registrations.roster_import import RosterImport
from tests.assessment.world import COLLEGE_CODES, World, candidates, counts, roster_of, upload
from tests.harness.dying import dying
from tests.harness.service import json_of

STATE = (
    "SELECT id, number, learner_id, sealed_person, masked_name, name_index, sitting_id, candidate_kind, college_id,"
    " created_at FROM registration ORDER BY id"
)


def job_id_of(answer: TestResponse) -> uuid.UUID:
    return uuid.UUID(json_of(answer)["id"])


def as_college(world: World, place: int = 0) -> dict[str, Any]:
    return {"role": Role.COLLEGE, "organization_id": world.colleges[place]}


@pytest.mark.parametrize(
    ("form", "encoding"), [("csv", "utf-8"), ("csv", "utf-8-sig"), ("csv", "gb18030"), ("xlsx", "")]
)
def test_every_form_that_schools_send_is_read_alike(world: World, form: str, encoding: str) -> None:
    plan_id = world.with_sittings()
    roster = make_roster(
        120, seed=5, colleges=COLLEGE_CODES, sites=("GD-0001",), form=form, encoding=encoding or "utf-8", bad_share=0
    )
    assert counts(world.send(f"/plans/{plan_id}/rosters", roster.data, roster.filename)) == ("done", 120, 0, 0)
    sealed = [row.sealed_person for row in world.rows("SELECT sealed_person FROM registration ORDER BY number")]
    people = [world.service.vault.open_person(one) for one in sealed]
    assert [(one["name"], one["document_number"]) for one in people] == [
        (one.name, one.document_number) for one in roster.candidates
    ]


@pytest.fixture
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rosters are taken in in steps as short as they may be, so that small ones have several."""
    monkeypatch.setattr(RosterImport, "chunk_rows", 1)


@pytest.mark.usefixtures("short_steps")
def test_the_same_file_sent_twice_changes_nothing(world: World) -> None:
    plan_id = world.with_sittings()
    roster = make_roster(2300, seed=9, colleges=COLLEGE_CODES, sites=("GD-0001", "GD-0002"), bad_share=0.02)
    first = world.send(f"/plans/{plan_id}/rosters", roster.data)
    before, refused = world.rows(STATE), world.refusals(first)
    second = world.send(f"/plans/{plan_id}/rosters", roster.data)
    assert counts(first) == ("done", roster.good, 0, first["refused"])
    assert counts(second) == ("done", 0, roster.good, first["refused"])
    assert world.rows(STATE) == before
    assert world.refusals(second) == refused


@pytest.mark.usefixtures("short_steps")
@pytest.mark.parametrize("others_before", [0, 2])
def test_a_row_that_comes_again_names_the_first_also_in_another_step(world: World, others_before: int) -> None:
    plan_id = world.with_sittings()
    if others_before:
        world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(others_before, seed=2)))
    rows = list(candidates(1500))
    job = world.send(f"/plans/{plan_id}/rosters", roster_of([*rows, rows[3], rows[0], rows[3]]))
    assert counts(job) == ("done", 1500, 0, 3)
    assert world.refusals(job) == [(row, "document_number", "duplicate_row") for row in (1502, 1503, 1504)]
    report = world.call("GET", f"/jobs/{job['id']}/refusals.csv", expect=200).get_data().decode("utf-8-sig")
    said = [(row["row"], row["column"], row["reason"], row["原因"]) for row in csv.DictReader(io.StringIO(report))]
    assert said[0] == (
        "1502",
        "证件号码",
        "The same candidate is in row 5 of this file.",
        "与本文件第5行为同一考生。",
    )
    assert rows[3].document_number not in report


@pytest.mark.rule("PP-15")
def test_a_registered_candidate_is_not_moved_by_a_later_roster(world: World) -> None:
    plan_id = world.with_sittings()
    (one,) = candidates(1)
    assert counts(world.send(f"/plans/{plan_id}/rosters", roster_of([one])))[1] == 1
    before = world.rows(STATE)
    for changed, column in (
        (replace(one, site_code="GD-0002"), "site_code"),
        (replace(one, name="另一人"), "name"),
        (replace(one, college_code=COLLEGE_CODES[1]), "college_code"),
    ):
        job = world.send(f"/plans/{plan_id}/rosters", roster_of([changed]))
        assert world.refusals(job) == [(2, column, "already_registered")]
    assert world.rows(STATE) == before


def test_one_candidate_may_register_for_two_plans(world: World) -> None:
    one = candidates(1)
    for _ in range(2):
        plan_id = world.with_sittings()
        assert counts(world.send(f"/plans/{plan_id}/rosters", roster_of(one))) == ("done", 1, 0, 0)
    learners = {row.learner_id for row in world.rows(STATE)}
    assert len(learners) == 1


@pytest.mark.rule("OP-17", "PP-15")
def test_social_persons_register_without_a_college_at_the_site_they_choose(world: World) -> None:
    plan_id = world.with_sittings()
    social = candidates(3, social=True, site_code="GD-0002")
    assert counts(world.send(f"/plans/{plan_id}/rosters", roster_of(social))) == ("done", 3, 0, 0)
    rows = world.rows(
        "SELECT candidate_kind, college_id, site_code FROM registration r JOIN sitting s ON s.id = sitting_id"
    )
    assert {tuple(row) for row in rows} == {("social", None, "GD-0002")}
    elsewhere = candidates(1, seed=2, social=True, site_code="GD-0404")
    assert world.refusals(world.send(f"/plans/{plan_id}/rosters", roster_of(elsewhere))) == [
        (2, "site_code", "unknown_site")
    ]


@pytest.mark.rule("OP-17")
def test_a_college_registers_its_own_students_only(world: World) -> None:
    plan_id = world.with_sittings()
    own, other = candidates(2)
    rows = [own, replace(other, college_code=COLLEGE_CODES[1]), *candidates(1, seed=2, social=True)]
    job = world.send(f"/plans/{plan_id}/rosters", roster_of(rows), **as_college(world))
    assert counts(job) == ("done", 1, 0, 2)
    assert world.refusals(job) == [(3, "college_code", "college_not_yours"), (4, "candidate_kind", "college_not_yours")]


def test_a_full_sitting_takes_nobody_more_and_the_next_one_at_the_site_is_filled(world: World) -> None:
    plan_id = world.with_sittings(capacity=3)
    world.call("POST", "/sittings", json=world.new_sitting(plan_id, capacity=2), expect=201)
    job = world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(7)))
    assert counts(job) == ("done", 5, 0, 2)
    assert world.refusals(job) == [(7, "site_code", "sitting_full"), (8, "site_code", "sitting_full")]
    taken = world.rows("SELECT registered, capacity FROM sitting ORDER BY id")
    assert [tuple(row) for row in taken] == [(3, 3), (0, 3), (2, 2)]


def test_a_sitting_that_is_still_to_begin_is_filled_before_one_that_has_begun(world: World) -> None:
    plan_id = world.published()
    world.call("POST", "/sittings", json=world.new_sitting(plan_id), expect=201)
    begins, later = clock.now() + timedelta(days=30), clock.now() + timedelta(days=60)
    for one in (later, begins):
        ends = (one + timedelta(hours=2)).isoformat()
        body = world.new_sitting(plan_id, starts_at=one.isoformat(), ends_at=ends, capacity=2)
        world.call("POST", "/sittings", json=body, expect=201)
    assert counts(world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(3)))) == ("done", 3, 0, 0)
    taken = "SELECT registered FROM sitting ORDER BY starts_at"
    assert [one for (one,) in world.rows(taken)] == [0, 2, 1]
    assert counts(world.send(f"/plans/{plan_id}/rosters", roster_of(candidates(2, seed=2)))) == ("done", 2, 0, 0)
    assert [one for (one,) in world.rows(taken)] == [1, 2, 2], "whoever was assessed may be entered afterwards"


@pytest.mark.rule("PP-10")
def test_rows_for_another_certificate_or_level_come_back(world: World) -> None:
    plan_id = world.with_sittings()
    one, two, three = candidates(3)
    rows = [replace(one, level="primary"), replace(two, certificate_type="005"), replace(three, certificate_type="004")]
    job = world.send(f"/plans/{plan_id}/rosters", roster_of(rows))
    assert world.refusals(job) == [
        (2, "level", "level_not_of_plan"),
        (3, "certificate_type", "certificate_type_not_of_plan"),
    ]
    assert job["accepted"] == 1


def test_a_truncated_roster_gives_its_good_rows_and_refuses_the_cut_one(world: World) -> None:
    plan_id = world.with_sittings()
    data = roster_of(candidates(40))
    job = world.send(f"/plans/{plan_id}/rosters", data[: data.rindex("学生".encode())])
    assert counts(job) == ("done", 39, 0, 1)
    assert world.refusals(job) == [(41, None, "row_truncated")]


def test_a_stray_byte_costs_its_own_row_only(world: World) -> None:
    plan_id = world.with_sittings()
    rows = candidates(20)
    data = roster_of(rows).replace(rows[7].name.encode(), b"\xff" + rows[7].name.encode(), 1)
    job = world.send(f"/plans/{plan_id}/rosters", data)
    assert (counts(job), world.refusals(job)) == (("done", 19, 0, 1), [(9, "name", "not_text")])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        ("姓名,电话\r\n张三,1\r\n".encode(), "wrong_columns"),
        ((",".join(HEADINGS) + "\r\n").encode(), "no_rows"),
        (b"%PDF-1.7 something", "not_csv_nor_xlsx"),
        (b"PK\x03\x04 cut off", "xlsx_damaged"),
        (bytes(range(256)) * 20, "not_csv_nor_xlsx"),
    ],
)
def test_a_file_that_is_no_roster_fails_with_a_code_and_reasons_in_both_languages(
    world: World, data: bytes, code: str
) -> None:
    plan_id = world.with_sittings()
    job = world.send(f"/plans/{plan_id}/rosters", data)
    assert (job["state"], job["failure_code"]) == ("failed", code)
    assert job["failure"] != job["failure_zh"]
    assert not job["failure_zh"].isascii()
    assert world.count("registration") == 0


def test_ten_thousand_bad_rows_come_back_and_the_good_ones_go_in(world: World) -> None:
    plan_id = world.with_sittings()
    roster = make_roster(10_400, seed=3, colleges=COLLEGE_CODES, sites=("GD-0001",), bad_share=10_000 / 10_400)
    job = world.send(f"/plans/{plan_id}/rosters", roster.data)
    assert counts(job) == ("done", 400, 0, 10_000)
    report = world.call("GET", f"/jobs/{job['id']}/refusals.csv", expect=200).get_data().decode("utf-8-sig")
    assert len({row["row"] for row in csv.DictReader(io.StringIO(report))}) == 10_000
    assert world.count("registration") == 400


@pytest.mark.usefixtures("short_steps")
def test_a_roster_whose_process_died_between_steps_goes_on_where_it_stood(world: World) -> None:
    plan_id = world.with_sittings()
    roster = make_roster(3000, seed=4, colleges=COLLEGE_CODES, sites=("GD-0001",), bad_share=0.01)
    sent = json_of(world.call("POST", f"/plans/{plan_id}/rosters", data=upload(roster.data, "r.csv"), expect=202))

    with pytest.raises(TimeoutError):
        world.service.run_job(uuid.UUID(sent["id"]), {"roster": dying(RosterImport, in_step=3)})
    stopped = world.job(sent["id"])
    assert stopped["state"] == "running"
    assert 0 < stopped["accepted"] == world.count("registration") < roster.good
    world.service.run_jobs()
    assert counts(world.job(sent["id"])) == ("done", roster.good, 0, sum(roster.bad.values()))
    assert world.count("registration") == roster.good


@pytest.mark.usefixtures("short_steps")
def test_two_rosters_at_once_give_no_place_and_no_number_twice(world: World) -> None:
    plan_id = world.with_sittings(capacity=2_500)
    halves = [candidates(2_000, seed=seed) for seed in (11, 12)]
    ids = [
        job_id_of(world.call("POST", f"/plans/{plan_id}/rosters", data=upload(roster_of(one), "r.csv")))
        for one in halves
    ]

    threads = [threading.Thread(target=world.service.run_job, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [world.job(str(one)) for one in ids]
    assert [one["state"] for one in done] == ["done", "done"]
    assert sum(one["accepted"] for one in done) == world.count("registration") == 2_500
    assert sum(one["refused"] for one in done) == 1_500
    assert world.rows("SELECT registered FROM plan")[0].registered == 2_500


@pytest.mark.usefixtures("short_steps")
def test_a_candidate_whom_another_roster_registers_between_two_steps_is_not_registered_twice(world: World) -> None:
    plan_id = world.with_sittings()
    rows = candidates(1_600)
    sent = json_of(world.call("POST", f"/plans/{plan_id}/rosters", data=upload(roster_of(rows), "r.csv"), expect=202))
    others = roster_of([rows[-2], replace(rows[-1], site_code="GD-0002")])

    def run(job_id: str, factory: type[RosterImport]) -> dict[str, Any]:
        world.service.run_job(uuid.UUID(job_id), {"roster": factory})
        return world.job(job_id)

    class Interrupted(RosterImport):
        steps = 0

        def step(self, session: Any) -> Any:
            type(self).steps += 1
            if type(self).steps == 2:
                other = json_of(
                    world.call("POST", f"/plans/{plan_id}/rosters", data=upload(others, "r.csv"), expect=202)
                )
                assert counts(run(other["id"], RosterImport)) == ("done", 2, 0, 0)
            return super().step(session)

    job = run(sent["id"], Interrupted)
    assert counts(job) == ("done", 1_598, 1, 1)
    assert world.refusals(job) == [(1_601, "site_code", "already_registered")]
    assert world.count("registration") == 1_600
    assert Interrupted.steps > 3


def test_a_roster_sent_again_under_its_idempotency_key_is_one_job(world: World) -> None:
    plan_id, data = world.with_sittings(), roster_of(candidates(3))
    answers = [
        world.call(
            "POST",
            f"/plans/{plan_id}/rosters",
            data=upload(data, "r.csv"),
            headers={"Idempotency-Key": "roster-1"},
            expect=202,
        )
        for _ in range(2)
    ]
    assert json_of(answers[0])["id"] == json_of(answers[1])["id"]
    assert world.count("job") == 1


def test_rosters_are_for_published_plans_of_pilot_colleges(world: World) -> None:
    draft, plan_id, data = world.draft(), world.with_sittings(), roster_of(candidates(1))

    def code(plan: str, **who: Any) -> tuple[int, str]:
        answer = world.call("POST", f"/plans/{plan}/rosters", data=upload(data, "r.csv"), **who)
        return answer.status_code, json_of(answer)["code"]

    assert code(draft) == (409, "plan_not_published")
    assert code(draft, **as_college(world)) == (404, "not_found")
    assert code(str(new_id())) == (404, "not_found")
    assert code(plan_id, organization_id=world.other_teo) == (403, "organization_not_allowed")
    assert code(plan_id, role=Role.COLLEGE, organization_id=new_id()) == (409, "college_not_admitted")
    assert code(plan_id, role=Role.OPERATOR, organization_id=None) == (403, "role_not_allowed")
    missing = world.call("POST", f"/plans/{plan_id}/rosters", data={}, expect=422)
    assert json_of(missing)["code"] == "invalid"


def test_registrations_are_read_masked_and_within_scope(world: World) -> None:
    plan_id = world.with_sittings()
    own, other = candidates(2)
    rows = [own, replace(other, college_code=COLLEGE_CODES[1]), *candidates(1, seed=2, social=True)]
    world.send(f"/plans/{plan_id}/rosters", roster_of(rows))
    path = f"/plans/{plan_id}/registrations"

    def seen(**who: Any) -> list[Any]:
        return [one["college_code"] for one in json_of(world.call("GET", path, expect=200, **who))["items"]]

    assert sorted(map(str, seen())) == sorted([*COLLEGE_CODES, "None"])
    assert seen(**as_college(world)) == [COLLEGE_CODES[0]]
    assert len(seen(role=Role.OPERATOR, organization_id=None)) == 3
    world.call("GET", path, organization_id=world.other_teo, expect=404)
    answers = [
        world.call("GET", path).get_data(as_text=True),
        world.call("GET", f"{path}.csv").get_data(as_text=True),
    ]
    for one in rows:
        assert all(one.document_number not in answer and one.name not in answer for answer in answers)
    world.call("GET", f"{path}.csv", organization_id=world.other_teo, expect=404)
    assert world.call("GET", f"{path}.csv", query_string={"excel": "true"}).get_data().startswith(b"\xef\xbb\xbf")
