"""Certificates become deposits: once each, in balance, whatever order and however often they are heard of (PP-45, PP-23)."""

import random
import threading
import uuid
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from onex.chassis.access import Role
from onex.contracts.certificates import CertificateIssued
from onex.contracts.creditbank import CreditsDeposited, Deposited
from onex.messaging.heard import Heard
from tests.creditbank.conftest import approve, propose
from tests.creditbank.samples import TYPE, certificate
from tests.harness.service import Service, envelope


def rows(creditbank: Service, sql: str) -> list[Any]:
    with creditbank.database.session() as session:
        return list(session.execute(text(sql)))


def count(creditbank: Service, table: str) -> int:
    return int(rows(creditbank, f"SELECT count(*) FROM {table}")[0][0])


def state(creditbank: Service) -> list[Any]:
    """The ledger without the ids it made itself."""
    booked = rows(
        creditbank,
        "SELECT certificate_id, learner_id, credit_hundredths, number, cause,"
        " (SELECT array_agg(a.kind || amount_hundredths ORDER BY a.kind) FROM entry e JOIN account a ON a.id = account_id"
        " WHERE e.journal_id = d.journal_id) AS entries FROM deposit d ORDER BY certificate_id",
    )
    accounts = rows(creditbank, "SELECT kind, learner_id, certificate_type_id FROM account ORDER BY 1, 2, 3")
    said = sorted((str(one.certificate_id), one.credit_hundredths) for one in deposited(creditbank))
    return [booked, accounts, said]


def deposited(creditbank: Service) -> list[Deposited]:
    said: list[CreditsDeposited] = creditbank.said(CreditsDeposited)  # type: ignore[assignment]
    return [deposit for event in said for deposit in event.deposits]


@pytest.mark.rule("PP-45", "PP-23")
def test_an_approved_certificate_is_booked_and_said_in_its_own_trace(creditbank: Service) -> None:
    approve(creditbank, credit_hundredths=250)
    (heard,) = creditbank.hear(certificate())
    (event,) = deposited(creditbank)
    assert (event.certificate_id, event.learner_id) == (heard.event.certificate_id, heard.event.learner_id)
    assert event.credit_hundredths == 250
    assert event.traceparent == heard.traceparent
    entries = rows(
        creditbank,
        "SELECT kind, amount_hundredths FROM entry JOIN account ON account.id = account_id ORDER BY kind",
    )
    assert [tuple(one) for one in entries] == [("issuance", -250), ("learner", 250)]


@pytest.mark.rule("PP-45")
def test_certificates_heard_twice_and_in_another_order_are_booked_once(creditbank: Service) -> None:
    approve(creditbank)
    learner = uuid.uuid4()
    heard = creditbank.hear(*(certificate(learner_id=learner if n % 3 else None) for n in range(40)))
    once = state(creditbank)
    assert len(once[0]) == len(once[2]) == 40
    for _ in range(3):
        again = list(heard)
        random.shuffle(again)
        creditbank.hear(*again)
    assert state(creditbank) == once


@pytest.mark.rule("PP-45")
def test_a_certificate_said_again_under_another_event_id_is_booked_once(creditbank: Service) -> None:
    approve(creditbank)
    one = certificate()
    creditbank.hear(one)
    creditbank.hear(envelope(one))
    creditbank.hear(envelope(one), envelope(one))
    assert count(creditbank, "deposit") == len(deposited(creditbank)) == 1
    assert count(creditbank, "entry") == 2


@pytest.mark.rule("PP-45", "OP-33")
def test_certificates_wait_for_approval_and_are_then_booked_in_steps(creditbank: Service) -> None:
    made = propose(creditbank)
    heard = creditbank.hear(*(certificate() for _ in range(620)))
    creditbank.hear(*heard)
    assert (count(creditbank, "waiting_certificate"), count(creditbank, "deposit")) == (620, 0)
    assert creditbank.fire("book_waiting") is False
    assert count(creditbank, "waiting_certificate") == 620
    creditbank.call("POST", f"/creditbank/v1/proposals/{made['id']}/approval", role=Role.OPERATOR, expect=200)
    assert creditbank.fire("book_waiting") is True
    assert count(creditbank, "deposit") == 500
    assert creditbank.fire("book_waiting") is False
    assert creditbank.fire("book_waiting") is False
    assert (count(creditbank, "waiting_certificate"), count(creditbank, "deposit")) == (0, 620)
    assert {one.certificate_id for one in deposited(creditbank)} == {one.event.certificate_id for one in heard}
    assert {one.traceparent for one in deposited(creditbank)} == {one.traceparent for one in heard}
    assert [len(event.deposits) for event in creditbank.said(CreditsDeposited)] == [500, 120]  # type: ignore[attr-defined]


@pytest.mark.rule("PP-45")
def test_the_order_of_approval_and_certificate_makes_no_difference(creditbank: Service) -> None:
    heard = creditbank.hear(certificate(), certificate("advanced"))
    approve(creditbank)
    creditbank.fire("book_waiting")
    creditbank.hear(*(envelope(one.event) for one in heard))
    assert [row.certificate_id for row in rows(creditbank, "SELECT certificate_id FROM deposit")] == [
        heard[0].event.certificate_id
    ]
    assert count(creditbank, "waiting_certificate") == 1


def test_two_workers_with_the_same_certificates_book_each_once_and_do_not_deadlock(creditbank: Service) -> None:
    approve(creditbank)
    approve(creditbank, level="advanced")
    learners = [uuid.uuid4() for _ in range(20)]
    certificates = [certificate(("primary", "advanced")[n % 2], learner_id=learners[n % 20]) for n in range(200)]
    failures: list[BaseException] = []

    def work(order: list[CertificateIssued]) -> None:
        try:
            heard: list[Heard[CertificateIssued]] = [envelope(one) for one in order]
            creditbank.hear(*heard)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(random.sample(certificates, len(certificates)),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert count(creditbank, "deposit") == len(deposited(creditbank)) == 200
    assert count(creditbank, "account") == 21


@pytest.mark.rule("PP-23")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET amount_hundredths = amount_hundredths * 2",
        "DELETE FROM entry",
        "UPDATE deposit SET credit_hundredths = 1",
        "DELETE FROM journal",
    ],
)
def test_the_ledger_refuses_to_be_rewritten(creditbank: Service, change: str) -> None:
    approve(creditbank)
    creditbank.hear(certificate())
    with pytest.raises(DBAPIError, match="append-only"), creditbank.database.transaction() as session:
        session.execute(text(change))


@pytest.mark.rule("PP-23")
def test_the_ledger_refuses_entries_that_do_not_sum_to_zero(creditbank: Service) -> None:
    approve(creditbank)
    creditbank.hear(certificate())
    more = (
        "INSERT INTO entry (id, journal_id, account_id, amount_hundredths, booked_at)"
        " SELECT gen_random_uuid(), journal_id, account_id, 100, now() FROM entry"
    )
    with pytest.raises(DBAPIError, match="sum to zero"), creditbank.database.transaction() as session:
        session.execute(text(more))


def test_every_account_of_a_type_and_its_learners_sum_to_zero(creditbank: Service) -> None:
    approve(creditbank)
    creditbank.hear(*(certificate() for _ in range(7)))
    ((issued,),) = rows(
        creditbank,
        f"SELECT sum(amount_hundredths) FROM entry JOIN account ON account.id = account_id"
        f" WHERE certificate_type_id = '{TYPE}'",
    )
    assert issued == -7 * 250
    assert rows(creditbank, "SELECT sum(amount_hundredths) FROM entry")[0][0] == 0
