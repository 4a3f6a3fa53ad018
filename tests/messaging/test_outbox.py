"""What is said stands or falls with the transaction, and with the savepoint, that says it."""

import orjson
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from onex.chassis import trace
from onex.chassis.database import copy_in
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import inbox, outbox, parking
from onex.messaging.heard import Heard
from onex.messaging.topology import PARTNERS
from tests.harness.service import envelope
from tests.messaging.trial import Stage, organization


def said(stage: Stage) -> list[str]:
    """The names in the outbox, in the order in which they will leave."""
    with stage.speaker_db.session() as session:
        bodies = session.scalars(text("SELECT body FROM outbox ORDER BY id"))
        return [orjson.loads(bytes(body))["name_en"] for body in bodies]


def test_undoing_a_savepoint_takes_back_what_was_said_in_it_and_nothing_else(stage: Stage) -> None:
    with stage.speaker_db.transaction() as session:
        outbox.append(session, organization("before"))
        savepoint = session.begin_nested()
        outbox.append(session, organization("undone"))
        savepoint.rollback()
        with session.begin_nested():
            outbox.append(session, organization("kept"))
        outbox.append(session, organization("after"))
    assert said(stage) == ["before", "kept", "after"]


def test_nothing_said_in_one_transaction_leaks_into_the_next_of_the_same_session(stage: Stage) -> None:
    with stage.speaker_db.session() as session:
        outbox.append(session, organization("rolled-back"))
        session.rollback()
        outbox.append(session, organization("committed"))
        session.commit()
        session.commit()
    assert said(stage) == ["committed"]


def test_an_event_carries_on_the_trace_of_its_cause_and_else_of_the_request(stage: Stage) -> None:
    cause: Heard[OrganizationAdmitted] = envelope(organization("cause"))
    with trace.follow(None) as request, stage.speaker_db.transaction() as session:
        outbox.append(session, organization("of-the-request"))
        outbox.append(session, organization("of-the-cause"), cause=cause)
    with stage.speaker_db.session() as session:
        assert list(session.scalars(text("SELECT traceparent FROM outbox ORDER BY id"))) == [request, cause.traceparent]


def test_an_event_passed_on_keeps_its_id_its_time_and_its_body(stage: Stage) -> None:
    heard = envelope(organization("passed-on"))
    with stage.speaker_db.transaction() as session:
        outbox.pass_on(session, heard, PARTNERS)
    with stage.speaker_db.session() as session:
        row = session.execute(text("SELECT * FROM outbox")).one()
    assert (row.lane, row.id, row.occurred_at) == (PARTNERS, heard.event_id, heard.occurred_at)
    assert OrganizationAdmitted.decode(bytes(row.body)) == heard.event


def test_a_claim_is_given_once_and_given_back_when_it_is_rolled_back(stage: Stage) -> None:
    first, second = envelope(organization("a")).event_id, envelope(organization("b")).event_id
    with stage.speaker_db.session() as session:
        assert inbox.claim(session, "queue", [first, second, first]) == {first, second}
        session.rollback()
        assert inbox.claim(session, "queue", [second]) == {second}
        session.commit()
        assert inbox.claim(session, "queue", [first, second]) == {first}
        assert inbox.claim(session, "another", [second]) == {second}
        assert inbox.is_claimed(session, "queue", second)
        assert not inbox.is_claimed(session, "third", second)


def test_what_waits_parked_is_not_parked_twice_and_what_was_decided_may_come_back(stage: Stage) -> None:
    def park() -> None:
        with stage.listener_db.transaction() as session:
            parking.park(session, "queue", {"cloudEvents_id": "not-a-uuid"}, b"\xff", "undecodable", "why", 1)

    park()
    park()
    (row,) = stage.parked()
    with stage.listener_db.transaction() as session:
        assert parking.count(session) == 1
        assert parking.settle(session, row.id, "discarded", "operator", "garbage")
    park()
    assert [one.outcome for one in stage.parked()] == ["discarded", None]


def test_an_error_of_copy_is_of_the_kind_that_any_statement_raises(stage: Stage) -> None:
    heard = envelope(organization("twice"))
    row = ("queue", heard.event_id)
    with pytest.raises(IntegrityError) as caught, stage.speaker_db.transaction() as session:
        copy_in(session, "inbox", ("consumer", "event_id"), [row, row])
    assert isinstance(caught.value.orig, psycopg.errors.UniqueViolation)


def test_a_connection_lost_in_copy_says_so_and_the_next_transaction_has_a_new_one(stage: Stage) -> None:
    with stage.speaker_db.session() as session:
        own = session.scalar(text("SELECT pg_backend_pid()"))
        with stage.speaker_db.transaction() as other:
            other.execute(text("SELECT pg_terminate_backend(:own, 10000)"), {"own": own})
        row = ("queue", envelope(organization("x")).event_id)
        with pytest.raises(OperationalError) as caught:
            copy_in(session, "inbox", ("consumer", "event_id"), [row])
    assert caught.value.connection_invalidated
    with stage.speaker_db.transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1
