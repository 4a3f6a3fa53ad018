"""Rosters meet quotas, fees, chosen levels and exits: each row by itself, whatever came in before and beside it."""

import threading
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.pilot import FeeCeilingPublished, SiteStandingChanged
from services.assessment.registrations.roster_import import RosterImport
from tests.assessment.world import (
    COLLEGE_CODES,
    SITTING_STARTS,
    World,
    candidates,
    certificate_type,
    counts,
    exited,
    fee,
    organization,
    quota,
    roster_of,
    site,
    upload,
)
from tests.harness.service import json_of

TAKEN = "SELECT college_id, level, year, taken FROM seats_taken WHERE taken > 0 ORDER BY college_id, level, year"


@pytest.fixture
def fresh(world: World) -> World:
    """A type of which nobody has filed a quota or agreed on a fee yet."""
    world.type_id = new_id()
    world.sites = (new_id(), new_id())
    world.service.hear(certificate_type(world.type_id, world.teo, "006"))
    world.service.hear(
        *(site(one, f"GD-000{n}", world.colleges[0], world.teo, world.type_id) for n, one in enumerate(world.sites, 1))
    )
    return world


def send(world: World, plan_id: str, rows: Any) -> dict[str, Any]:
    return world.send(f"/plans/{plan_id}/rosters", roster_of(rows))


def codes(world: World, job: dict[str, Any]) -> list[str]:
    return [code for _, _, code in world.refusals(job)]


@pytest.mark.rule("OP-07")
def test_registrations_over_the_quota_are_refused_and_a_higher_one_takes_them(fresh: World) -> None:
    plan_id, college = fresh.with_sittings(), fresh.colleges[0]
    filed = quota(college, fresh.type_id, "intermediate", 3)
    fresh.service.hear(fee(fresh.teo, college, fresh.type_id, "intermediate"))
    assert set(codes(fresh, send(fresh, plan_id, candidates(5)))) == {"quota_not_filed"}
    fresh.service.hear(filed)
    job = send(fresh, plan_id, candidates(5))
    assert counts(job) == ("done", 3, 0, 2)
    assert fresh.refusals(job) == [(5, "college_code", "quota_full"), (6, "college_code", "quota_full")]
    assert fresh.rows(TAKEN) == [(college, "intermediate", 2026, 3)]
    again = send(fresh, plan_id, candidates(5))
    assert counts(again) == ("done", 0, 3, 2)
    raised = quota(college, fresh.type_id, "intermediate", 4, quota_id=filed.quota_id, quota_version=2)
    fresh.service.hear(raised)
    fresh.service.hear(filed)  # heard again, and late
    assert counts(send(fresh, plan_id, candidates(5))) == ("done", 1, 3, 1)
    lowered = quota(college, fresh.type_id, "intermediate", 1, quota_id=filed.quota_id, quota_version=3)
    fresh.service.hear(lowered)
    assert counts(send(fresh, plan_id, candidates(5))) == ("done", 0, 4, 1)
    assert fresh.rows(TAKEN) == [(college, "intermediate", 2026, 4)]


@pytest.mark.rule("OP-07")
def test_a_quota_is_of_one_college_level_and_year_and_shared_by_its_plans(fresh: World) -> None:
    first, second = fresh.with_sittings(), fresh.with_sittings()
    next_year, primary = fresh.with_sittings(year=2027), fresh.with_sittings(level="primary")
    college = fresh.colleges[0]
    for level in ("intermediate", "primary"):
        fresh.service.hear(*(fee(fresh.teo, one, fresh.type_id, level) for one in fresh.colleges))
    fresh.service.hear(
        quota(college, fresh.type_id, "intermediate", 3),
        quota(college, fresh.type_id, "intermediate", 1, 2027),
        quota(college, fresh.type_id, "advanced", 9),
        quota(fresh.colleges[1], fresh.type_id, "intermediate", 9),
        quota(college, fresh.other_type_id, "intermediate", 9),
    )
    assert counts(send(fresh, first, candidates(2)))[1] == 2
    assert counts(send(fresh, second, candidates(2, seed=2)))[1:] == (1, 0, 1)
    assert counts(send(fresh, next_year, candidates(2, seed=3)))[1:] == (1, 0, 1)
    roster = roster_of(candidates(2, seed=4)).replace("中级".encode(), "初级".encode())
    assert set(codes(fresh, fresh.send(f"/plans/{primary}/rosters", roster))) == {"quota_not_filed"}
    assert [tuple(row) for row in fresh.rows(TAKEN)] == [
        (college, "intermediate", 2026, 3),
        (college, "intermediate", 2027, 1),
    ]


@pytest.mark.rule("OP-07", "OP-17", "OP-28")
def test_social_persons_need_neither_quota_nor_fee_agreement(fresh: World) -> None:
    assert counts(send(fresh, fresh.with_sittings(), candidates(3, social=True)))[1] == 3


@pytest.mark.rule("OP-07")
def test_who_finds_no_place_takes_no_seat_and_who_finds_no_seat_no_place(world: World) -> None:
    plan_id = world.with_sittings(capacity=2)
    assert codes(world, send(world, plan_id, candidates(3))) == ["sitting_full"]
    assert [row.taken for row in world.rows(TAKEN)] == [2]
    assert [row.registered for row in world.rows("SELECT registered FROM sitting ORDER BY site_code")] == [2, 0]
    full = quota(world.colleges[0], world.type_id, "intermediate", 2, quota_version=2)
    world.service.hear(full)
    assert codes(world, send(world, world.with_sittings(), candidates(1, seed=2))) == ["quota_full"]
    assert [row.registered for row in world.rows("SELECT registered FROM sitting ORDER BY id")] == [2, 0, 0, 0]


@pytest.mark.rule("OP-07")
def test_two_plans_that_are_filled_at_once_share_a_quota_to_the_last_seat(
    fresh: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RosterImport, "chunk_rows", 1)  # as many steps as possible
    plans, college = [fresh.with_sittings() for _ in range(2)], fresh.colleges[0]
    fresh.service.hear(*(fee(fresh.teo, one, fresh.type_id, "intermediate") for one in fresh.colleges))
    fresh.service.hear(
        quota(college, fresh.type_id, "intermediate", 1_700),
        quota(fresh.colleges[1], fresh.type_id, "intermediate", 3_000),
    )
    ids = []
    for place, plan_id in enumerate(plans):
        of_first, of_second = candidates(1_500, seed=place), candidates(500, seed=place + 10)
        rows = [*of_first, *(replace(one, college_code=COLLEGE_CODES[1]) for one in of_second)]
        sent = fresh.call("POST", f"/plans/{plan_id}/rosters", data=upload(roster_of(rows[:: 1 - 2 * place]), "r.csv"))
        ids.append(uuid.UUID(json_of(sent)["id"]))
    begun = threading.Barrier(2)

    def run(job_id: uuid.UUID) -> None:
        begun.wait(20)
        fresh.service.run_job(job_id)

    threads = [threading.Thread(target=run, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    jobs = [fresh.job(str(one)) for one in ids]
    assert [job["state"] for job in jobs] == ["done", "done"]
    assert sum(job["accepted"] for job in jobs) == 1_700 + 1_000
    assert sum(job["refused"] for job in jobs) == 1_300
    assert {row.college_id: row.taken for row in fresh.rows(TAKEN)} == {college: 1_700, fresh.colleges[1]: 1_000}
    counted = fresh.rows("SELECT college_id, count(*) FROM registration GROUP BY college_id")
    assert {row.college_id: row.count for row in counted} == {college: 1_700, fresh.colleges[1]: 1_000}


@pytest.mark.rule("OP-28")
def test_a_student_is_registered_only_where_a_fee_is_agreed_for_the_sittings_day(fresh: World) -> None:
    plan_id, college, day = fresh.with_sittings(), fresh.colleges[0], SITTING_STARTS.date()
    fresh.service.hear(quota(college, fresh.type_id, "intermediate", 9))
    fresh.service.hear(
        fee(fresh.other_teo, college, fresh.type_id, "intermediate"),
        fee(fresh.teo, fresh.colleges[1], fresh.type_id, "intermediate"),
        fee(fresh.teo, college, fresh.type_id, "primary"),
        fee(fresh.teo, college, fresh.type_id, "intermediate", in_force_to=day.replace(day=day.day - 1)),
    )
    assert set(codes(fresh, send(fresh, plan_id, candidates(2)))) == {"fee_not_agreed"}
    agreed = fee(fresh.teo, college, fresh.type_id, "intermediate", in_force_from=day, in_force_to=day)
    (heard,) = fresh.service.hear(agreed)
    assert counts(send(fresh, plan_id, candidates(2)))[1] == 2
    ended = fee(
        fresh.teo, college, fresh.type_id, "intermediate", fee_agreement_id=agreed.fee_agreement_id,
        in_force_from=date(2026, 1, 1), in_force_to=date(2026, 1, 2),
    )  # fmt: skip
    fresh.service.hear(ended)
    fresh.service.hear(heard)
    assert codes(fresh, send(fresh, plan_id, candidates(1, seed=2))) == ["fee_not_agreed"]
    assert counts(send(fresh, plan_id, candidates(2)))[1:] == (0, 2, 0), "who is registered stays so"


@pytest.mark.rule("OP-27", "OP-28")
def test_a_fee_above_the_ceiling_of_the_sittings_day_counts_for_nothing(world: World) -> None:
    plan_id = world.with_sittings()

    def ceiling(version: int, amount_fen: int, first: date) -> FeeCeilingPublished:
        return FeeCeilingPublished(
            fee_ceiling_id=new_id(), certificate_type_id=world.type_id, level="intermediate", ceiling_version=version,
            amount_fen=amount_fen, in_force_from=first,
        )  # fmt: skip

    world.service.hear(ceiling(2, 44_999, date(2026, 6, 6)), ceiling(1, 45_000, date(2026, 1, 1)))
    assert codes(world, send(world, plan_id, candidates(1))) == ["fee_above_ceiling"]
    world.service.hear(ceiling(3, 45_000, date(2026, 6, 6)))
    assert counts(send(world, plan_id, candidates(1)))[1] == 1


@pytest.mark.rule("PP-13")
def test_a_college_registers_at_the_levels_it_chose(world: World) -> None:
    plan_id = world.with_sittings()
    world.service.hear(organization(world.colleges[0], "college", COLLEGE_CODES[0], 2, levels=("primary", "advanced")))
    assert world.refusals(send(world, plan_id, candidates(1))) == [(2, "college_code", "level_not_chosen")]
    world.service.hear(organization(world.colleges[0], "college", COLLEGE_CODES[0], 3, levels=("intermediate",)))
    assert counts(send(world, plan_id, candidates(1)))[1] == 1


@pytest.mark.rule("OP-42")
def test_a_college_that_has_left_registers_nobody_new_and_its_sites_take_nobody(world: World) -> None:
    plan_id = world.with_sittings()
    send(world, plan_id, candidates(2))
    world.service.hear(exited(world.colleges[0], "college"))
    job = send(world, plan_id, [*candidates(2), *candidates(1, seed=2), *candidates(1, seed=3, social=True)])
    assert counts(job)[1:] == (0, 2, 2)
    assert world.refusals(job) == [(4, "college_code", "college_exited"), (5, "site_code", "site_not_open")]
    itself = {"role": Role.COLLEGE, "organization_id": world.colleges[0]}
    sent = world.call("POST", f"/plans/{plan_id}/rosters", data=upload(b"x", "r.csv"), expect=409, **itself)
    assert (json_of(sent)["code"], json_of(sent)["clause"]) == ("college_exited", "OP-42")


@pytest.mark.rule("OP-41")
def test_a_roster_under_way_when_its_teo_leaves_comes_back_from_there_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RosterImport, "chunk_rows", 1)
    plan_id, taken = world.with_sittings(), RosterImport.take

    def take(self: RosterImport, session: Any, rows: Any) -> Any:
        if self._registered:
            world.service.hear(exited(world.teo, "teo"))
        return taken(self, session, rows)

    monkeypatch.setattr(RosterImport, "take", take)
    job = send(world, plan_id, candidates(1500))
    assert job["accepted"] + job["refused"] == 1500
    assert job["accepted"] > 0
    assert set(codes(world, job)) == {"teo_exited"}
    assert world.count("registration") == job["accepted"]


@pytest.mark.rule("OP-23")
def test_a_suspended_site_takes_nobody_until_it_is_open_again(world: World) -> None:
    plan_id = world.with_sittings()

    def standing(version: int, as_: Any) -> SiteStandingChanged:
        return SiteStandingChanged(
            site_id=world.sites[0], site_version=version, standing=as_, code="GD-0001", college_id=world.colleges[0],
            teo_id=world.teo, certificate_type_id=world.type_id, division_code="440106", changed_at=SITTING_STARTS,
        )  # fmt: skip

    world.service.hear(standing(2, "suspended"))
    job = send(world, plan_id, [*candidates(1), *candidates(1, seed=2, site_code="GD-0002")])
    assert world.refusals(job) == [(2, "site_code", "site_not_open")]
    refused = world.call("POST", "/sittings", json=world.new_sitting(plan_id), expect=409)
    assert (json_of(refused)["code"], json_of(refused)["standing"]) == ("site_not_open", "suspended")
    world.service.hear(standing(3, "filed"))
    world.call("POST", "/sittings", json=world.new_sitting(plan_id), expect=201)
    assert counts(send(world, plan_id, candidates(1)))[1] == 1


@pytest.mark.rule("OP-07", "OP-28")
def test_a_college_sees_its_own_quota_what_is_taken_of_it_and_its_fees(world: World) -> None:
    plan_id, other_year = world.with_sittings(), world.with_sittings(year=2027)
    send(world, plan_id, candidates(2))

    def shown(plan: str, **who: Any) -> list[tuple[Any, ...]]:
        items = json_of(world.call("GET", f"/plans/{plan}/quotas", expect=200, **who))["items"]
        return sorted((one["college_code"], one["seats"], one["taken"], one["fees"]) for one in items)

    fees = [{"amount_fen": 45_000, "in_force_from": "2019-04-16", "in_force_to": "2099-12-31"}]
    both = [(code, 1_000_000, taken, fees) for code, taken in zip(COLLEGE_CODES, (2, 0), strict=True)]
    assert shown(plan_id) == shown(plan_id, role=Role.OPERATOR, organization_id=None) == both
    assert shown(other_year) == []
    itself = {"role": Role.COLLEGE, "organization_id": world.colleges[1]}
    assert shown(plan_id, **itself) == both[1:]
    world.call("GET", f"/plans/{plan_id}/quotas", organization_id=world.other_teo, expect=404)
