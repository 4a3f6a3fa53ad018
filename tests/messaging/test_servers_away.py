"""The broker freezes, restarts; the database restarts: services go on when they can, and nothing is lost."""

import signal

from kombu import Connection

from tests.messaging.trial import QUEUE, Process, Stage, organization, until


def test_a_frozen_broker_blocks_no_transaction_and_its_events_leave_when_it_thaws(
    stage: Stage, listener: Process
) -> None:
    speaker = stage.start("speaker", ONEX_TRIAL_PATIENCE_S="2").ready()
    stage.platform.kill("rabbitmq", signal.SIGSTOP)
    try:
        stage.say(organization("said-to-ice"))  # returns, or the test's time-out says so
        assert stage.unsent() == 1
        until(lambda: speaker.said("relay_interrupted"), "the relay gives up waiting")
        stage.say(organization("said-later"))
        assert stage.unsent() == 2
    finally:
        stage.platform.kill("rabbitmq", signal.SIGCONT)
    stage.until_recorded(["said-later", "said-to-ice"])
    until(lambda: stage.unsent() == 0, "the outbox is empty")


def test_a_restarted_broker_is_found_again_by_both_sides(stage: Stage, speaker: Process, listener: Process) -> None:
    stage.say(organization("before"))
    stage.until_recorded(["before"])
    stage.platform.restart("rabbitmq")
    stage.say(organization("after"))
    stage.until_recorded(["after", "before"])
    listener.ready()
    assert speaker.alive


def test_while_the_database_is_away_messages_wait_in_the_queue_undelivered(stage: Stage, listener: Process) -> None:
    """Each delivery in vain would count against the message, until the broker gave it up (topology.DELIVERY_LIMIT)."""
    stage.platform._running().end("postgres")
    try:
        stage.put(*(organization(f"org-{number}") for number in range(10)))
        until(lambda: listener.said("consumer_interrupted") >= 3, "the listener has tried three times")
        assert stage.waiting() == 10
        with Connection(stage.environ["ONEX_AMQP_URL_NOTIFICATIONS"]) as connection:
            taken = connection.default_channel.basic_get(QUEUE)  # not acked: it goes back
        assert taken.headers["x-delivery-count"] == 1, "once to the listener that did not know yet, and never again"
    finally:
        stage.platform._running().begin("postgres")
        stage.platform.wait_ready("postgres")
    stage.until_recorded(f"org-{number}" for number in range(10))
    assert stage.parked() == []
    stage.nothing_left_in(listener.ready())
