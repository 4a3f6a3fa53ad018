"""What a suspended, revoked or replaced certificate does to its credit, in whatever order it is heard (PP-23, PP-45)."""

import itertools
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from onex.chassis.access import Role
from onex.contracts.certificates import CertificateIssued
from onex.contracts.creditbank import CreditsDeposited
from onex.contracts.event import Event
from services.creditbank.audit import INVARIANTS
from tests.creditbank.conftest import approve, propose
from tests.creditbank.ledger.test_booking import count, rows
from tests.creditbank.samples import certificate, changed
from tests.harness.service import Service, envelope, json_of

MINE = "/creditbank/v1/my-statement"


def statement(creditbank: Service, one: CertificateIssued) -> dict[str, Any]:
    answer = creditbank.call("GET", MINE, role=Role.LEARNER, learner_id=one.learner_id, expect=200)
    found: dict[str, Any] = json_of(answer)
    return found


def figures(creditbank: Service, one: CertificateIssued) -> tuple[int, int, int]:
    """Balance, held, available of the certificate's learner."""
    found = statement(creditbank, one)
    return found["balance_hundredths"], found["held_hundredths"], found["available_hundredths"]


def state(creditbank: Service) -> list[Any]:
    """What came of it all, without the ids and moments that the service made itself."""
    return [
        rows(creditbank, "SELECT * FROM certificate_standing ORDER BY id"),
        rows(creditbank, "SELECT certificate_id, credit_hundredths FROM deposit ORDER BY 1"),
        rows(creditbank, "SELECT certificate_id, reason FROM reversal ORDER BY 1"),
        rows(
            creditbank,
            "SELECT certificate_id, learner_id, credit_hundredths FROM hold WHERE released_at IS NULL ORDER BY 1",
        ),
        rows(creditbank, "SELECT certificate_id, bearer_id, bearer_number, since FROM bearer ORDER BY 1"),
        rows(creditbank, "SELECT certificate_id, number FROM withheld_certificate ORDER BY 1"),
        rows(creditbank, "SELECT certificate_id FROM waiting_certificate ORDER BY 1"),
        rows(
            creditbank,
            "SELECT j.kind, j.cause_id, a.kind AS account, a.learner_id, e.amount_hundredths FROM entry e"
            " JOIN journal j ON j.id = e.journal_id JOIN account a ON a.id = e.account_id ORDER BY 1, 2, 3",
        ),
        len(creditbank.said(CreditsDeposited)),
    ]


def faults(creditbank: Service) -> set[tuple[str, str, str]]:
    """(invariant, kind, record) of everything that the audit finds wrong inside this database."""
    with psycopg.connect(creditbank.database.dsn) as connection:
        return {(one.name, fault.kind.value, fault.record) for one in INVARIANTS for fault in one.faults(connection)}


@pytest.fixture
def booked(creditbank: Service) -> CertificateIssued:
    """A certificate whose 250 hundredths are in its learner's account."""
    approve(creditbank, credit_hundredths=250)
    one = certificate()
    creditbank.hear(one)
    return one


@pytest.mark.rule("PP-23", "PP-45")
def test_credit_of_a_suspended_certificate_is_held_and_released_when_it_is_valid_again(
    creditbank: Service, booked: CertificateIssued
) -> None:
    assert figures(creditbank, booked) == (250, 0, 250)
    creditbank.hear(changed(booked, 2, "suspended"))
    assert figures(creditbank, booked) == (250, 250, 0)
    (item,) = statement(creditbank, booked)["items"]
    assert (item["kind"], item["held"], item["certificate_number"]) == ("deposit", True, booked.number)
    creditbank.hear(changed(booked, 3, "valid"))
    assert figures(creditbank, booked) == (250, 0, 250)
    assert statement(creditbank, booked)["items"][0]["held"] is False
    creditbank.hear(changed(booked, 4, "suspended"))
    assert figures(creditbank, booked) == (250, 250, 0)
    assert count(creditbank, "hold") == 2
    assert count(creditbank, "journal") == 1
    assert faults(creditbank) == set()


@pytest.mark.rule("PP-23", "PP-45")
def test_credit_of_a_revoked_certificate_is_given_back_by_a_journal_of_its_own(
    creditbank: Service, booked: CertificateIssued
) -> None:
    before = rows(creditbank, "SELECT * FROM entry ORDER BY id")
    creditbank.hear(changed(booked, 2, "revoked"))
    assert figures(creditbank, booked) == (0, 0, 0)
    undone, done = statement(creditbank, booked)["items"]
    assert (undone["kind"], undone["credit_hundredths"], undone["reason"]) == ("reversal", -250, "result_annulled")
    assert (done["kind"], done["credit_hundredths"]) == ("deposit", 250)
    assert "reason" not in done
    assert undone["certificate_number"] == done["certificate_number"] == booked.number
    after = rows(creditbank, "SELECT * FROM entry ORDER BY id")
    assert after[: len(before)] == before
    assert rows(creditbank, "SELECT sum(amount_hundredths) FROM entry")[0][0] == 0
    assert [row.kind for row in rows(creditbank, "SELECT kind FROM journal ORDER BY id")] == [
        "certificate_credit", "certificate_revoked",
    ]  # fmt: skip
    assert faults(creditbank) == set()


@pytest.mark.rule("PP-45")
def test_a_revocation_after_a_suspension_leaves_nothing_held(creditbank: Service, booked: CertificateIssued) -> None:
    creditbank.hear(changed(booked, 2, "suspended"))
    creditbank.hear(changed(booked, 3, "revoked"))
    assert figures(creditbank, booked) == (0, 0, 0)
    assert faults(creditbank) == set()


@pytest.mark.rule("PP-45")
def test_a_replaced_certificates_credit_bears_its_successors_number_and_is_no_more(
    creditbank: Service, booked: CertificateIssued
) -> None:
    successor = (uuid.uuid4(), "004-successor")
    creditbank.hear(changed(booked, 2, "replaced", successor=successor))
    assert figures(creditbank, booked) == (250, 0, 250)
    (item,) = statement(creditbank, booked)["items"]
    assert (item["certificate_id"], item["certificate_number"]) == (str(successor[0]), successor[1])
    assert item["booked_for_number"] == booked.number
    assert (count(creditbank, "deposit"), count(creditbank, "entry")) == (1, 2)
    creditbank.hear(changed(replace(booked, certificate_id=successor[0], number=successor[1]), 2, "suspended"))
    assert figures(creditbank, booked) == (250, 250, 0)
    creditbank.hear(changed(replace(booked, certificate_id=successor[0], number=successor[1]), 3, "revoked"))
    assert figures(creditbank, booked) == (0, 0, 0)
    assert faults(creditbank) == set()


@pytest.mark.rule("PP-45")
@pytest.mark.parametrize("approved", ["before", "after"])
def test_a_certificate_that_was_revoked_before_it_was_booked_never_is(creditbank: Service, approved: str) -> None:
    made = propose(creditbank)
    path = f"/creditbank/v1/proposals/{made['id']}/approval"
    if approved == "before":
        creditbank.call("POST", path, role=Role.MINISTRY, expect=200)
    first, second = certificate(), certificate()
    if approved == "after":
        creditbank.hear(first, second)
        creditbank.hear(changed(first, 2, "revoked"))
    else:
        creditbank.hear(changed(first, 2, "revoked"))
        creditbank.hear(first, second)
    if approved == "after":
        creditbank.call("POST", path, role=Role.MINISTRY, expect=200)
        creditbank.fire("book_waiting")
    creditbank.hear(envelope(first), envelope(second))
    assert [row.certificate_id for row in rows(creditbank, "SELECT certificate_id FROM deposit")] == [
        second.certificate_id
    ]
    assert [row.certificate_id for row in rows(creditbank, "SELECT * FROM withheld_certificate")] == [
        first.certificate_id
    ]
    assert count(creditbank, "waiting_certificate") == 0
    assert faults(creditbank) == set()


@pytest.mark.rule("PP-45")
def test_what_was_suspended_or_replaced_while_it_waited_is_booked_so(creditbank: Service) -> None:
    one, two = certificate(), certificate()
    creditbank.hear(one, two)
    creditbank.hear(changed(one, 2, "suspended"), changed(two, 2, "replaced", successor=(uuid.uuid4(), "004-new")))
    approve(creditbank)
    creditbank.fire("book_waiting")
    assert figures(creditbank, one) == (250, 250, 0)
    assert statement(creditbank, two)["items"][0]["certificate_number"] == "004-new"
    assert faults(creditbank) == set()


def _story(issued: CertificateIssued) -> list[Event]:
    """All that is ever said of a certificate: suspended, cleared, replaced; its successor replaced; that one revoked."""
    second = replace(issued, certificate_id=uuid.uuid4(), number="004-second")
    third = replace(issued, certificate_id=uuid.uuid4(), number="004-third")
    return [
        issued,
        changed(issued, 2, "suspended"),
        changed(issued, 3, "valid"),
        changed(issued, 4, "replaced", successor=(second.certificate_id, second.number)),
        changed(second, 2, "replaced", successor=(third.certificate_id, third.number)),
        changed(third, 2, "suspended"),
    ]


@pytest.mark.rule("PP-45")
@pytest.mark.parametrize("last", ["suspended", "revoked"])
def test_every_order_and_every_repetition_ends_in_the_same_credit(creditbank: Service, last: str) -> None:
    """The orders of three of the events in full, and some of all, each heard thrice; the credit is as in the order of saying."""
    approve(creditbank)
    random.seed(5)
    outcomes = set()
    short = list(itertools.permutations(range(3)))
    for order in [(0, 1, 2, 3, 4, 5, 6), *short, *(tuple(random.sample(range(7), 7)) for _ in range(12))]:
        issued = certificate()
        story = _story(issued)
        if last == "revoked":
            third: Any = story[-1]
            story.append(replace(third, certificate_version=3, standing="revoked", reason="obtained_by_fraud"))
        rest = [at for at in range(len(story)) if at not in order]
        heard = [envelope(story[at]) for at in (*order, *rest) if at < len(story)]
        for one in heard:
            creditbank.hear(one)
        for one in random.sample(heard, len(heard)):
            creditbank.hear(one)
            creditbank.hear(envelope(one.event))
        balance, held, available = figures(creditbank, issued)
        withheld = rows(
            creditbank, f"SELECT 1 FROM withheld_certificate WHERE certificate_id = '{issued.certificate_id}'"
        )
        outcomes.add((held, available, balance))
        if last == "suspended":
            assert statement(creditbank, issued)["items"][0]["certificate_number"] == "004-third"
            assert not withheld
    assert outcomes == ({(250, 0, 250)} if last == "suspended" else {(0, 0, 0)})
    assert faults(creditbank) == set()


def test_an_older_standing_that_comes_late_changes_nothing(creditbank: Service, booked: CertificateIssued) -> None:
    creditbank.hear(changed(booked, 3, "valid"))
    once = state(creditbank)
    creditbank.hear(changed(booked, 2, "suspended"))
    assert state(creditbank) == once


def test_a_batch_heard_twice_and_in_another_order_changes_nothing(creditbank: Service) -> None:
    approve(creditbank)
    issued = [certificate() for _ in range(30)]
    creditbank.hear(*issued)
    makers: list[Callable[[CertificateIssued], Event]] = [
        lambda one: changed(one, 2, "suspended"),
        lambda one: changed(one, 2, "revoked"),
        lambda one: changed(one, 2, "replaced", successor=(uuid.uuid4(), f"{one.number}-new")),
    ]
    heard = creditbank.hear(*(makers[at % 3](one) for at, one in enumerate(issued)))
    once = state(creditbank)
    assert (len(once[2]), len(once[3]), len(once[4])) == (10, 10, 10)
    for _ in range(2):
        again = random.sample(heard, len(heard))
        creditbank.hear(*again)
        creditbank.hear(*(envelope(one.event) for one in again))
    assert state(creditbank) == once
    assert faults(creditbank) == set()


def test_certificates_and_their_revocations_heard_at_the_same_time_leave_no_credit(creditbank: Service) -> None:
    """Two consumers, one with the issues and one with the revocations: whichever is first, nothing is in the accounts."""
    approve(creditbank)
    issued = [certificate() for _ in range(120)]
    failures: list[BaseException] = []

    def work(events: list[Any]) -> None:
        try:
            for at in range(0, len(events), 10):
                creditbank.hear(*events[at : at + 10])
        except BaseException as error:
            failures.append(error)

    events = ([*issued], [changed(one, 2, "revoked") for one in issued], [*issued])
    threads = [threading.Thread(target=work, args=(random.sample(some, len(some)),)) for some in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert faults(creditbank) == set()
    learners = "SELECT learner_id FROM account JOIN entry ON account_id = account.id WHERE account.kind = 'learner'"
    assert rows(creditbank, f"{learners} GROUP BY learner_id HAVING sum(amount_hundredths) <> 0") == []
    assert count(creditbank, "reversal") + count(creditbank, "withheld_certificate") == 120


@pytest.mark.rule("PP-23")
@pytest.mark.parametrize("change", ["UPDATE reversal SET reason = 'x'", "DELETE FROM reversal"])
def test_a_reversal_is_append_only_too(creditbank: Service, booked: CertificateIssued, change: str) -> None:
    creditbank.hear(changed(booked, 2, "revoked"))
    with pytest.raises(DBAPIError, match="append-only"), creditbank.database.transaction() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    ("standing", "table", "corruption", "found"),
    [
        ("revoked", "reversal", "DELETE FROM reversal", {("credit_settled", "missing"), ("reversals_booked", "missing")}),
        ("valid", "hold", "UPDATE hold SET released_at = NULL", {("credit_settled", "orphaned")}),
        ("suspended", "hold", "DELETE FROM hold", {("credit_settled", "missing")}),
        ("suspended", "hold", "UPDATE hold SET credit_hundredths = 1", {("credit_settled", "altered")}),
        ("replaced", "bearer", "DELETE FROM bearer", {("credit_settled", "altered")}),
        ("replaced", "bearer", "UPDATE bearer SET bearer_number = 'X'", {("credit_settled", "altered")}),
        ("revoked", "certificate_standing", "UPDATE certificate_standing SET standing = 'valid'",
         {("credit_settled", "orphaned")}),
        ("revoked", "entry",
         "UPDATE entry SET amount_hundredths = 2 * amount_hundredths WHERE journal_id = (SELECT journal_id FROM reversal)",
         {("reversals_booked", "altered")}),
    ],
)  # fmt: skip
def test_credit_that_is_not_as_its_certificate_stands_is_found_by_the_audit(
    creditbank: Service, booked: CertificateIssued, standing: str, table: str, corruption: str, found: set[Any]
) -> None:
    creditbank.hear(changed(booked, 2, "suspended"))
    successor = (uuid.uuid4(), "004-new") if standing == "replaced" else None
    creditbank.hear(changed(booked, 3, standing, successor=successor))
    assert faults(creditbank) == set()
    with creditbank.database.transaction() as session:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text(corruption))
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    assert {one[:2] for one in faults(creditbank)} == found
