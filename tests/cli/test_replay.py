"""`onex replay`: what a service said can be heard again, from its first event, an offset or a time."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from onex.chassis import clock, trace
from onex.chassis.ids import new_id
from onex.cli import replay
from onex.contracts.registry import OrganizationAdmitted, SiteFiled
from onex.local.platform import Platform
from onex.messaging import heard
from onex.messaging.publisher import Outgoing
from onex.messaging.streams import Said, read_again
from onex.messaging.topology import exchange_of, queue_of
from tests.assessment.world import organization, site
from tests.cli.broker import Broker
from tests.cli.command import Command
from tests.harness.service import Service

QUEUE = queue_of("assessment", OrganizationAdmitted)
SITES = queue_of("assessment", SiteFiled)


def some_organizations(count: int) -> list[OrganizationAdmitted]:
    return [organization(uuid.uuid4(), "teo", "91110000100000001A") for _ in range(count)]


def a_site() -> SiteFiled:
    return site(uuid.uuid4(), "GD-0001", uuid.uuid4(), uuid.uuid4(), uuid.uuid4())


def offsets(broker: Broker, ids: list[uuid.UUID]) -> list[int]:
    """Where in the registry's stream these events lie."""
    found = {said.headers["cloudEvents_id"]: said.offset for said in read_again(broker.url, "registry", "first")}
    return [found[str(one)] for one in ids]


def printed(text_: str) -> list[uuid.UUID]:
    """The organizations in the printed lines, in their order."""
    return [uuid.UUID(one) for one in re.findall(r'"organization_id":"([^"]+)"', text_)]


def test_everything_said_is_printed_in_its_order_from_the_first_event_on(onex: Command, broker: Broker) -> None:
    events = some_organizations(3)
    broker.say(*events)
    wanted = [event.organization_id for event in events]
    assert printed(onex("replay", "registry"))[-3:] == wanted


def test_a_service_that_goes_on_speaking_does_not_hold_reading_up(onex: Command, broker: Broker) -> None:
    events = some_organizations(3)
    broker.say(*events)
    with broker.saying(a_site) as talking:
        said = printed(onex("replay", "registry", "--event", "organization_admitted"))
        assert talking.is_alive(), "it ended only when the service fell silent"
    assert said[-3:] == [event.organization_id for event in events]


def test_a_message_without_a_body_is_read_like_any_other(onex: Command, broker: Broker) -> None:
    event_id = new_id()
    headers = heard.headers_of(event_id, "onex.registry.empty.v1", "/registry", "x", clock.now(), trace.current())
    broker.publish([Outgoing(exchange_of("registry"), "empty", headers, b"")])
    (found,) = (
        said for said in read_again(broker.url, "registry", "first") if said.headers["cloudEvents_id"] == str(event_id)
    )
    assert found.body == b""


def test_what_travelled_together_is_read_event_by_event_to_the_last(onex: Command, broker: Broker) -> None:
    events = some_organizations(25)
    ids = broker.say(*events, packed=10)
    at = offsets(broker, ids)
    assert [at.count(one) for one in sorted(set(at))] == [10, 10, 5]
    assert printed(onex("replay", "registry", "--from", str(at[0]))) == [event.organization_id for event in events]


def test_reading_begins_at_an_offset_and_not_before(onex: Command, broker: Broker) -> None:
    events = some_organizations(1200)  # more than a chunk and more than the reader's window
    ids = broker.say(*events)
    at = offsets(broker, ids)
    assert at == sorted(at)
    said = onex("replay", "registry", "--from", str(at[700]))
    assert printed(said) == [event.organization_id for event in events[700:]]
    assert "500 events" in said


def test_reading_begins_and_ends_at_a_time(onex: Command, broker: Broker) -> None:
    events = some_organizations(3)
    first = clock.now() + timedelta(hours=10)  # later than anything another test said
    messages = []
    for place, event in enumerate(events):
        contract = type(event)
        headers = heard.headers_of(
            new_id(), contract.type(), "/registry", "x", first + timedelta(hours=place), trace.new_traceparent()
        )
        messages.append(Outgoing(exchange_of("registry"), contract.routing_key(), headers, event.encode()))
    broker.publish(messages)
    until = (first + timedelta(hours=1)).isoformat()
    recent = (clock.now() - timedelta(minutes=10)).isoformat()
    said = printed(onex("replay", "registry", "--from", recent, "--until", until))
    assert events[1].organization_id in said
    assert events[2].organization_id not in said
    after = (clock.now() + timedelta(hours=20)).isoformat()
    assert printed(onex("replay", "registry", "--from", after)) == []


def test_only_events_of_a_name_are_given_when_asked(onex: Command, broker: Broker) -> None:
    broker.say(*some_organizations(1))
    last = broker.say(a_site())
    (at,) = offsets(broker, last)
    said = onex("replay", "registry", "--from", str(at - 1), "--event", "site_filed")
    assert "site_filed" in said
    assert printed(said) == []
    assert "1 events" in said


def test_events_sent_to_a_consumer_again_change_nothing_that_it_has_handled(
    onex: Command, services: Callable[[str], Service], broker: Broker
) -> None:
    assessment, events = services("assessment"), some_organizations(5)
    (at, *_) = offsets(broker, broker.say(*events))
    assert broker.deliver(assessment, OrganizationAdmitted, QUEUE) == 5
    assert f"5 events would go to {QUEUE}" in onex(
        "replay", "registry", "--from", str(at), "--to", "assessment", "--dry-run"
    )
    assert broker.waiting(QUEUE) == 0
    assert f"5 events sent to {QUEUE}" in onex("replay", "registry", "--from", str(at), "--to", "assessment")
    with assessment.database.transaction() as session:
        session.execute(text("UPDATE organization SET name_zh = 'as it is now'"))
    assert broker.deliver(assessment, OrganizationAdmitted, QUEUE) == 5
    with assessment.database.session() as session:
        assert set(session.scalars(text("SELECT name_zh FROM organization"))) == {"as it is now"}


def test_events_far_apart_are_sent_though_the_broker_closed_the_idle_connection(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "IDLE_S", 0.0)
    first, second = (Said(0, {"cloudEvents_type": OrganizationAdmitted.type()}, body) for body in (b"1", b"2"))
    again = replay.Again(broker.url, {OrganizationAdmitted.type(): QUEUE}, dry_run=False)
    again.add(first)
    again.flush()
    assert again._publisher
    again._publisher.close()  # as the broker does after a minute without heartbeats
    again.add(second)
    again.close()
    assert [bytes(one.body) for one in broker.take(QUEUE)] == [b"1", b"2"]


def test_a_broker_whose_name_nobody_knows_is_said_plainly(servers: Platform) -> None:
    onex = Command(servers, ONEX_AMQP_ADMIN_URL="amqp://onex:onex@nowhere.invalid:5672/platform")
    assert "RabbitMQ does not answer as it should: gaierror" in onex("replay", "registry", expect=2)


def test_a_file_that_cannot_be_written_is_not_laid_to_the_broker(onex: Command, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        onex("audit", "--csv", str(tmp_path / "nowhere" / "found.csv"))


def test_what_a_consumer_lost_reaches_it_and_only_what_it_hears(
    onex: Command, services: Callable[[str], Service], broker: Broker
) -> None:
    certificates = services("certificates")  # hears of organizations, not of sites
    (at, *_) = offsets(broker, broker.say(*some_organizations(2), a_site()))
    queue = queue_of("certificates", OrganizationAdmitted)
    broker.take(queue)  # lost
    onex("replay", "registry", "--from", str(at), "--to", "certificates")
    assert broker.deliver(certificates, OrganizationAdmitted, queue) == 2
    with certificates.database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM teo")) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("nobody",),
        ("registry", "--to", "nobody"),
        ("creditbank", "--to", "assessment"),
        ("registry", "--from", "yesterday"),
    ],
)
def test_what_cannot_be_meant_is_refused(onex: Command, words: tuple[str, ...]) -> None:
    onex("replay", *words, expect=2)


def test_a_stream_in_which_nothing_was_said_ends_at_once(onex: Command, broker: Broker, tmp_path: Path) -> None:
    assert "0 events" in onex("replay", "notifications")
