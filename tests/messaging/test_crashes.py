"""Each step of an event's life is broken once: nothing is lost, and nothing is done twice."""

import signal

import pytest
from sqlalchemy import text

from tests.messaging.trial import Process, Stage, organization, until

NAMES = [f"org-{number}" for number in range(50)]


def test_a_relay_that_dies_between_the_confirm_and_the_delete_sends_twice_and_nothing_is_done_twice(
    stage: Stage, listener: Process
) -> None:
    stage.arm("after_confirm")
    first = stage.start("speaker")
    stage.say(*(organization(name) for name in NAMES))
    assert first.wait() == -signal.SIGKILL
    assert stage.unsent() == len(NAMES)
    stage.start("speaker").ready()
    until(lambda: listener.metric("onex_events_duplicate_total") == len(NAMES), "every event came a second time")
    stage.until_recorded(NAMES)
    assert stage.unsent() == 0


@pytest.mark.parametrize("packed", [1, 20])
@pytest.mark.parametrize("fault", ["before_commit", "after_commit"])
def test_a_consumer_that_dies_around_its_commit_handles_each_event_once(stage: Stage, fault: str, packed: int) -> None:
    stage.arm(fault)
    stage.put(*(organization(name) for name in NAMES), packed=packed)
    dying = stage.start("listener")
    assert dying.wait() == -signal.SIGKILL
    assert stage.recorded == ([] if fault == "before_commit" else sorted(NAMES))
    second = stage.start("listener").ready()
    if fault == "after_commit":
        until(lambda: second.metric("onex_events_duplicate_total") == len(NAMES), "every event was claimed already")
    stage.until_recorded(NAMES)
    stage.nothing_left_in(second)


@pytest.mark.parametrize("packed", [1, 10, 100])
def test_an_event_that_kills_its_process_is_parked_and_its_neighbours_are_handled_once(
    stage: Stage, packed: int
) -> None:
    events = [organization(name, does="kill" if name == "org-25" else "好") for name in NAMES]
    refused = organization("refused", does="refuse")
    stage.put(*events[:25], refused, *events[25:], packed=packed)
    deaths = 0
    listener = stage.start("listener")
    while not any(row.code == "process_died" for row in stage.parked()):
        now = listener
        until(lambda now=now: not now.alive or len(stage.parked()) == 2, "the event kills the process or is parked")  # type: ignore[misc]
        if not listener.alive:
            deaths += 1
            assert deaths < 10, "it is never parked"
            listener = stage.start("listener")
    stage.until_recorded(name for name in NAMES if name != "org-25")
    assert sorted(row.code for row in stage.parked()) == ["process_died", "unwelcome"]
    with stage.listener_db.session() as session:
        assert session.scalar(text("SELECT max(starts) FROM event_start")) == 4
    stage.nothing_left_in(listener.ready())


def test_of_two_relays_one_sends_and_the_other_takes_over_when_it_dies(stage: Stage, listener: Process) -> None:
    first = stage.start("speaker")
    until(lambda: first.said("relay_active"), "the first relay is active")
    # Its own port, for both run on one machine here.
    second = stage.start("speaker", ONEX_WORKER_PORT_REGISTRY="0")
    until(lambda: second.said("worker_started"), "the second stands by")
    stage.say(organization("by-the-first"))
    stage.until_recorded(["by-the-first"])
    assert second.said("relay_active") == 0
    first.signal(signal.SIGKILL)
    stage.say(organization("by-the-second"))
    stage.until_recorded(["by-the-first", "by-the-second"])
    assert second.said("relay_active") == 1


def test_sigterm_stops_a_busy_worker_and_loses_nothing(stage: Stage) -> None:
    names = [f"org-{number}" for number in range(2500)]
    stage.put(*(organization(name) for name in names))
    first = stage.start("listener")
    until(lambda: stage.recorded, "the first batch is in")
    first.signal(signal.SIGTERM)
    assert first.wait(20) == 0
    second = stage.start("listener").ready()
    stage.until_recorded(names)
    stage.nothing_left_in(second)


@pytest.mark.parametrize(("does", "keeps_its_connection"), [("slow", True), ("hog", False)])
def test_a_door_that_outlasts_the_heartbeat_is_done_once(stage: Stage, does: str, keeps_its_connection: bool) -> None:
    listener = stage.start("listener", ONEX_TRIAL_HEARTBEAT_S="1", ONEX_TRIAL_SLOW_S="4").ready()
    stage.put(organization("long", does=does))
    stage.until_recorded(["long"])
    stage.put(organization("next"))
    stage.until_recorded(["long", "next"])
    assert bool(listener.said("consumer_interrupted")) is not keeps_its_connection
    stage.nothing_left_in(listener)
    assert stage.recorded == ["long", "next"]
