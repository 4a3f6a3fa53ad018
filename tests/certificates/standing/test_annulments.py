"""A result annulled in the assessment leads to a proposal to revoke, whichever word comes first, and never to silence."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from onex.chassis.problems import NotYetKnown
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from tests.certificates.given import Pilot
from tests.certificates.standing.conftest import Office, annulled
from tests.harness.service import Service, envelope, json_of


def open_proposals(office: Office) -> list[tuple[Any, ...]]:
    found = office.rows(
        "SELECT number, kind, reason, proposed_by FROM standing_proposal WHERE state = 'proposed' ORDER BY id"
    )
    return [tuple(row) for row in found]


@pytest.mark.rule("PP-07")
def test_an_annulled_result_is_proposed_to_be_revoked_and_a_person_decides(office: Office) -> None:
    result = office.pilot.result()
    office.service.hear(result)
    number = office.row("result_id = :it", it=result.result_id)["number"]
    office.service.hear(annulled(result))
    assert open_proposals(office) == [(number, "revoke", "result_annulled", "assessment")]
    assert office.row("number = :it", it=number)["state"] == "valid"
    (proposal,) = json_of(office.call("teo", "GET", "/standing-proposals", expect=200))["items"]
    office.decide(proposal, who="teo")
    assert office.row("number = :it", it=number)["state"] == "revoked"
    (said,) = office.service.said(CertificateStandingChanged)
    assert said.reason == "result_annulled"  # type: ignore[attr-defined]
    (kept,) = json_of(office.call("teo", "GET", "/annulled-results", expect=200))["items"]
    assert (kept["result_id"], kept["ground"]) == (str(result.result_id), "cheating")
    assert json_of(office.call("other_teo", "GET", "/annulled-results", expect=200))["items"] == []


@pytest.mark.rule("PP-07", "PP-22")
def test_where_the_annulment_comes_first_no_certificate_is_issued(office: Office) -> None:
    result, other = office.pilot.result(), office.pilot.result("李四")
    office.service.hear(annulled(result))
    office.service.hear(result, other)
    assert [row.result_id for row in office.rows("SELECT result_id FROM certificate")] == [other.result_id]
    assert len(office.service.said(CertificateIssued)) == 1
    assert open_proposals(office) == []
    office.service.hear(result)
    assert len(office.rows("SELECT id FROM certificate")) == 1


def test_heard_again_it_proposes_nothing_more(office: Office) -> None:
    results = [office.pilot.result(f"考生{at}") for at in range(3)]
    office.service.hear(*results)
    heard = office.service.hear(*map(annulled, results))
    before = office.rows("SELECT * FROM standing_proposal ORDER BY id")
    office.service.hear(*heard)
    office.service.hear(*map(annulled, reversed(results)))
    assert office.rows("SELECT * FROM standing_proposal ORDER BY id") == before
    assert len(before) == 3
    for row in before:
        office.decide({"id": row.id}, "refusal")
    office.service.hear(*map(annulled, results))
    assert open_proposals(office) == []


def test_a_fail_that_is_annulled_earned_nothing_to_be_revoked(office: Office) -> None:
    failed = office.pilot.result(passed=False)
    office.service.hear(failed)
    office.service.hear(annulled(failed))
    assert open_proposals(office) == []


def test_what_somebody_proposed_to_revoke_already_is_proposed_once(office: Office) -> None:
    result = office.pilot.result()
    office.service.hear(result)
    number = office.row("result_id = :it", it=result.result_id)["number"]
    office.propose("revoke", number)
    office.service.hear(annulled(result))
    (theirs,) = open_proposals(office)
    assert theirs[3] == "person-teo"


@pytest.mark.rule("PP-07", "PP-17")
def test_who_takes_a_proposal_back_does_not_take_the_annulment_back(office: Office) -> None:
    result, other = office.pilot.result(), office.pilot.result("李四")
    office.service.hear(result, other)
    number, others = (office.row("result_id = :it", it=one.result_id)["number"] for one in (result, other))
    mine, my_other = office.propose("revoke", number), office.propose("revoke", others)
    office.service.hear(annulled(result))
    for one in (mine, my_other):
        office.decide(one, "withdrawal", who="teo")
    assert open_proposals(office) == [(number, "revoke", "result_annulled", "assessment")]


@pytest.mark.parametrize(("kind", "proposed"), [("suspend", True), ("revoke", False)])
def test_what_still_stands_is_proposed(office: Office, kind: str, proposed: bool) -> None:
    result = office.pilot.result()
    office.service.hear(result)
    office.change(kind, office.row("result_id = :it", it=result.result_id)["number"])
    office.service.hear(annulled(result))
    assert bool(open_proposals(office)) is proposed


def test_of_a_replaced_certificate_the_one_in_its_place_is_proposed(office: Office) -> None:
    result = office.pilot.result()
    office.service.hear(result)
    office.change("replace", office.row("result_id = :it", it=result.result_id)["number"], name="李四")
    office.service.hear(annulled(result))
    assert [one[0] for one in open_proposals(office)] == [office.row("replaces IS NOT NULL")["number"]]


def test_what_was_annulled_is_not_replaced(office: Office) -> None:
    result = office.pilot.result()
    office.service.hear(result)
    number = office.row("result_id = :it", it=result.result_id)["number"]
    proposal = office.propose("replace", number)
    office.service.hear(annulled(result))
    assert office.decide(proposal, expect=409)["code"] == "result_was_annulled"
    assert office.row("number = :it", it=number)["state"] == "valid"


def test_an_annulment_by_a_teo_not_heard_of_is_heard_later(service: Callable[[str], Service]) -> None:
    pilot = Pilot(service, heard=False)
    with pytest.raises(NotYetKnown):
        pilot.certificates.hear(annulled(pilot.result()))


def test_word_of_both_at_once_ends_with_a_proposal_or_with_no_certificate(office: Office) -> None:
    """Each result is issued and annulled by two workers at the same moment: there is never a certificate and no proposal."""
    service = office.service
    results = [office.pilot.result(f"考生{at}") for at in range(12)]
    worker, failures = service.worker(), []

    def run(begun: threading.Barrier, method: str, event: Any) -> None:
        try:
            with service.database.transaction() as session:
                session.connection()
                begun.wait(30)
                getattr(worker, method)(session, [envelope(event)])
        except BaseException as error:
            failures.append(error)

    for result in results:
        begun = threading.Barrier(2)
        both = [
            threading.Thread(target=run, args=(begun, method, event))
            for method, event in (("on_results", result), ("on_annulments", annulled(result)))
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(60)
    assert not failures
    issued: set[uuid.UUID] = {row.id for row in office.rows("SELECT id FROM certificate")}
    proposed = {row.certificate_id for row in office.rows("SELECT certificate_id FROM standing_proposal")}
    assert issued == proposed
