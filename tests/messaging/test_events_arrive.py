"""An event's way from one service's outbox to another service's row, and what becomes of those that cannot be handled."""

from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest
from kombu import Connection
from sqlalchemy import text

from onex.chassis import trace
from onex.messaging import outbox, packs, parking
from onex.messaging.publisher import Publisher
from onex.messaging.topology import dead_letters_of
from tests.messaging.trial import QUEUE, Process, Stage, message, organization, until

HANDLED = 'onex_events_handled_total{event="organization_admitted",producer="registry",service="notifications"}'
DUPLICATE = "onex_events_duplicate_total{"


@pytest.fixture(scope="module")
def _running(_stage: Stage) -> Iterator[dict[str, Process]]:
    """The workers that these tests share: none of them harms its worker."""
    _stage.clear()
    yield {}
    _stage.clear()


@pytest.fixture
def stage(_stage: Stage, _running: dict[str, Process]) -> Stage:
    _stage.empty()
    return _stage


def shared(stage: Stage, running: dict[str, Process], part: str) -> Process:
    if part not in running or not running[part].alive:
        running[part] = stage.start(part)
    return running[part]


@pytest.fixture
def listener(stage: Stage, _running: dict[str, Process]) -> Process:
    return shared(stage, _running, "listener").ready().forget()


@pytest.fixture
def speaker(stage: Stage, _running: dict[str, Process]) -> Process:
    return shared(stage, _running, "speaker")


def test_what_is_committed_arrives_once(stage: Stage, speaker: Process, listener: Process) -> None:
    names = [f"org-{number}" for number in range(1200)]  # more than two batches
    before = listener.metric(HANDLED)
    stage.say(*(organization(name) for name in names))
    stage.until_recorded(names)
    until(lambda: stage.unsent() == 0, "the outbox is empty")
    assert listener.metric(HANDLED) == before + 1200
    stage.nothing_left_in(listener)


def test_each_event_of_a_pack_has_its_own_fate(stage: Stage, listener: Process) -> None:
    """What is refused, cannot be read or has to wait is set aside alone, and the others of its pack go in."""
    no_name = organization("nameless").encode().replace(b"name_en", b"name_xx")
    fates = [organization("one"), organization("no", does="refuse"), no_name, organization("late", does="wait")]
    stage.put(*fates, organization("two"), packed=10)
    stage.until_recorded(["one", "two"])
    until(lambda: listener.said("event_retried"), "the event that has to wait was sent to a delay tier")
    stage.record("awaited")
    stage.until_recorded(["awaited", "late", "one", "two"])
    assert sorted(row.code for row in stage.parked()) == ["undecodable", "unwelcome"]
    assert {bytes(row.body) for row in stage.parked() if row.code == "undecodable"} == {no_name}
    stage.nothing_left_in(listener)


def test_a_pack_twice_is_handled_once(stage: Stage, listener: Process) -> None:
    before = listener.metric(DUPLICATE)
    names = [f"packed-{number}" for number in range(250)]
    sent = stage.put(*map(organization, names), packed=100)
    assert len(sent) == 3
    stage.publish(sent)
    stage.until_recorded(names)
    until(lambda: listener.metric(DUPLICATE) == before + 250, "each event of the second is a duplicate")
    assert stage.recorded == sorted(names)


def test_a_pack_that_cannot_be_read_is_parked_as_it_came_and_can_be_replayed(stage: Stage, listener: Process) -> None:
    whole = message(organization("whole"))
    broken = packs.pack([whole, message(organization("second"))])
    stage.publish([replace(broken, body=broken.body[:-1])])
    (row,) = until(stage.parked, "the pack is parked")
    assert (row.code, row.event_id, bytes(row.body)) == ("undecodable", None, broken.body[:-1])
    stage.publish([replace(parking.as_outgoing(row), body=broken.body)])  # a fixed consumer would understand it
    stage.until_recorded(["second", "whole"])


def test_what_is_rolled_back_is_never_said(stage: Stage, speaker: Process, listener: Process) -> None:
    with stage.speaker_db.session() as session:
        outbox.append(session, organization("never"))
        session.rollback()
    stage.say(organization("after"))
    stage.until_recorded(["after"])


def test_the_same_message_twice_is_handled_once(stage: Stage, listener: Process) -> None:
    before = listener.metric(DUPLICATE)
    sent = stage.put(organization("once"))
    stage.until_recorded(["once"])
    stage.publish(sent)
    until(lambda: listener.metric(DUPLICATE) == before + 1, "the duplicate is counted")
    assert stage.recorded == ["once"]


def test_an_undecodable_message_is_parked_and_the_others_of_its_batch_go_in(stage: Stage, listener: Process) -> None:
    stage.put(organization("before"), b"\xff not JSON", b'{"organization_id": 7}', organization("after"))
    stage.until_recorded(["after", "before"])
    until(lambda: len(stage.parked()) == 2, "both are parked")
    assert {row.code for row in stage.parked()} == {"undecodable"}
    assert {bytes(row.body) for row in stage.parked()} == {b"\xff not JSON", b'{"organization_id": 7}'}


def test_a_message_without_an_envelope_is_parked(stage: Stage, listener: Process) -> None:
    bare = message(organization("bare"))
    odd = {"text": "a\0b", "bytes": b"\xff", "nested": {"list": [1, None, True]}}
    stage.publish([type(bare)(bare.exchange, bare.routing_key, odd, bare.body), message(organization("good"))])
    stage.until_recorded(["good"])
    (row,) = until(stage.parked, "the bare message is parked")
    assert (row.code, row.event_id, row.headers["text"]) == ("undecodable", None, "a\ufffdb")


def test_a_refused_event_is_parked_by_the_refusals_code_and_hurts_no_other(stage: Stage, listener: Process) -> None:
    stage.put(organization("one"), organization("no", does="refuse"), organization("two"))
    stage.until_recorded(["one", "two"])
    (row,) = until(stage.parked, "the refused event is parked")
    assert (row.code, row.consumer, row.attempts) == ("unwelcome", QUEUE, 1)


def test_an_unexpected_error_parks_and_its_text_is_kept_nowhere(stage: Stage, listener: Process) -> None:
    stage.put(organization("odd", does="break"))
    (row,) = until(stage.parked, "the event is parked")
    assert (row.code, row.reason) == ("unexpected_error", "ValueError")
    assert listener.said("11010519491231002X") == 0


def test_what_needs_something_not_yet_known_is_tried_again_until_it_is(stage: Stage, listener: Process) -> None:
    stage.put(organization("patient", does="wait"), organization("other"))
    until(lambda: listener.said("event_retried"), "the event was sent to a delay tier")
    stage.record("awaited")
    stage.until_recorded(["awaited", "other", "patient"])
    assert stage.parked() == []


def test_when_the_retries_are_exhausted_the_event_is_parked(stage: Stage, listener: Process) -> None:
    stage.put(organization("hopeless", does="never"))
    (row,) = until(stage.parked, "the event is parked")
    assert (row.code, row.attempts) == ("retries_exhausted", 3)
    assert listener.said("event_retried") == 2


def test_a_parked_event_is_replayed_to_its_own_queue_with_a_fresh_count(stage: Stage, listener: Process) -> None:
    stage.put(organization("later", does="wait"))
    (row,) = until(stage.parked, "the event is parked")
    stage.record("awaited")
    publisher = Publisher(stage.environ["ONEX_AMQP_URL_NOTIFICATIONS"], "test")
    with stage.listener_db.transaction() as session:
        assert parking.settle(session, row.id, "replayed", "operator", "it is known now")
        publisher.publish([parking.as_outgoing(row)])
        assert not parking.settle(session, row.id, "discarded", "operator", "too late")
    publisher.close()
    stage.until_recorded(["awaited", "later"])


@pytest.mark.parametrize("names", [["dropped"], ["dropped", "with", "it"]], ids=["alone", "packed"])
def test_what_the_broker_gives_up_is_parked_under_the_queue_it_came_from(
    stage: Stage, listener: Process, names: list[str]
) -> None:
    listener.end()
    stage.put(*map(organization, names), packed=10)
    with Connection(stage.environ["ONEX_AMQP_URL_NOTIFICATIONS"]) as connection:
        channel = connection.default_channel
        taken = until(lambda: channel.basic_get(QUEUE), "the message is in the queue")
        channel.basic_reject(taken.delivery_tag, requeue=False)
        until(lambda: stage.waiting(dead_letters_of("notifications")), "the broker moved it to the dead letters")
    listener = stage.start("listener").ready()
    rows = until(stage.parked, "the dead letter is parked")
    assert {(row.code, row.consumer) for row in rows} == {("dead_lettered", QUEUE)}
    assert [orjson.loads(bytes(row.body))["name_en"] for row in rows] == names
    assert len({row.event_id for row in rows}) == len(names)
    stage.nothing_left_in(listener)
    assert stage.waiting(dead_letters_of("notifications")) == 0


def test_a_dead_letter_without_a_body_is_parked(stage: Stage, listener: Process) -> None:
    dead = replace(message(b""), exchange="", routing_key=dead_letters_of("notifications"))
    stage.publish([dead])
    (row,) = until(stage.parked, "the dead letter is parked")
    assert (row.code, bytes(row.body)) == ("dead_lettered", b"")
    stage.nothing_left_in(listener)
    assert stage.waiting(dead_letters_of("notifications")) == 0


def test_a_partners_stock_nameko_handler_hears_our_events(stage: Stage, speaker: Process) -> None:
    partner = stage.start("stock").ready()
    heard = stage.faults / "stock.heard"
    stage.say(organization("from-onex"))
    until(lambda: heard.exists() and heard.read_text() == "from-onex\n", "the stock handler heard it")
    assert partner.alive


def test_one_trace_runs_from_the_sayer_to_the_hearer(stage: Stage, speaker: Process, listener: Process) -> None:
    with trace.follow("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"):
        stage.say(organization("traced"))
    stage.until_recorded(["traced"])
    until(lambda: listener.said("0af7651916cd43dd8448eb211c80319c"), "the hearer logged the sayer's trace")


def test_a_claim_and_what_the_door_wrote_stand_or_fall_together(stage: Stage, listener: Process) -> None:
    stage.put(organization("no", does="refuse"), organization("yes"))
    stage.until_recorded(["yes"])
    until(stage.parked, "the refused event is parked")
    with stage.listener_db.session() as session:
        assert session.scalar(text("SELECT count(*) FROM inbox")) == 1
