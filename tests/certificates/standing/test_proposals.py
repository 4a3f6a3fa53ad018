"""Who may propose, decide and see: two persons of those that answer for the certificate, or above them (PP-07, -17, -18)."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.contracts.certificates import CertificateStandingChanged
from onex.contracts.pilot import OrganizationExited
from services.certificates.standing import rules
from services.certificates.standing.errors import OrderedAbove, SecondPersonNeeded, TeoHasLeft
from tests.certificates.given import PUBLISHED_AT
from tests.certificates.standing.conftest import NOTE, V1, Office
from tests.harness.service import json_of

INSIDERS = ("teo", "operator", "ministry")


def state(office: Office, number: str) -> str:
    return str(office.row("number = :it", it=number)["state"])


def the_teo_leaves(office: Office, at: datetime = PUBLISHED_AT + timedelta(days=30)) -> None:
    office.service.hear(
        OrganizationExited(
            organization_id=office.pilot.teo_id,
            organization_version=2,
            exit_case_id=uuid.uuid4(),
            kind="teo",
            ground="a",
            decided_by="教育部",
            exited_at=at,
        )
    )


@pytest.mark.rule("PP-07", "PP-17")
@pytest.mark.parametrize("proposer", INSIDERS)
@pytest.mark.parametrize("second", ["teo_second", "operator_second", "ministry"])
def test_two_of_those_who_answer_for_it_change_a_standing(office: Office, proposer: str, second: str) -> None:
    number = office.certificate()
    proposal = office.propose("suspend", number, proposer)
    if proposer == second:
        office.decide(proposal, who=second, expect=403)
        assert state(office, number) == "valid"
        return
    assert state(office, number) == "valid"
    decided = office.decide(proposal, who=second)
    assert state(office, number) == "suspended"
    assert (decided["state"], decided["proposed_by"], decided["decided_by"]) == (
        "approved",
        f"person-{proposer}",
        f"person-{second}",
    )


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize("verb", ["approval", "refusal"])
@pytest.mark.parametrize("who", INSIDERS)
def test_who_proposed_does_not_decide(office: Office, who: str, verb: str) -> None:
    number = office.certificate()
    proposal = office.propose("revoke", number, who)
    problem = office.decide(proposal, verb, who, expect=403)
    assert (problem["code"], problem["clause"]) == ("second_person_needed", "PP-17")
    assert state(office, number) == "valid"
    rules.check_second_person("one", "another")
    with pytest.raises(SecondPersonNeeded):
        rules.check_second_person("one", "one")


@pytest.mark.rule("PP-07", "PP-18")
def test_another_teo_neither_proposes_nor_decides_nor_sees(office: Office) -> None:
    number = office.certificate()
    assert office.propose("revoke", number, "other_teo", expect=404)["code"] == "not_found"
    proposal = office.propose("revoke", number)
    for verb in ("approval", "refusal", "withdrawal"):
        office.decide(proposal, verb, "other_teo", expect=404)
    office.call("other_teo", "GET", f"/standing-proposals/{proposal['id']}", expect=404)
    office.call("other_teo", "GET", f"/certificates/{number}/standing", expect=404)
    assert json_of(office.call("other_teo", "GET", "/standing-proposals", expect=200))["items"] == []
    assert json_of(office.call("other_teo", "GET", "/standing-changes", expect=200))["items"] == []
    assert state(office, number) == "valid"


@pytest.mark.rule("PP-18")
def test_a_college_reads_what_changed_of_its_own_and_proposes_nothing(office: Office) -> None:
    number, elsewhere = office.certificate(), office.certificate("李四", college_id=uuid.uuid4())
    office.change("suspend", number)
    office.change("suspend", elsewhere)
    for path in (
        f"/certificates/{number}/standing-proposals",
        "/standing-proposals/" + str(uuid.uuid4()) + "/approval",
    ):
        assert office.call("college", "POST", path, json={}).status_code == 403
    office.call("college", "GET", "/standing-proposals", expect=403)
    seen = json_of(office.call("college", "GET", "/standing-changes", expect=200))["items"]
    assert [one["number"] for one in seen] == [number]
    assert json_of(office.call("other_college", "GET", "/standing-changes", expect=200))["items"] == []
    office.call("college", "GET", f"/certificates/{number}/standing", expect=200)
    office.call("college", "GET", f"/certificates/{elsewhere}/standing", expect=404)


def test_a_learner_sees_the_standing_of_the_own_certificates(office: Office) -> None:
    number = office.certificate()
    office.change("replace", number, name="李四")
    mine = office.row("number = :it", it=number)["learner_id"]
    path = f"{V1}/certificates/{number}/standing"
    seen = json_of(office.service.call("GET", path, role=Role.LEARNER, learner_id=mine, expect=200))
    successor = office.row("replaces IS NOT NULL")["number"]
    assert (seen["standing"], seen["replaced_by"], seen["changes"][0]["reason"]) == ("replaced", successor, "corrected")
    office.service.call("GET", path, role=Role.LEARNER, learner_id=uuid.uuid4(), expect=404)
    office.service.call("GET", f"{V1}/standing-changes", role=Role.LEARNER, learner_id=mine, expect=403)


def test_strangers_are_let_in_nowhere_but_to_the_lists(office: Office) -> None:
    for path in ("/standing-proposals", "/standing-changes", "/annulled-results", "/certificates/x/standing"):
        assert office.service.call("GET", V1 + path).status_code == 401
    for role in (Role.PROVINCE, Role.PARTNER):
        assert office.service.call("GET", f"{V1}/standing-proposals", role=role).status_code == 403


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize("above", ["operator", "ministry"])
def test_a_teo_does_not_refuse_what_is_ordered_above_it(office: Office, above: str) -> None:
    number = office.certificate()
    proposal = office.propose("revoke", number, above)
    assert office.decide(proposal, "refusal", "teo", expect=403)["code"] == "ordered_above"
    assert office.decide(proposal, "refusal", "operator_second")["state"] == "refused"
    rules.check_refusable("teo", "teo")
    rules.check_refusable(rules.ASSESSMENT, "teo")
    rules.check_refusable("ministry", "operator")
    with pytest.raises(OrderedAbove):
        rules.check_refusable("operator", "teo")


@pytest.mark.parametrize(
    ("verb", "who", "ends"), [("refusal", "teo_second", "refused"), ("withdrawal", "teo", "withdrawn")]
)
def test_what_is_refused_or_withdrawn_changes_nothing_and_may_be_proposed_again(
    office: Office, verb: str, who: str, ends: str
) -> None:
    number = office.certificate()
    proposal = office.propose("suspend", number)
    assert office.decide(proposal, verb, who)["state"] == ends
    for again in ("approval", "refusal", "withdrawal"):
        assert office.decide(proposal, again, "operator", expect=409)["code"] == f"proposal_is_{ends}"
    assert state(office, number) == "valid"
    assert office.service.said(CertificateStandingChanged) == []
    office.change("suspend", number)
    assert state(office, number) == "suspended"


def test_only_the_proposer_withdraws(office: Office) -> None:
    proposal = office.propose("suspend", office.certificate())
    for who in ("teo_second", "operator", "ministry"):
        assert office.decide(proposal, "withdrawal", who, expect=403)["code"] == "not_the_proposer"


def test_the_same_is_not_proposed_twice_at_once(office: Office) -> None:
    number = office.certificate()
    office.history(number)
    begun, answers = threading.Barrier(3), []
    sent = {"kind": "revoke", "reason": "issued_in_error", "note": NOTE}

    def work(who: str) -> None:
        begun.wait(30)
        answers.append(office.call(who, "POST", f"/certificates/{number}/standing-proposals", json=sent).status_code)

    threads = [threading.Thread(target=work, args=(who,)) for who in ("teo", "teo_second", "operator")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [201, 409, 409]
    assert office.propose("revoke", number, "ministry", expect=409)["code"] == "proposal_open"
    office.propose("suspend", number)


def test_the_note_is_sealed_and_shown_to_those_who_decide(office: Office) -> None:
    proposal = office.propose("suspend", office.certificate())
    assert proposal["note"] == NOTE
    assert NOTE not in repr(office.rows("SELECT * FROM standing_proposal"))
    path = f"/standing-proposals/{proposal['id']}"
    office.call("teo_second", "POST", path + "/refusal", json={"note": "没有证据"}, expect=200)
    seen = json_of(office.call("ministry", "GET", path, expect=200))
    assert (seen["note"], seen["answer"]) == (NOTE, "没有证据")
    listed = json_of(office.call("ministry", "GET", "/standing-proposals", expect=200))["items"]
    assert [one.get("note") for one in listed] == [None]


@pytest.mark.rule("OP-41")
def test_for_a_teo_that_has_left_the_operator_and_the_ministry_act(office: Office) -> None:
    number, waiting = office.certificate(), office.certificate("李四")
    open_one = office.propose("suspend", waiting)
    the_teo_leaves(office)
    assert state(office, number) == "valid"
    refused = office.propose("revoke", number, expect=409)
    assert (refused["code"], refused["clause"]) == ("teo_has_left", "OP-41")
    assert office.decide(open_one, expect=409)["code"] == "teo_has_left"
    assert office.decide(open_one, "refusal", expect=409)["code"] == "teo_has_left"
    office.decide(open_one, who="operator")
    assert state(office, waiting) == "suspended"
    office.decide(office.propose("replace", number, "operator", name="王五"), who="ministry")
    assert state(office, number) == "replaced"
    assert office.row("replaces IS NOT NULL")["state"] == "valid"
    rules.check_still_acts("teo", has_left=False)
    rules.check_still_acts("ministry", has_left=True)
    with pytest.raises(TeoHasLeft):
        rules.check_still_acts("teo", has_left=True)


@pytest.mark.rule("OP-41")
def test_what_was_issued_before_word_of_the_exit_came_can_still_be_revoked_or_replaced(office: Office) -> None:
    one, another = office.certificate(), office.certificate("李四")
    the_teo_leaves(office, at=PUBLISHED_AT - timedelta(seconds=1))
    assert (state(office, one), state(office, another)) == ("valid", "valid")
    office.decide(office.propose("revoke", one, "operator", reason="issued_in_error"), who="ministry")
    office.decide(office.propose("replace", another, "operator", name="王五"), who="ministry")
    assert (state(office, one), state(office, another)) == ("revoked", "replaced")


def test_lists_are_narrowed_by_what_is_asked(office: Office) -> None:
    numbers = [office.certificate(f"考生{at}") for at in range(4)]
    for at, number in enumerate(numbers):
        office.propose("suspend" if at % 2 else "revoke", number, "teo" if at < 2 else "operator")
    office.change("replace", office.certificate("张三"))

    def found(path: str, **query: Any) -> list[str]:
        answer = json_of(office.call("operator", "GET", path, query_string=query, expect=200))
        return [one["number"] for one in answer["items"]]

    assert set(found("/standing-proposals", state="proposed")) == set(numbers)
    assert set(found("/standing-proposals", kind="revoke", state="proposed")) == {numbers[0], numbers[2]}
    assert len(found("/standing-proposals", teo_id=office.pilot.teo_id)) == 5
    assert found("/standing-proposals", teo_id=uuid.uuid4()) == []
    assert len(found("/standing-proposals", size=2)) == 2
    assert len(found("/standing-changes", standing="replaced")) == 1
    assert found("/standing-changes", reason="cleared") == []
    today = datetime.now(UTC).date()
    assert len(found("/standing-changes", changed_from=today - timedelta(days=1))) == 1
    assert found("/standing-changes", changed_to=today - timedelta(days=2)) == []
    answer = office.call("operator", "GET", "/standing-changes", query_string={"format": "csv"}, expect=200)
    assert len(answer.get_data(as_text=True).splitlines()) == 2
