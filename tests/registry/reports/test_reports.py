"""Reports are sent for a period, once, by those who owe them; read in their scope; returned or closed (OP-06)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from onex.chassis.access import Caller, Role
from services.registry.reports import actions
from tests.registry.callers import own, province
from tests.registry.reports.conftest import PROGRESS, Parties, beijing

pytestmark = pytest.mark.rule("OP-06")
ALL_SECTIONS = {
    "progress": "开班三个。",
    "experience": "校企共同授课。",
    "typical_cases": "一名学生的作品被企业采用。",
    "problems": "设备不足。",
    "suggestions": "增加考点。",
}


def test_a_college_reports_weekly(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-08", 23, 59, 59))
    sent = parties.send("2026-W10", sections=ALL_SECTIONS)
    assert (sent["begins_on"], sent["ends_on"], sent["due_on"]) == ("2026-03-02", "2026-03-08", "2026-03-08")
    assert (sent["late"], sent["state"], sent["version"]) == (False, "sent", 1)
    assert (sent["organization_id"], sent["organization_kind"]) == (parties.college_id, "college")
    assert (sent["province_code"], sent["sections"]) == ("11", ALL_SECTIONS)
    assert parties.world.get(f"/reports/{sent['id']}", **parties.college) == sent


def test_a_report_after_its_due_day_is_marked_late_for_good(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-09"))
    sent = parties.send("2026-W10")
    assert sent["late"] is True
    again = parties.send("2026-W10", 200, sections=PROGRESS | {"problems": "设备不足。"})
    assert (again["id"], again["version"], again["late"]) == (sent["id"], 2, True)
    assert [one["id"] for one in parties.world.get("/reports?late=true")["items"]] == [sent["id"]]
    assert parties.world.get("/reports?late=false")["items"] == []


def test_provinces_and_teos_report_monthly(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-31"))
    sections = {"progress": "x", "problems": "y"}
    of_province = parties.send("2026-03", kind="province-monthly", sections=sections, **parties.province)
    of_teo = parties.send("2026-03", kind="teo-monthly", sections=sections, **parties.teo)
    assert (of_province["organization_kind"], of_province["due_on"]) == ("province", "2026-04-10")
    assert (of_teo["organization_id"], of_teo["province_code"]) == (parties.teo_id, None)
    cases = parties.send("2026-Q1", kind="teo-cases", sections={"typical_cases": "z"}, **parties.teo)
    assert cases["period"] == "2026-Q1"


def test_sent_again_while_open_it_is_the_next_version_and_keeps_what_it_said(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-06"))
    first = parties.send("2026-W10")
    parties.now.move_to(beijing("2026-03-10"))
    unchanged = parties.send("2026-W10", 200)
    assert (unchanged["version"], unchanged["resent_at"]) == (1, None)
    second = parties.send("2026-W10", 200, sections={"progress": "二"})
    third = parties.send("2026-W10", 200, sections={"progress": "三"})
    assert (second["version"], third["version"], third["late"]) == (2, 3, False)
    assert third["sent_at"] == first["sent_at"] != third["resent_at"]
    earlier = parties.world.get(f"/reports/{first['id']}/versions", **parties.college)
    assert [(one["version"], one["sections"]["progress"]) for one in earlier] == [(1, PROGRESS["progress"]), (2, "二")]
    assert [one["sent_at"] for one in earlier] == [first["sent_at"], second["resent_at"]]
    assert len(parties.world.get("/reports")["items"]) == 1


def test_a_returned_report_is_sent_again_and_a_closed_one_is_not(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-06"))
    path = f"/reports/{parties.send('2026-W10')['id']}"
    returned = parties.world.post(f"{path}/return", {"remark": "请补充数据。"}, expect=200, **parties.province)
    assert (returned["state"], returned["remark"]) == ("returned", "请补充数据。")
    refused = parties.world.post(f"{path}/return", {"remark": "x"}, expect=409, **parties.province)
    assert (refused["code"], refused["clause"]) == ("report_is_returned", "OP-06")
    again = parties.send("2026-W10", 200)  # the same words again are an answer too
    assert (again["state"], again["version"]) == ("sent", 2)
    assert parties.world.post(f"{path}/closing", {}, expect=200, **parties.province)["state"] == "closed"
    assert parties.send("2026-W10", 409)["code"] == "report_is_closed"
    assert parties.world.post(f"{path}/closing", {}, expect=409, **parties.province)["code"] == "report_is_closed"


@pytest.mark.parametrize(
    ("day", "body", "status", "code"),
    [
        ("2026-03-01", {"period": "2026-W10"}, 409, "report_period_not_begun"),
        ("2026-03-02", {"period": "2026-W08"}, 409, "report_period_before_joining"),
        ("2026-03-02", {"period": "2026-W54"}, 422, "report_period_unreadable"),
        ("2026-03-02", {"period": "2026-03"}, 422, "report_period_unreadable"),
        ("2026-03-02", {"kind": "fortnightly"}, 422, "report_kind_unknown"),
        ("2026-03-02", {"kind": "teo-monthly", "period": "2026-03"}, 422, "report_kind_of_others"),
        ("2026-03-02", {"sections": {"problems": "x"}}, 422, "report_section_missing"),
        ("2026-03-02", {"sections": {"progress": "  "}}, 422, "report_section_missing"),
        ("2026-03-02", {"sections": {"progress": "x" * 20_001}}, 422, "invalid"),
        ("2026-03-02", {"sections": {"gossip": "x"}}, 422, "invalid"),
        ("2026-03-02", {"kind": "../x"}, 422, "invalid"),
    ],
)
def test_a_wrong_report_is_refused(parties: Parties, day: str, body: dict[str, Any], status: int, code: str) -> None:
    parties.now.move_to(beijing(day))
    whole = {"kind": "weekly", "period": "2026-W10", "sections": PROGRESS} | body
    assert parties.world.post("/reports", whole, expect=status, **parties.college)["code"] == code
    assert parties.world.get("/reports")["items"] == []


def test_the_first_day_of_the_week_and_the_week_of_joining_count(parties: Parties) -> None:
    parties.send("2026-W09")  # joined on its Sunday
    parties.now.move_to(beijing("2026-03-02"))
    parties.send("2026-W10")


def test_only_who_takes_part_reports(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-06"))
    waiting = parties.world.post("/organizations", parties.world.college_body(300))
    who = own(Role.COLLEGE, waiting["id"])
    assert parties.send("2026-W10", 409, **who)["code"] == "organization_not_admitted"
    nobody = own(Role.COLLEGE, uuid.uuid4())
    assert parties.send("2026-W10", 409, **nobody)["code"] == "report_sender_unknown"
    stranger = province("32")
    sections = {"progress": "x", "problems": "y"}
    refused = parties.send("2026-03", 409, kind="province-monthly", sections=sections, **stranger)
    assert refused["code"] == "report_sender_unknown"


def test_a_report_sent_twice_at_the_same_moment_is_one_report(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-06"))
    by = Caller("race", Role.COLLEGE, uuid.UUID(parties.college_id), "11")

    def send(text: str) -> tuple[uuid.UUID, int]:
        body = {"kind": "weekly", "period": "2026-W10", "sections": {"progress": text}}
        with parties.world.registry.database.transaction() as session:
            report, _ = actions.send(session, body, by=by)
            return report.id, report.version

    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(send, "甲乙丙丁"))
    assert len({report_id for report_id, _ in sent}) == 1
    assert sorted(version for _, version in sent) == [1, 2, 3, 4]


@pytest.mark.rule("OP-01")
def test_everyone_reads_in_their_scope(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-06"))
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")
    other = own(Role.COLLEGE, elsewhere["id"])
    mine = parties.send("2026-W10")["id"]
    theirs = parties.send("2026-W10", **other)["id"]
    sections = {"progress": "x", "problems": "y"}
    teos = parties.send("2026-03", kind="teo-monthly", sections=sections, **parties.teo)["id"]

    def seen(query: str = "", **who: Any) -> list[str]:
        return [one["id"] for one in parties.world.get(f"/reports{query}", **who)["items"]]

    assert seen(role=Role.OPERATOR) == seen(role=Role.MINISTRY) == [teos, theirs, mine]
    assert seen(**parties.province) == seen(**parties.college) == [mine]
    assert seen(**province("32")) == seen(**other) == [theirs]
    assert seen(**parties.teo) == [teos]
    assert seen(role=Role.TEO) == []
    assert seen(f"?organization_id={elsewhere['id']}", **parties.college) == []
    parties.world.get("/reports", Role.PARTNER, 403)
    parties.world.get("/reports", Role.LEARNER, 403)
    for path in (f"/reports/{theirs}", f"/reports/{theirs}/versions"):
        for who in (parties.college, parties.province, parties.teo):
            assert parties.world.get(path, expect=404, **who)["code"] == "not_found"
    for path in (f"/reports/{theirs}/closing", f"/reports/{theirs}/return"):
        assert parties.world.post(path, {"remark": "x"}, expect=404, **parties.province)["code"] == "not_found"
        parties.world.post(path, {"remark": "x"}, expect=403, **other)


@pytest.mark.rule("OP-01")
def test_a_province_does_not_judge_its_own_report(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-31"))
    sections = {"progress": "x", "problems": "y"}
    made = parties.send("2026-03", kind="province-monthly", sections=sections, **parties.province)
    refused = parties.world.post(f"/reports/{made['id']}/closing", {}, expect=403, **parties.province)
    assert refused["code"] == "organization_not_allowed"
    assert parties.world.post(f"/reports/{made['id']}/closing", {}, Role.MINISTRY, 200)["state"] == "closed"


def test_a_list_filters_and_sorts(parties: Parties) -> None:
    parties.now.move_to(beijing("2026-03-18"))
    parties.send("2026-W10")
    parties.send("2026-W12")
    parties.send("2026-W11")

    def periods(query: str) -> list[str]:
        return [one["period"] for one in parties.world.get(f"/reports{query}", **parties.province)["items"]]

    assert periods("") == ["2026-W11", "2026-W12", "2026-W10"]
    assert periods("?sort=begins_on") == ["2026-W10", "2026-W11", "2026-W12"]
    assert periods("?sort=-begins_on&late=true") == ["2026-W11", "2026-W10"]
    assert periods("?begins_from=2026-03-09&begins_to=2026-03-16&sort=begins_on") == ["2026-W11", "2026-W12"]
    assert periods("?period=2026-W10&period=2026-W11") == ["2026-W11", "2026-W10"]
    assert periods("?kind=province-monthly") == periods("?state=closed") == []
    assert periods(f"?organization_id={parties.college_id}&state=sent&size=1") == ["2026-W11"]
    assert parties.world.get("/reports?state=lost", expect=422)["code"] == "invalid"


def test_who_still_owes_a_report_is_listed(parties: Parties) -> None:
    silent = parties.world.admitted_college(200)
    elsewhere = parties.world.admitted_college(500, province_code="32", division_code="320102")
    outside = parties.world.admitted_college(600)
    parties.world.batch(silent["id"], elsewhere["id"], starts_on="2026-01-01", ends_on="2026-12-31")
    parties.now.move_to(beijing("2026-03-08"))
    parties.send("2026-W10")

    def owed(path: str, **who: Any) -> list[tuple[str, bool]]:
        rows = parties.world.get(f"/report-kinds/{path}/missing", **who)["items"]
        return [(one["id"], one["overdue"]) for one in rows]

    assert owed("weekly/periods/2026-W10") == [(elsewhere["id"], False), (silent["id"], False)]
    parties.now.move_to(beijing("2026-03-09"))
    assert owed("weekly/periods/2026-W10", **parties.province) == [(silent["id"], True)]
    assert owed("weekly/periods/2026-W09") == []  # nobody had joined when it began
    assert outside["id"] not in [one for one, _ in owed("weekly/periods/2026-W10")]
    assert owed("teo-monthly/periods/2026-04") == [(parties.teo_id, False)]
    parties.world.get("/report-kinds/weekly/periods/2026-W10/missing", expect=403, **parties.college)
    refused = parties.world.get("/report-kinds/weekly/periods/2026-13/missing", expect=422)
    assert refused["code"] == "report_period_unreadable"
    refused = parties.world.get("/report-kinds/none/periods/2026-W10/missing", expect=404)
    assert refused["code"] == "not_found"


def test_what_a_notice_excuses_is_not_owed(parties: Parties) -> None:
    body = {"first_week": "2026-W10", "last_week": "2026-W10", "reason": "寒假", "notice": "3号"}
    parties.world.post("/report-breaks", body, **parties.province)
    parties.now.move_to(beijing("2026-03-20"))
    found = parties.world.get("/report-kinds/weekly/periods/2026-W10/missing", **parties.province)
    assert found["items"] == []
    found = parties.world.get("/report-kinds/weekly/periods/2026-W11/missing", **parties.province)
    assert [one["due_on"] for one in found["items"]] == ["2026-03-15"]


def test_kinds_of_reports_are_data(parties: Parties) -> None:
    body = {
        "code": "college-experience",
        "organization_kind": "college",
        "every": "month",
        "grace_days": 5,
        "sections": ["experience"],
        "name_zh": "院校经验月报",
        "name_en": "A college's experience",
    }
    parties.now.move_to(beijing("2026-03-31"))
    made = parties.world.post("/report-kinds", body, Role.MINISTRY)
    assert made["changed_by"] == "test-ministry-"
    assert parties.world.post("/report-kinds", body, expect=409)["code"] == "report_kind_exists"
    sent = parties.send("2026-03", kind="college-experience", sections={"experience": "校企共同授课。"})
    assert sent["due_on"] == "2026-04-05"
    path = "/report-kinds/college-experience"
    parties.world.send("PATCH", path, {"grace_days": 9}, Role.OPERATOR, 200)
    assert parties.world.get(f"/reports/{sent['id']}")["due_on"] == "2026-04-05"  # what was sent keeps its day
    assert parties.send("2026-02", 409, kind="college-experience")["code"] == "report_period_before_joining"
    parties.world.send("PATCH", "/report-kinds/none", {"grace_days": 9}, Role.OPERATOR, 404)
    parties.world.send("PATCH", path, {"grace_days": 91}, Role.OPERATOR, 422)
    parties.world.send("PATCH", path, {"every": "week"}, Role.OPERATOR, 422)
    parties.world.post("/report-kinds", body, expect=403, **parties.province)
    codes = {
        one["code"] for one in parties.world.get("/report-kinds?organization_kind=college", **parties.college)["items"]
    }
    assert codes == {"weekly", "college-cases", "college-experience"}


def test_planting_kinds_twice_changes_nothing(parties: Parties) -> None:
    parties.world.send("PATCH", "/report-kinds/weekly", {"grace_days": 3}, Role.OPERATOR, 200)
    with parties.world.registry.database.transaction() as session:
        actions.plant_kinds(session)
    kinds = parties.world.get("/report-kinds")["items"]
    assert len(kinds) == 6
    assert [one["grace_days"] for one in kinds if one["code"] == "weekly"] == [3]
