"""Three weekly reports missing one after the other open an exit case by themselves, on the day (OP-42 a)."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.contracts.pilot import ExitCaseOpened
from services.registry.organizations import actions as organizations
from services.registry.reports import actions
from tests.registry.callers import province
from tests.registry.reports.conftest import Parties, beijing

pytestmark = pytest.mark.rule("OP-42")


def cases(parties: Parties) -> list[ExitCaseOpened]:
    return [one for one in parties.world.registry.said(ExitCaseOpened) if isinstance(one, ExitCaseOpened)]


def test_exactly_three_missing_weeks_open_a_case_at_midnight_and_only_once(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-22", 23, 59, 59))
    parties.look()
    assert cases(parties) == []
    parties.now.move_to(beijing("2026-03-23"))
    for _ in range(3):
        parties.look()
    (case,) = cases(parties)
    assert (str(case.organization_id), case.kind, case.ground) == (parties.college_id, "college", "a")
    assert case.opened_by_itself is True
    assert parties.missed() == [(parties.college_id, "2026-W10", "2026-W12")]
    found = parties.world.get("/missed-weeks", **parties.province)["items"][0]
    assert found["exit_case_id"] == str(case.exit_case_id)


def test_a_report_on_the_last_day_is_in_time(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-22", 23, 59, 59))
    parties.send("2026-W12")
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert parties.missed() == []


def test_a_report_after_the_last_day_undoes_nothing_even_when_the_timer_was_late(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-23", 0, 0, 1))
    assert parties.send("2026-W12")["late"] is True
    parties.look()
    assert parties.missed() == [(parties.college_id, "2026-W10", "2026-W12")]


@pytest.mark.parametrize("sent", ["2026-W10", "2026-W11", "2026-W12"])
def test_a_gap_with_a_report_in_it_is_not_running(parties: Parties, sent: str) -> None:
    parties.now.move_to(beijing("2026-03-20"))
    parties.send(sent)  # W10 and W11 late, and still before the third week was missed
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert parties.missed() == []


def test_the_run_is_counted_from_the_last_report_on(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-06"))
    parties.send("2026-W10")
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert parties.missed() == []
    parties.now.move_to(beijing("2026-03-30"))
    parties.look()
    assert parties.missed() == [(parties.college_id, "2026-W11", "2026-W13")]


def test_a_report_on_the_week_after_does_not_fill_the_gap(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-23", 0, 0, 1))
    parties.send("2026-W13")
    parties.look()
    assert parties.missed() == [(parties.college_id, "2026-W10", "2026-W12")]


def test_a_gap_that_goes_on_is_found_again_after_three_more_weeks_and_opens_no_second_case(parties: Parties) -> None:
    for day in ("2026-03-23", "2026-03-30", "2026-04-06"):
        parties.now.move_to(beijing(day))
        parties.look()
    assert parties.missed() == [(parties.college_id, "2026-W10", "2026-W12")]
    parties.now.move_to(beijing("2026-04-13"))
    parties.look()
    assert parties.missed() == [
        (parties.college_id, "2026-W13", "2026-W15"),
        (parties.college_id, "2026-W10", "2026-W12"),
    ]
    assert len(cases(parties)) == 1
    assert parties.world.get("/missed-weeks")["items"][0]["exit_case_id"] is None


def test_weeks_in_which_no_worker_ran_are_made_up_for(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "COLLEGES_AT_ONCE", 1)
    other = parties.world.admitted_college(200)
    parties.world.batch(other["id"], starts_on="2026-01-01", ends_on="2026-12-31")
    parties.now.move_to(beijing("2026-03-16"))
    parties.look()
    parties.now.move_to(beijing("2026-03-25"))
    parties.send("2026-W13")
    parties.now.move_to(beijing("2026-03-31"))
    parties.look()
    assert set(parties.missed()) == {
        (parties.college_id, "2026-W10", "2026-W12"),
        (other["id"], "2026-W10", "2026-W12"),
    }


def test_days_of_grace_are_a_setting(parties: Parties) -> None:
    changed = parties.world.send("PATCH", "/report-kinds/weekly", {"grace_days": 2}, Role.OPERATOR, 200)
    assert (changed["grace_days"], changed["changed_by"]) == (2, "test-operator-")
    parties.now.move_to(beijing("2026-03-24", 23, 59, 59))
    parties.look()
    assert parties.missed() == []
    parties.now.move_to(beijing("2026-03-25"))
    parties.look()
    assert parties.missed() == [(parties.college_id, "2026-W10", "2026-W12")]


@pytest.mark.rule("PP-36")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "found"),
    [
        ("2026-03-02", "2026-03-22", True),  # the first and the last day of the three weeks
        ("2026-03-03", "2026-12-31", False),  # the first week had begun before
        ("2026-01-01", "2026-03-21", False),  # the last week is not whole
    ],
)
def test_only_whole_weeks_of_the_pilot_are_owed(parties: Parties, starts_on: str, ends_on: str, found: bool) -> None:
    other = parties.world.admitted_college(200)
    parties.world.batch(other["id"], starts_on=starts_on, ends_on=ends_on)
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert ((other["id"], "2026-W10", "2026-W12") in parties.missed()) is found


@pytest.mark.rule("PP-36")
def test_batches_that_follow_each_other_are_one_pilot_time(parties: Parties) -> None:
    other = parties.world.admitted_college(200)
    parties.world.batch(other["id"], starts_on="2026-01-01", ends_on="2026-03-11")
    parties.world.batch(other["id"], starts_on="2026-03-12", ends_on="2026-12-31")
    outside = parties.world.admitted_college(300)
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert {college for college, _, _ in parties.missed()} == {parties.college_id, other["id"]}
    assert outside["id"] not in {college for college, _, _ in parties.missed()}


@pytest.mark.rule("OP-44")
def test_the_pilots_days_are_data(parties: Parties) -> None:
    """The same silence counts or not as the batches say; no year stands in the code."""
    parties.now.move_to(beijing("2031-03-01"))
    later = parties.world.admitted_college(400)
    parties.world.batch(later["id"], starts_on="2031-03-01", ends_on="2031-06-30")
    parties.now.move_to(beijing("2031-03-24"))
    parties.look()
    assert [college for college, _, _ in parties.missed()] == [later["id"]]


@pytest.mark.parametrize(("joined", "found"), [("2026-03-02", True), ("2026-03-03", False)])
def test_a_college_that_had_not_joined_when_the_first_week_began_is_not_counted(
    parties: Parties, joined: str, found: bool
) -> None:
    parties.now.move_to(beijing(joined, 23, 59))
    other = parties.world.admitted_college(200)
    parties.world.batch(other["id"], starts_on="2026-01-01", ends_on="2026-12-31")
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert (other["id"] in {college for college, _, _ in parties.missed()}) is found


def test_a_college_that_has_exited_is_left_alone(parties: Parties) -> None:
    with parties.world.registry.database.transaction() as session:
        organizations.exit(
            session, uuid.UUID(parties.college_id), ground="b", case_id=uuid.uuid4(), decided_by="北京市教委"
        )
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert parties.missed() == []


BREAK = {"reason": "寒假", "notice": "京教职〔2026〕3号"}


@pytest.mark.parametrize("week", ["2026-W10", "2026-W11", "2026-W12"])
def test_a_week_that_a_notice_excuses_is_not_missed_and_ends_the_run(parties: Parties, week: str) -> None:
    body = BREAK | {"first_week": week, "last_week": week}
    made = parties.world.post("/report-breaks", body, **parties.province)
    assert (made["province_code"], made["first_week"], made["last_week"]) == ("11", week, week)
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert parties.missed() == []


@pytest.mark.rule("OP-01")
def test_a_notice_holds_in_its_province_and_the_ministrys_everywhere(parties: Parties) -> None:
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")
    parties.world.batch(elsewhere["id"], starts_on="2026-01-01", ends_on="2026-12-31")
    weeks = BREAK | {"first_week": "2026-W12", "last_week": "2026-W12", "province_code": "32"}
    made = parties.world.post("/report-breaks", weeks, **parties.province)
    assert made["province_code"] == "11"  # a province speaks for itself alone
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert [college for college, _, _ in parties.missed()] == [elsewhere["id"]]
    everywhere = BREAK | {"first_week": "2026-W13", "last_week": "2026-W20"}
    parties.world.post("/report-breaks", everywhere, Role.MINISTRY)
    parties.now.move_to(beijing("2026-05-04"))
    parties.look()
    assert len(parties.missed()) == 1
    for who, seen in ((parties.province, 2), (province("32"), 1), (parties.college, 2), (parties.teo, 1)):
        assert len(parties.world.get("/report-breaks", **who)["items"]) == seen


def test_a_notice_that_was_taken_back_excuses_nothing(parties: Parties) -> None:
    body = BREAK | {"first_week": "2026-W11", "last_week": "2026-W12"}
    made = parties.world.post("/report-breaks", body, **parties.province)
    path = f"/report-breaks/{made['id']}/withdrawal"
    assert parties.world.post(path, expect=404, **province("32"))["code"] == "not_found"
    assert parties.world.post(path, expect=200, **parties.province)["withdrawn_by"]
    assert parties.world.post(path, expect=409, **parties.province)["code"] == "report_break_is_withdrawn"
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert len(parties.missed()) == 1


def test_nobody_is_excused_or_accused_afterwards(parties: Parties) -> None:
    body = BREAK | {"first_week": "2026-W10", "last_week": "2026-W12"}
    made = parties.world.post("/report-breaks", body, **parties.province)
    parties.now.move_to(beijing("2026-03-09"))
    refused = parties.world.post("/report-breaks", body, expect=409, **parties.province)
    assert refused["code"] == "report_break_past"
    refused = parties.world.post(f"/report-breaks/{made['id']}/withdrawal", expect=409, **parties.province)
    assert refused["code"] == "report_break_past"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"last_week": "2026-W09"}, "report_break_backwards"),
        ({"first_week": "2025-W53"}, "report_period_unreadable"),
        ({"first_week": "2026-3"}, "invalid"),
        ({"reason": ""}, "invalid"),
        ({"notice": None}, "invalid"),
    ],
)
def test_a_wrong_notice_is_refused(parties: Parties, change: dict[str, Any], code: str) -> None:
    body = BREAK | {"first_week": "2026-W10", "last_week": "2026-W12"} | change
    assert parties.world.post("/report-breaks", body, expect=422, **parties.province)["code"] == code


def test_the_provinces_notice_for_everyone_is_not_a_provinces_to_take_back(parties: Parties) -> None:
    everywhere = BREAK | {"first_week": "2026-W13", "last_week": "2026-W20"}
    made = parties.world.post("/report-breaks", everywhere, Role.MINISTRY)
    refused = parties.world.post(f"/report-breaks/{made['id']}/withdrawal", expect=403, **parties.province)
    assert refused["code"] == "organization_not_allowed"


def test_many_silent_colleges_are_found_in_several_turns(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "COLLEGES_AT_ONCE", 2)
    others = [parties.world.admitted_college(number)["id"] for number in range(201, 205)]
    parties.world.batch(*others, starts_on="2026-01-01", ends_on="2026-12-31")
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()
    assert sorted(college for college, _, _ in parties.missed()) == sorted([parties.college_id, *others])
    assert len(cases(parties)) == 5


@pytest.mark.rule("OP-01")
def test_everyone_sees_the_missed_weeks_of_their_scope(parties: Parties) -> None:
    other = parties.world.admitted_college(200)
    parties.world.batch(other["id"], starts_on="2026-01-01", ends_on="2026-12-31")
    parties.now.move_to(beijing("2026-03-23"))
    parties.look()

    def seen(**who: Any) -> int:
        return len(parties.world.get("/missed-weeks", **who)["items"])

    assert seen(role=Role.OPERATOR) == seen(role=Role.MINISTRY) == seen(**parties.province) == 2
    assert (seen(**province("32")), seen(**parties.college)) == (0, 1)
    parties.world.get("/missed-weeks", expect=403, **parties.teo)
