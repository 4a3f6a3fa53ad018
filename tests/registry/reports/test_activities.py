"""Activities are filed before they begin, or are breaches (OP-04); TEOs are invited, answer and come (OP-05)."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import OrganizationInvited
from services.registry.reports import activity_rules as rules
from services.registry.reports import errors
from tests.registry.callers import own, province
from tests.registry.reports.conftest import Parties, beijing

STARTS_AT = beijing("2026-03-10", 9)


def activity(**changes: Any) -> dict[str, Any]:
    body = {
        "province_code": "11",
        "kind": "training",
        "title": "师资培训班",
        "place": "北京市海淀区某学院",
        "division_code": "110108",
        "starts_at": STARTS_AT.isoformat(),
        "ends_at": beijing("2026-03-12", 17).isoformat(),
        "participants": 80,
    }
    return body | changes


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


@pytest.mark.rule("OP-04")
@pytest.mark.parametrize(
    ("now", "late", "breach"),
    [
        (STARTS_AT - timedelta(microseconds=1), False, False),
        (STARTS_AT - timedelta(microseconds=1), True, False),
        (STARTS_AT, True, True),
        (STARTS_AT, False, None),
        (STARTS_AT + timedelta(days=9), True, True),
    ],
)
def test_an_activity_is_filed_before_the_moment_it_begins(now: datetime, late: bool, breach: bool | None) -> None:
    if breach is None:
        with pytest.raises(errors.ActivityBegun):
            rules.is_breach(STARTS_AT, STARTS_AT, now, late=late)
    else:
        assert rules.is_breach(STARTS_AT, STARTS_AT, now, late=late) is breach
    with pytest.raises(errors.ActivityBackwards):
        rules.is_breach(STARTS_AT, STARTS_AT - timedelta(seconds=1), now, late=True)


@pytest.mark.rule("OP-04")
@pytest.mark.parametrize("kind", ["promotion", "training", "assessment", "large_meeting"])
def test_a_teo_files_before_and_the_province_takes_note(parties: Parties, kind: str) -> None:
    filed = parties.world.post("/activities", activity(kind=kind), **parties.teo)
    assert (filed["state"], filed["breach"], filed["unfiled"]) == ("filed", False, False)
    assert filed["teo_id"] == parties.teo_id
    path = f"/activities/{filed['id']}"
    noted = parties.world.post(f"{path}/note", expect=200, **parties.province)
    assert (noted["state"], noted["noted_by"]) == ("noted", "test-province-")
    assert parties.world.post(f"{path}/note", expect=409, **parties.province)["code"] == "activity_is_noted"
    assert parties.world.get(path, **parties.teo) == parties.world.get(path, **parties.province) == noted


@pytest.mark.rule("OP-04")
def test_what_has_begun_is_refused_or_taken_as_the_breach_it_is(parties: Parties) -> None:
    parties.now.move_to(STARTS_AT)
    refused = parties.world.post("/activities", activity(), expect=409, **parties.teo)
    assert (refused["code"], refused["clause"]) == ("activity_begun", "OP-04")
    assert parties.world.get("/activities")["items"] == []
    breach = parties.world.post("/activities", activity(late=True, explanation="通知未及时送达。"), **parties.teo)
    assert (breach["breach"], breach["unfiled"]) == (True, False)
    later = activity(starts_at=beijing("2026-04-01").isoformat(), ends_at=beijing("2026-04-02").isoformat(), late=True)
    assert parties.world.post("/activities", later, **parties.teo)["breach"] is False
    found = parties.world.get("/activities?breach=true", **parties.province)["items"]
    assert [one["id"] for one in found] == [breach["id"]]


@pytest.mark.rule("OP-04")
def test_a_province_puts_on_record_what_nobody_filed(parties: Parties) -> None:
    body = activity(teo_id=parties.teo_id, province_code="32", division_code="110108")
    refused = parties.world.post("/activities/unfiled", body, expect=409, **parties.province)
    assert refused["code"] == "activity_not_begun"
    parties.now.move_to(STARTS_AT)
    made = parties.world.post("/activities/unfiled", body, **parties.province)
    assert (made["breach"], made["unfiled"], made["province_code"]) == (True, True, "11")
    (seen,) = parties.world.get("/activities?unfiled=true", **parties.teo)["items"]
    assert seen["id"] == made["id"]
    parties.world.post("/activities/unfiled", body, expect=403, **parties.teo)
    nobody = body | {"teo_id": parties.college_id}
    refused = parties.world.post("/activities/unfiled", nobody, expect=422, **parties.province)
    assert refused["code"] == "organization_unknown"


@pytest.mark.rule("OP-04")
def test_a_filing_is_put_right_and_withdrawn_only_before_it_begins(parties: Parties) -> None:
    path = f"/activities/{parties.world.post('/activities', activity(), **parties.teo)['id']}"
    parties.world.post(f"{path}/note", expect=200, **parties.province)
    later = without(activity(title="师资培训班（改期）", starts_at=beijing("2026-03-11").isoformat()), "province_code")
    changed = parties.world.send("PUT", path, later, expect=200, **parties.teo)
    assert (changed["state"], changed["noted_at"], changed["title"]) == ("filed", None, "师资培训班（改期）")
    assert changed["changed_by"]
    into_the_past = later | {"starts_at": beijing("2026-02-28").isoformat()}
    refused = parties.world.send("PUT", path, into_the_past, expect=409, **parties.teo)
    assert refused["code"] == "activity_begun"
    parties.now.move_to(beijing("2026-03-11"))
    to_later = later | {"starts_at": beijing("2026-03-12").isoformat()}
    assert parties.world.send("PUT", path, to_later, expect=409, **parties.teo)["code"] == "activity_begun"
    assert parties.world.post(f"{path}/withdrawal", expect=409, **parties.teo)["code"] == "activity_begun"
    parties.now.move_to(beijing("2026-03-10"))
    assert parties.world.post(f"{path}/withdrawal", expect=200, **parties.teo)["state"] == "withdrawn"
    refused = parties.world.post(f"{path}/note", expect=409, **parties.province)
    assert refused["code"] == "activity_is_withdrawn"
    assert parties.world.send("PUT", path, later, expect=409, **parties.teo)["code"] == "activity_is_withdrawn"


@pytest.mark.rule("OP-04", "OP-36")
def test_only_a_teo_that_takes_part_under_an_agreement_files(parties: Parties) -> None:
    waiting = parties.world.post("/organizations", parties.world.teo_body(7))
    who = own(Role.TEO, waiting["id"])
    assert parties.world.post("/activities", activity(), expect=409, **who)["code"] == "organization_not_admitted"
    parties.now.move_to(beijing("2027-06-01"))
    starts_at = beijing("2027-07-01").isoformat()
    later = activity(starts_at=starts_at, ends_at=starts_at)
    refused = parties.world.post("/activities", later, expect=409, **parties.teo)
    assert refused["code"] == "no_agreement_in_force"


@pytest.mark.rule("OP-04")
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ends_at": "2026-03-09T00:00:00+08:00"}, 422, "activity_backwards"),
        ({"division_code": "320102"}, 422, "division_not_in_province"),
        ({"division_code": "110199"}, 422, "division_unknown"),
        ({"province_code": "99"}, 422, "province_unknown"),
        ({"kind": "party"}, 422, "invalid"),
        ({"participants": -1}, 422, "invalid"),
        ({"starts_at": "2026-03-10T09:00:00"}, 422, "invalid"),
        ({"starts_at": "0001-01-01T00:00:00+08:00"}, 422, "invalid"),
        ({"ends_at": "9999-12-31T23:59:59-08:00"}, 422, "invalid"),
        ({"title": ""}, 422, "invalid"),
    ],
)
def test_a_wrong_filing_is_refused(parties: Parties, change: dict[str, Any], status: int, code: str) -> None:
    assert parties.world.post("/activities", activity(**change), expect=status, **parties.teo)["code"] == code


@pytest.mark.rule("OP-04", "OP-01")
def test_filings_are_seen_and_handled_in_their_scope(parties: Parties) -> None:
    other_teo = parties.world.admitted_teo(2)
    other = own(Role.TEO, other_teo["id"])
    mine = parties.world.post("/activities", activity(), **parties.teo)["id"]
    theirs = parties.world.post("/activities", activity(province_code="32", division_code="320102"), **other)["id"]

    def seen(**who: Any) -> list[str]:
        return [one["id"] for one in parties.world.get("/activities", **who)["items"]]

    assert seen(role=Role.MINISTRY) == [theirs, mine]
    assert seen(**parties.teo) == seen(**parties.province) == [mine]
    assert seen(**other) == seen(**province("32")) == [theirs]
    parties.world.get("/activities", expect=403, **parties.college)
    for who in (other, province("32")):
        parties.world.get(f"/activities/{mine}", expect=404, **who)
    parties.world.post(f"/activities/{mine}/note", expect=404, **province("32"))
    parties.world.post(f"/activities/{mine}/withdrawal", expect=404, **other)
    body = without(activity(), "province_code")
    parties.world.send("PUT", f"/activities/{mine}", body, expect=404, **other)


def invitation(parties: Parties, **changes: Any) -> dict[str, Any]:
    body = {
        "organization_id": parties.teo_id,
        "occasion": "seminar",
        "title": "1+X 试点研讨会",
        "place": "北京",
        "starts_on": "2026-03-10",
        "ends_on": "2026-03-11",
    }
    return body | changes


@pytest.fixture
def invited(parties: Parties) -> str:
    return str(parties.world.post("/invitations", invitation(parties), **parties.province)["id"])


def answer(parties: Parties, one: str, said: str, reason: str = "", expect: int = 200, **who: Any) -> Any:
    body = {"answer": said, "reason": reason}
    return parties.world.post(f"/invitations/{one}/answer", body, expect=expect, **(who or parties.teo))


def attendance(parties: Parties, one: str, attended: bool, expect: int = 200, **who: Any) -> Any:
    body = {"attended": attended}
    return parties.world.post(f"/invitations/{one}/attendance", body, expect=expect, **(who or parties.province))


@pytest.mark.rule("OP-05")
def test_a_teo_is_invited_hears_of_it_answers_and_comes(parties: Parties, invited: str) -> None:
    (said,) = parties.world.registry.said(OrganizationInvited)
    assert isinstance(said, OrganizationInvited)
    assert (str(said.invitation_id), str(said.organization_id), said.province_code) == (invited, parties.teo_id, "11")
    assert (said.title, str(said.starts_on)) == ("1+X 试点研讨会", "2026-03-10")
    assert answer(parties, invited, "accept")["state"] == "accepted"
    assert answer(parties, invited, "accept", expect=409)["code"] == "invitation_is_accepted"
    assert attendance(parties, invited, True, 409)["code"] == "invitation_not_begun"
    parties.now.move_to(beijing("2026-03-10"))
    came = attendance(parties, invited, True)
    assert (came["state"], came["settled_by"]) == ("attended", "test-province-")
    assert attendance(parties, invited, False)["state"] == "absent"  # a slip put right, and back
    assert attendance(parties, invited, True)["state"] == "attended"
    assert answer(parties, invited, "decline", "忙", 409)["code"] == "invitation_is_attended"


@pytest.mark.rule("OP-05")
def test_who_declines_says_why_and_may_think_again_until_it_begins(parties: Parties, invited: str) -> None:
    assert answer(parties, invited, "decline", expect=422)["code"] == "invitation_reason_missing"
    declined = answer(parties, invited, "decline", "同日有考核。")
    assert (declined["state"], declined["reason"]) == ("declined", "同日有考核。")
    parties.now.move_to(beijing("2026-03-10", 23, 59))
    assert answer(parties, invited, "accept")["state"] == "accepted"
    parties.now.move_to(beijing("2026-03-11"))
    assert answer(parties, invited, "decline", "忙", 409)["code"] == "invitation_begun"
    refused = parties.world.post(f"/invitations/{invited}/withdrawal", expect=409, **parties.province)
    assert refused["code"] == "invitation_begun"


@pytest.mark.rule("OP-05")
def test_an_invitation_is_taken_back_before_it_begins(parties: Parties, invited: str) -> None:
    path = f"/invitations/{invited}/withdrawal"
    assert parties.world.post(path, expect=200, **parties.province)["state"] == "withdrawn"
    assert parties.world.post(path, expect=409, **parties.province)["code"] == "invitation_is_withdrawn"
    assert answer(parties, invited, "accept", expect=409)["code"] == "invitation_is_withdrawn"


@pytest.mark.rule("OP-05")
@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ends_on": "2026-03-09"}, 422, "invitation_backwards"),
        ({"starts_on": "2026-02-28"}, 409, "invitation_begun"),
        ({"organization_id": str(uuid.uuid4())}, 422, "organization_unknown"),
        ({"occasion": "banquet"}, 422, "invalid"),
    ],
)
def test_a_wrong_invitation_is_refused(parties: Parties, change: dict[str, Any], status: int, code: str) -> None:
    body = invitation(parties, **change)
    assert parties.world.post("/invitations", body, expect=status, **parties.province)["code"] == code


@pytest.mark.rule("OP-05")
def test_nobody_is_invited_who_takes_no_part(parties: Parties) -> None:
    waiting = parties.world.post("/organizations", parties.world.teo_body(7))
    body = invitation(parties, organization_id=waiting["id"])
    refused = parties.world.post("/invitations", body, expect=409, **parties.province)
    assert refused["code"] == "organization_not_admitted"
    parties.world.post("/invitations", invitation(parties), Role.MINISTRY, 403)


@pytest.mark.rule("OP-05", "OP-01")
def test_invitations_are_seen_and_handled_in_their_scope(parties: Parties, invited: str) -> None:
    other = own(Role.TEO, parties.world.admitted_teo(2)["id"])
    path = f"/invitations/{invited}"
    for who in (parties.teo, parties.province, own(Role.MINISTRY)):
        assert [one["id"] for one in parties.world.get("/invitations", **who)["items"]] == [invited]
        assert parties.world.get(path, **who)["id"] == invited
    for who in (other, province("32")):
        assert parties.world.get("/invitations", **who)["items"] == []
        parties.world.get(path, expect=404, **who)
    answer(parties, invited, "accept", expect=404, **other)
    attendance(parties, invited, True, 404, **province("32"))
    parties.world.get("/invitations", expect=403, **parties.college)


@pytest.mark.rule("OP-05")
def test_teos_that_were_asked_and_never_came_are_reported(parties: Parties) -> None:
    names = {"never": parties.teo_id}
    for number, name in enumerate(("came once", "declined", "not yet"), 2):
        names[name] = parties.world.admitted_teo(number)["id"]
    parties.world.admitted_teo(9)  # was never asked

    def ask(name: str, day: str = "2026-03-10", who: Any = parties.province) -> str:
        body = invitation(parties, organization_id=names[name], starts_on=day, ends_on=day)
        return str(parties.world.post("/invitations", body, **who)["id"])

    ask("never")
    absent = ask("never")
    ask("came once")
    came = ask("came once")
    elsewhere = own(Role.TEO, names["declined"])
    answer(parties, ask("declined"), "decline", "忙", **elsewhere)
    ask("not yet", "2026-03-11")
    parties.now.move_to(beijing("2026-03-11"))
    attendance(parties, absent, False)
    attendance(parties, came, True)
    path = f"/invitations/{ask('never', '2026-03-11')}/withdrawal"
    parties.world.post(path, expect=200, **parties.province)

    def reported(**who: Any) -> dict[str, tuple[int, int, int, int]]:
        rows = parties.world.get("/invitations/absentees", **who)["items"]
        counts = ("accepted", "declined", "unanswered", "absent")
        return {one["id"]: tuple(one[name] for name in counts) for one in rows}  # type: ignore[misc]

    expected = {names["never"]: (0, 0, 1, 1), names["declined"]: (0, 1, 0, 0)}
    assert reported(role=Role.MINISTRY) == reported(**parties.province) == expected
    assert reported(**province("32")) == {}
    parties.world.get("/invitations/absentees", expect=403, **parties.teo)
    assert clock.today().isoformat() == "2026-03-11"
