"""`onex parked`: an operator sees what was set aside, and all of it arrives once the cause is mended."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import clock, trace
from onex.chassis.ids import new_id
from onex.cli import parked as command
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import heard, parking
from onex.messaging.parking import Selection
from onex.messaging.topology import queue_of
from tests.assessment.world import organization
from tests.cli.broker import Broker
from tests.cli.command import Command
from tests.harness.service import Service

QUEUE = queue_of("assessment", OrganizationAdmitted)
Services = Callable[[str], Service]


def set_aside(service: Service, code: str = "unexpected_error", consumer: str = QUEUE, count: int = 1) -> list[Any]:
    """Park so many events as the consumer does, and return their rows."""
    ids = [new_id() for _ in range(count)]
    with service.database.transaction() as session:
        for event_id in ids:
            event = organization(uuid.uuid4(), "teo", "91110000100000001A")
            headers = heard.headers_of(
                event_id, type(event).type(), "/registry", str(event.organization_id), clock.now(), trace.current()
            )
            told = headers | {heard.ATTEMPT: 5, "x-delivery-count": 3}
            parking.park(session, consumer, told, event.encode(), code, f"because of {code}", 6)
    return rows(service, ids)


def rows(service: Service, event_ids: list[uuid.UUID]) -> list[Any]:
    query = text("SELECT * FROM parked WHERE event_id = ANY(CAST(:ids AS uuid[])) ORDER BY id")
    with service.database.session() as session:
        return list(session.execute(query, {"ids": event_ids}))


def age(service: Service, row: Any, by: timedelta) -> None:
    with service.database.transaction() as session:
        query = text("UPDATE parked SET parked_at = parked_at - CAST(:by AS interval) WHERE id = :id")
        session.execute(query, {"by": by, "id": row.id})


def waiting(service: Service) -> int:
    with service.database.session() as session:
        return parking.count(session)


def test_what_is_parked_is_listed_with_its_reason_and_shown_whole(onex: Command, services: Services) -> None:
    services("creditbank")  # empty: other tests may have left something parked there
    (row,) = set_aside(services("assessment"), "certificate_type_unknown")
    listed = onex("parked", "list")
    for expected in (str(row.id), QUEUE, "certificate_type_unknown", "because of certificate_type_unknown"):
        assert expected in listed
    shown = onex("parked", "show", str(row.id))
    assert "after 6 attempts" in shown
    assert "cloudEvents_subject" in shown
    assert '"kind":"teo"' in shown
    assert "Nothing is parked." in onex("parked", "list", "--service", "creditbank")


@pytest.mark.parametrize("spelling", ["urn:uuid:{}", "{{{}}}", "urn:uuid:{{{}}}"])
def test_an_id_in_another_spelling_is_kept_as_the_id_that_it_is(services: Services, spelling: str) -> None:
    assessment, event_id = services("assessment"), new_id()
    with assessment.database.transaction() as session:
        told = {"cloudEvents_id": spelling.format(event_id)}
        parking.park(session, QUEUE, told, b"", "undecodable", "because", 1)
    (row,) = rows(assessment, [event_id])
    assert row.headers == told


def test_an_event_replayed_by_its_id_arrives_as_it_was_with_a_fresh_count_of_attempts(
    onex: Command, services: Services, broker: Broker
) -> None:
    assessment = services("assessment")
    row, other = set_aside(assessment, count=2)
    onex("parked", "replay", str(row.id), "--note", "mended")
    (message,) = broker.take(QUEUE)
    assert bytes(message.body) == bytes(row.body)
    assert message.headers["cloudEvents_id"] == str(row.event_id)
    assert heard.ATTEMPT not in message.headers
    decided, left = rows(assessment, [row.event_id, other.event_id])
    assert (decided.outcome, decided.decided_by, decided.note) == ("replayed", "an operator", "mended")
    assert left.outcome is None


def test_a_dry_run_says_what_it_would_be_and_sends_nothing(onex: Command, services: Services, broker: Broker) -> None:
    set_aside(services("assessment"), "a", count=3)
    assert "would replay 3 to" in onex("parked", "replay", "--code", "a", "--dry-run")
    assert broker.waiting(QUEUE) == 0
    assert waiting(services("assessment")) == 3


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--code", "old"], 2),
        (["--code", "old", "--since", "{hour_ago}"], 0),
        (["--since", "{hour_ago}"], 3),
        (["--until", "{hour_ago}"], 2),
        (["--queue", QUEUE], 5),
        (["--queue", "assessment.registry.site_filed"], 0),
        (["--service", "creditbank", "--all"], 0),
        (["--all"], 5),
    ],
)
def test_events_are_chosen_by_reason_queue_service_and_time(
    onex: Command, services: Services, broker: Broker, options: list[str], expected: int
) -> None:
    assessment = services("assessment")
    set_aside(assessment, "new", count=3)
    for row in set_aside(assessment, "old", count=2):
        age(assessment, row, timedelta(hours=2))
    hour_ago = (clock.now() - timedelta(hours=1)).isoformat()
    onex("parked", "replay", *(option.format(hour_ago=hour_ago) for option in options))
    assert broker.waiting(QUEUE) == expected
    assert waiting(assessment) == 5 - expected


def test_nothing_is_replayed_by_a_command_that_chooses_nothing(onex: Command, services: Services) -> None:
    onex("parked", "replay", expect=2)
    onex("parked", "replay", str(uuid.uuid4()), expect=2)


def test_after_the_fix_everything_arrives(
    onex: Command, services: Services, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "BATCH", 20)
    assessment = services("assessment")
    set_aside(assessment, count=70)
    assert "replayed 70 to" in onex("parked", "replay", "--code", "unexpected_error")
    assert broker.deliver(assessment, OrganizationAdmitted, QUEUE) == 70
    with assessment.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM organization")) == 70
    assert "Nothing is parked." in onex("parked", "list")
    assert "Nothing to replay" in onex("parked", "replay", "--code", "unexpected_error")


def test_two_operators_at_once_send_each_event_once(
    onex: Command, services: Services, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "BATCH", 7)
    monkeypatch.setenv("ONEX_PUBLIC_URL", "x")
    for name, value in onex.environ.items():
        monkeypatch.setenv(name, value)
    assessment = services("assessment")
    set_aside(assessment, count=60)
    together = threading.Barrier(2)
    sent: list[int] = []

    def operator() -> None:
        together.wait()
        sent.append(len(list(command._replayed(assessment.database, Selection(), ""))))

    both = [threading.Thread(target=operator) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    messages = broker.take(QUEUE)
    assert sum(sent) == len(messages) == 60
    assert len({one.headers["cloudEvents_id"] for one in messages}) == 60
    assert waiting(assessment) == 0


def test_an_event_that_is_refused_again_while_its_replay_is_being_committed_is_parked_again(
    services: Services, broker: Broker
) -> None:
    """The consumer is faster than the operator's commit: what it sets aside must not be taken for what was replayed."""
    assessment = services("assessment")
    (row,) = set_aside(assessment)
    parked_again = threading.Event()

    def consumer() -> None:
        with assessment.database.transaction() as session:
            parking.park(session, row.consumer, row.headers, bytes(row.body), "still_broken", "it is", 1)
        parked_again.set()

    with assessment.database.transaction() as session:
        (taken,) = parking.take(session, 10, Selection(row.id))
        thread = threading.Thread(target=consumer)
        thread.start()
        assert not parked_again.wait(1.0), "it did not wait for the replay's end"
        parking.settle_all(session, [taken.id], "replayed", "an operator", "")
    thread.join(30)
    assert [(one.code, one.outcome) for one in rows(assessment, [row.event_id])] == [
        ("unexpected_error", "replayed"),
        ("still_broken", None),
    ]


def test_an_event_whose_queue_is_gone_stays_parked_and_hurts_no_other(
    onex: Command, services: Services, broker: Broker
) -> None:
    assessment = services("assessment")
    set_aside(assessment, count=2)
    (lost,) = set_aside(assessment, consumer="assessment.registry.nothing_any_more")
    said = onex("parked", "replay", "--all", expect=1)
    assert "replayed 2 to" in said
    assert f"not sent, still parked: {lost.id}" in said
    assert broker.waiting(QUEUE) == 2
    assert waiting(assessment) == 1


def test_a_discarded_event_stays_on_record_with_the_note_and_is_not_replayed(
    onex: Command, services: Services, broker: Broker
) -> None:
    assessment = services("assessment")
    (row,) = set_aside(assessment)
    onex("parked", "discard", str(row.id), expect=2)  # why?
    assert "Discarded." in onex("parked", "discard", str(row.id), "--note", "a test of a partner's")
    onex("parked", "discard", str(row.id), "--note", "again", expect=2)
    onex("parked", "replay", str(row.id), expect=2)
    assert "discarded" in onex("parked", "show", str(row.id))
    assert rows(assessment, [row.event_id])[0].note == "a test of a partner's"
    assert broker.waiting(QUEUE) == 0
