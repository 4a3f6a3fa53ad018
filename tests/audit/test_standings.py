"""Annulments and changed standings before the audit: sound when they have arrived everywhere, and named where one was lost."""

from typing import Any

import pytest

from onex.audit.audit import Terms, audit
from onex.chassis.access import Role
from tests.audit.main_road import MainRoad
from tests.audit.test_audit import AT_ONCE, found
from tests.harness.service import json_of


def call(road: MainRoad, service: str, path: str, by: str, expect: int, **body: Any) -> Any:
    """A request by a person of the TEO."""
    who: dict[str, Any] = {"role": Role.TEO, "organization_id": road.ids["teo"], "client_id": by}
    return json_of(road.services[service].call("POST", f"/{service}/v1{path}", json=body, expect=expect, **who))


def annul(road: MainRoad, result_id: Any) -> None:
    """Two persons of the TEO annul a result."""
    (row,) = road.sql(
        "assessment",
        "SELECT number, result.plan_id FROM result JOIN registration ON registration.id = registration_id"
        " WHERE result.id = :id",
        id=result_id,
    )
    body = {"registration_number": row.number, "ground": "cheating", "note": "x"}
    made = call(road, "assessment", f"/plans/{row.plan_id}/annulments", "zhang", 201, **body)
    call(road, "assessment", f"/annulments/{made['id']}/approval", "li", 200)


def change(road: MainRoad, number: str, kind: str, reason: str) -> None:
    """Two persons of the TEO change a certificate's standing."""
    body = {"kind": kind, "reason": reason, "note": "x"}
    made = call(road, "certificates", f"/certificates/{number}/standing-proposals", "zhang", 201, **body)
    call(road, "certificates", f"/standing-proposals/{made['id']}/approval", "li", 200)


def certificates(road: MainRoad) -> list[Any]:
    return road.sql("certificates", "SELECT id, number, result_id FROM certificate WHERE replaces IS NULL ORDER BY id")


@pytest.fixture
def changed(road: MainRoad) -> MainRoad:
    """Of eight certificates the first is suspended, the second revoked as its result was annulled, the third replaced, the
    fourth was suspended and is valid again."""
    first, second, third, fourth, *_ = certificates(road)
    annul(road, second.result_id)
    road.deliver("assessment")
    (proposal,) = road.sql("certificates", "SELECT id FROM standing_proposal WHERE state = 'proposed'")
    call(road, "certificates", f"/standing-proposals/{proposal.id}/approval", "li", 200)
    for one in (first, fourth):
        change(road, one.number, "suspend", "under_investigation")
    change(road, third.number, "replace", "corrected")
    change(road, fourth.number, "reinstate", "cleared")
    road.deliver("certificates")
    road.send_webhooks()
    return road


def test_changes_that_arrived_everywhere_are_found_sound(changed: MainRoad) -> None:
    report = audit(changed.urls, AT_ONCE)
    assert report.findings == []
    assert report.is_clean
    assert {name: report.figures[name] for name in ("passes", "certificates", "deposits", "notices")} == dict.fromkeys(
        ("passes", "certificates", "deposits", "notices"), changed.candidates
    )
    assert (report.figures["standings heard"], report.figures["standings noticed"]) == (4, 4)
    assert report.deliveries == {"delivered": changed.candidates + 5}


def test_seeded_corruptions_of_consequences_are_each_named(changed: MainRoad) -> None:
    """A missing reversal, a hold without a suspension, a lost notice of a change, of one that is not the last too."""
    first, second, third, fourth, fifth, *_ = (one.id for one in certificates(changed))
    changed.tamper("creditbank", "reversal", "DELETE FROM reversal WHERE certificate_id = :id", id=second)
    hold = (
        "INSERT INTO hold (id, certificate_id, learner_id, credit_hundredths, placed_at)"
        " SELECT gen_random_uuid(), certificate_id, learner_id, credit_hundredths, now() FROM deposit"
        " WHERE certificate_id = :id"
    )
    changed.sql("creditbank", hold, id=fifth)
    for certificate_id, version in ((fourth, 2), (third, 2)):
        values = {"id": certificate_id, "version": version}
        one = "(SELECT event_id FROM notice WHERE certificate_id = :id AND certificate_version = :version)"
        changed.sql("notifications", f"DELETE FROM delivery WHERE notice_id = {one}", **values)
        changed.sql("notifications", f"DELETE FROM notice WHERE event_id = {one}", **values)
    changed.sql("creditbank", "DELETE FROM hold WHERE certificate_id = :id", id=first)
    assert found(changed) == {
        ("missing", "credit_settled", str(second)),
        ("missing", "reversals_booked", str(second)),
        ("orphaned", "credit_settled", str(fifth)),
        ("missing", "standings noticed", str(fourth)),
        ("missing", "standings noticed", str(third)),
        ("missing", "credit_settled", str(first)),
    }


def test_a_standing_that_the_credit_bank_lost_or_that_was_never_said_is_named(changed: MainRoad) -> None:
    first, second, _, fourth, fifth, *_ = certificates(changed)
    changed.sql("creditbank", "DELETE FROM certificate_standing WHERE id = :id", id=fourth.id)
    changed.sql("creditbank", "UPDATE certificate_standing SET standing = 'valid' WHERE id = :id", id=first.id)
    changed.sql(
        "creditbank",
        "INSERT INTO certificate_standing (id, version, number, standing, reason, changed_at)"
        " VALUES (:id, 2, :number, 'valid', 'cleared', now())",
        id=fifth.id,
        number=fifth.number,
    )
    changed.sql("certificates", "DELETE FROM annulled_result WHERE result_id = :id", id=second.result_id)
    assert found(changed) >= {
        ("missing", "standings heard", str(fourth.id)),
        ("altered", "standings heard", str(first.id)),
        ("orphaned", "credit_settled", str(first.id)),
        ("orphaned", "standings heard", str(fifth.id)),
        ("missing", "certificates", str(second.result_id)),
    }


def test_what_is_annulled_and_not_heard_yet_is_under_way_and_then_lost(road: MainRoad) -> None:
    one, other, *_ = certificates(road)
    annul(road, one.result_id)
    report = audit(road.urls, AT_ONCE)
    assert report.findings == []
    assert report.under_way == {"certificates": 1}
    road.take_out("assessment")
    assert found(road) == {("missing", "certificates", str(one.result_id))}
    assert audit(road.urls, Terms(patience_s=0, grace_s=60)).is_sound
    road.sql("assessment", "UPDATE annulled_result SET result_id = :other WHERE result_id = :one", one=one.result_id,
             other=other.result_id)  # fmt: skip
    assert ("altered", "annulments_decided", str(other.result_id)) in found(road)


@pytest.mark.parametrize("heard_first", ["pass", "annulment"])
def test_a_pass_annulled_before_it_had_a_certificate_is_no_gap_in_the_books(road: MainRoad, heard_first: str) -> None:
    road.assess()
    said = road.take_out("assessment")
    (newest,) = road.sql("assessment", "SELECT id FROM result ORDER BY id DESC LIMIT 1")
    annul(road, newest.id)
    annulment = road.take_out("assessment")
    order = (said, annulment) if heard_first == "pass" else (annulment, said)
    for heard in order:
        road.services["certificates"].hear(*heard)
    road.deliver("certificates")
    report = audit(road.urls, AT_ONCE)
    assert report.findings == []
    issued = len(road.sql("certificates", "SELECT FROM certificate"))
    assert issued == 2 * road.candidates - (heard_first == "annulment")
    assert report.figures["passes"] == report.figures["certificates"] == 2 * road.candidates
