"""Publicity is filed and scanned, claims are authorized, and what is found in public has consequences (OP-37)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import RectificationOrdered
from services.registry.organizations import actions as organizations
from tests.registry.world import World

CLAIM = "本课程由教 育 部 指 导，欢迎报名"


def body(text: str = "学习技能，自愿参加。", first: int = 0, last: int = 30, **changes: Any) -> dict[str, Any]:
    today = clock.today()
    days = {"shown_from": str(today + timedelta(days=first)), "shown_to": str(today + timedelta(days=last))}
    return {"title": "招生简章", "text": text, "channel": "website"} | days | changes


def authorization(organization_id: str, first: int = 0, last: int = 30, **changes: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "organization_id": organization_id,
        "claim": "ministry_guidance",
        "authorized_by": "教育部",
        "reference": "教职成司函〔2026〕1号",
        "in_force_from": str(today + timedelta(days=first)),
        "in_force_to": str(today + timedelta(days=last)),
    } | changes


@pytest.fixture
def teo(world: World) -> dict[str, Any]:
    return {"role": Role.TEO, "organization_id": uuid.UUID(world.admitted_teo()["id"])}


@pytest.fixture
def college(world: World) -> dict[str, Any]:
    return {"role": Role.COLLEGE, "organization_id": uuid.UUID(world.admitted_college()["id"])}


@pytest.mark.rule("OP-37")
def test_an_honest_text_is_filed_and_a_claim_is_refused_with_its_place(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/publicity/filings", body(), **teo)
    assert (made["state"], made["claims"], made["hits"]) == ("filed", [], [])
    refused = world.post("/publicity/filings", body(CLAIM), expect=422, **teo)
    assert (refused["code"], refused["clause"]) == ("publicity_claim_not_authorized", "OP-37")
    (hit,) = refused["hits"]
    assert (hit["claim"], hit["phrase"]) == ("ministry_guidance", "教 育 部 指 导")
    assert CLAIM[hit["start"] : hit["end"]] == hit["phrase"]
    refused = world.post("/publicity/filings", body(title="Guided by the MOE"), expect=422, **teo)
    assert refused["hits"][0]["phrase"] == "Guided by the MOE"
    assert [one["id"] for one in world.get("/publicity/filings", **teo)["items"]] == [made["id"]]


@pytest.mark.rule("OP-37")
def test_a_text_can_be_scanned_before_it_is_filed(world: World, teo: dict[str, Any]) -> None:
    hits = world.post("/publicity/scans", {"text": "MOE-guided, designated"}, expect=200, **teo)["hits"]
    assert [(hit["claim"], hit["start"]) for hit in hits] == [("ministry_guidance", 0), ("designation", 12)]


@pytest.mark.rule("OP-37")
def test_an_authorization_lifts_the_ban_for_this_organization_claim_and_days(
    world: World, teo: dict[str, Any], college: dict[str, Any]
) -> None:
    granted = world.post("/publicity/authorizations", authorization(str(teo["organization_id"]), last=10))
    made = world.post("/publicity/filings", body(CLAIM, last=10), **teo)
    assert made["claims"] == ["ministry_guidance"]
    for wrong in (body(CLAIM, last=11), body(CLAIM + "，指定教材", last=10)):
        assert world.post("/publicity/filings", wrong, expect=422, **teo)["code"] == "publicity_claim_not_authorized"
    world.post("/publicity/filings", body(CLAIM, last=10), expect=422, **college)
    shown = world.get("/publicity/authorizations", role=None)  # type: ignore[arg-type]
    assert [(one["id"], one["reference"]) for one in shown["items"]] == [(granted["id"], "教职成司函〔2026〕1号")]


@pytest.mark.rule("OP-37")
def test_a_revoked_authorization_suspends_what_needs_it(world: World, teo: dict[str, Any]) -> None:
    granted = world.post("/publicity/authorizations", authorization(str(teo["organization_id"])))
    needs = world.post("/publicity/filings", body(CLAIM), **teo)
    honest = world.post("/publicity/filings", body(), **teo)
    path = f"/publicity/authorizations/{granted['id']}/revocation"
    revoked = world.post(path, {"because": "Granted in error."}, expect=200)
    assert (revoked["state"], revoked["revoked_on"]) == ("revoked", str(clock.today()))
    assert world.post(path, {"because": "Again."}, expect=409)["code"] == "publicity_authorization_is_revoked"
    assert world.get(f"/publicity/filings/{needs['id']}", **teo)["state"] == "suspended"
    assert world.get(f"/publicity/filings/{honest['id']}", **teo)["state"] == "filed"
    mended = world.send("PUT", f"/publicity/filings/{needs['id']}", body(), expect=200, **teo)
    assert (mended["state"], mended["claims"], mended["suspended_at"]) == ("filed", [], None)


@pytest.mark.rule("OP-37")
def test_a_filing_is_corrected_before_its_first_day_and_withdrawn_after(world: World, teo: dict[str, Any]) -> None:
    made = world.post("/publicity/filings", body(first=1), **teo)
    path = f"/publicity/filings/{made['id']}"
    assert world.send("PUT", path, body(CLAIM, first=2), expect=422, **teo)["code"] == "publicity_claim_not_authorized"
    changed = world.send("PUT", path, body("改好了。", first=2), expect=200, **teo)
    assert (changed["text"], changed["corrected_at"] is not None) == ("改好了。", True)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert world.send("PUT", path, body("又改。"), expect=409, **teo)["code"] == "publicity_already_shown"
        assert world.post(f"{path}/withdrawal", expect=200, **teo)["state"] == "withdrawn"
        assert world.send("PUT", path, body("又改。"), expect=409, **teo)["code"] == "publicity_filing_is_withdrawn"


@pytest.mark.rule("OP-37", "PP-02")
def test_whose_part_has_ended_corrects_nothing(world: World, teo: dict[str, Any]) -> None:
    granted = world.post("/publicity/authorizations", authorization(str(teo["organization_id"])))
    suspended, coming = (world.post("/publicity/filings", one, **teo) for one in (body(CLAIM), body(first=1)))
    world.post(f"/publicity/authorizations/{granted['id']}/revocation", {"because": "Granted in error."}, expect=200)
    with world.registry.database.transaction() as session:
        organizations.exit(session, teo["organization_id"], ground="b", case_id=uuid.uuid4(), decided_by="ministry")
    for one, state in ((suspended, "suspended"), (coming, "filed")):
        path = f"/publicity/filings/{one['id']}"
        assert world.send("PUT", path, body(first=1), expect=409, **teo)["code"] == "organization_exited"
        assert world.get(path, **teo)["state"] == state
        assert world.post(f"{path}/withdrawal", expect=200, **teo)["state"] == "withdrawn"


@pytest.mark.rule("OP-37", "OP-43")
def test_a_claim_found_in_public_is_recorded_and_leads_to_an_order(world: World, teo: dict[str, Any]) -> None:
    finding = {
        "organization_id": str(teo["organization_id"]),
        "source_url": "https://teo.example/about",
        "seen_on": str(clock.today()),
        "text": "本证书由职成司指导。",
    }
    made = world.post("/publicity/findings", finding)
    assert [hit["claim"] for hit in made["hits"]] == ["department_guidance"]
    assert world.post("/publicity/findings", finding, expect=409)["code"] == "publicity_finding_exists"
    honest = finding | {"source_url": "https://teo.example/honest", "text": "自愿参加。"}
    assert world.post("/publicity/findings", honest, expect=422)["code"] == "publicity_no_claim_found"
    due_on = str(clock.today() + timedelta(days=10))
    path = f"/publicity/findings/{made['id']}"
    ordered = world.post(f"{path}/rectification", {"matter": "Take the claim back.", "due_on": due_on}, expect=200)
    (said,) = world.registry.said(RectificationOrdered)
    assert isinstance(said, RectificationOrdered)
    assert (ordered["state"], ordered["rectification_id"]) == ("ordered", str(said.rectification_id))
    assert world.post(f"{path}/dismissal", {"because": "?"}, expect=409)["code"] == "publicity_finding_is_ordered"


@pytest.mark.rule("OP-37")
def test_what_was_authorized_on_its_day_is_no_finding_and_a_person_may_dismiss_one(
    world: World, teo: dict[str, Any]
) -> None:
    world.post("/publicity/authorizations", authorization(str(teo["organization_id"]), first=-3, last=-2))
    finding = {
        "organization_id": str(teo["organization_id"]),
        "source_url": "https://teo.example/",
        "seen_on": str(clock.today() - timedelta(days=2)),
        "text": CLAIM,
    }
    assert world.post("/publicity/findings", finding, expect=422)["code"] == "publicity_no_claim_found"
    finding["seen_on"] = str(clock.today() - timedelta(days=1))
    made = world.post("/publicity/findings", finding)
    path = f"/publicity/findings/{made['id']}/dismissal"
    assert world.post(path, {"because": "A quotation."}, expect=200)["state"] == "dismissed"
    world.post("/publicity/findings", finding)


@pytest.mark.rule("OP-01", "OP-37")
def test_everyone_sees_their_own_and_nothing_else(world: World, teo: dict[str, Any], college: dict[str, Any]) -> None:
    mine = world.post("/publicity/filings", body(), **college)["id"]
    others = [
        {"role": Role.COLLEGE, "organization_id": uuid.uuid4()},
        {"role": Role.PROVINCE, "province_code": "32"},
        teo,
    ]
    for who in others:
        assert world.get(f"/publicity/filings/{mine}", expect=404, **who)["code"] == "not_found"
        assert world.get("/publicity/filings", **who)["items"] == []
    for who in (college, {"role": Role.PROVINCE, "province_code": "11"}, {"role": Role.MINISTRY}):
        assert world.get(f"/publicity/filings/{mine}", **who)["id"] == mine
        assert [one["id"] for one in world.get("/publicity/filings?state=filed&sort=shown_from", **who)["items"]] == [
            mine
        ]
    assert world.send("PUT", f"/publicity/filings/{mine}", body(), expect=404, **teo)["code"] == "not_found"
    assert world.post(f"/publicity/filings/{mine}/withdrawal", expect=404, **teo)["code"] == "not_found"
    finding = {
        "organization_id": str(college["organization_id"]),
        "source_url": "https://college.example/",
        "seen_on": str(clock.today()),
        "text": CLAIM,
    }
    foreign = {"role": Role.PROVINCE, "province_code": "32"}
    assert world.post("/publicity/findings", finding, expect=403, **foreign)["code"] == "organization_not_allowed"
    found = world.post("/publicity/findings", finding, role=Role.PROVINCE, province_code="11")["id"]
    for who in others:
        assert world.get(f"/publicity/findings/{found}", expect=404, **who)["code"] == "not_found"
    assert world.post(f"/publicity/findings/{found}/dismissal", {"because": "x"}, expect=404, **foreign)
    assert [one["id"] for one in world.get("/publicity/findings?state=recorded", **college)["items"]] == [found]


@pytest.mark.rule("OP-37")
def test_nobody_who_takes_no_part_files_or_is_authorized(world: World) -> None:
    waiting = world.post("/organizations", world.college_body(200))["id"]
    who = {"role": Role.COLLEGE, "organization_id": uuid.UUID(waiting)}
    assert world.post("/publicity/filings", body(), expect=409, **who)["code"] == "organization_not_admitted"
    refused = world.post("/publicity/authorizations", authorization(waiting), expect=409)
    assert refused["code"] == "organization_not_admitted"
