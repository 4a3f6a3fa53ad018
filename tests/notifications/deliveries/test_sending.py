"""A real worker process delivers to real receivers: signed, at least once, one bad receiver never hurting another."""

import pytest
from sqlalchemy import text

from tests.fakes.receiver import CLOSE, Receiver
from tests.harness.service import Service
from tests.notifications.conftest import Workers, deliveries, subscribe, until
from tests.notifications.samples import certificate


@pytest.mark.rule("PP-45")
def test_what_was_heard_is_delivered_signed_with_no_hand_in_between(notifications: Service, worker: Workers) -> None:
    with Receiver() as receiver, worker():
        made = subscribe(notifications, receiver.url)
        receiver.secret = made["secret"]
        issued = [certificate() for _ in range(600)]
        heard = notifications.hear(*issued)
        receiver.wait_until(lambda r: len(r.accepted) == 600)
        until(lambda: {one["state"] for one in deliveries(notifications, made["id"])} == {"delivered"})
        assert set(receiver.accepted) == {str(one.event_id) for one in heard}
        assert 1 < receiver.most_at_once <= 8
        assert receiver.connections < 60  # kept alive, not one a message
        message = receiver.messages[str(heard[0].event_id)]
        assert message["type"] == "certificate_issued"
        assert message["data"]["number"] == issued[0].number


def test_a_message_that_fails_is_sent_again_under_the_same_id_and_counts_once(
    notifications: Service, worker: Workers
) -> None:
    with Receiver(plan=[500, CLOSE]) as receiver, worker():
        made = subscribe(notifications, receiver.url)
        (one,) = notifications.hear(certificate())
        receiver.wait_until(lambda r: len(r.attempts) == 1)
        until(lambda: deliveries(notifications, made["id"])[0]["last_status"] == 500)
        assert deliveries(notifications, made["id"])[0]["state"] == "pending"
        receiver.wait_until(lambda r: len(r.attempts) == 2)
        assert set(receiver.attempts) == {str(one.event_id)}
        until(lambda: deliveries(notifications, made["id"])[0]["last_error_code"] == "connection_broken")


def test_a_slow_and_a_dead_receiver_hold_up_nobody(notifications: Service, worker: Workers) -> None:
    with Receiver(always=6.0) as slow, Receiver() as quick:
        with Receiver() as gone:
            dead_url = gone.url
        for url in [slow.url] * 5 + [dead_url] * 5:
            subscribe(notifications, url)
        subscribe(notifications, quick.url)
        with worker():
            notifications.hear(*(certificate() for _ in range(200)))
            quick.wait_until(lambda r: len(r.accepted) == 200)
            assert len(slow.accepted) < 200


def test_what_is_in_flight_at_a_stop_is_sent_once_and_the_rest_is_given_back(
    notifications: Service, worker: Workers
) -> None:
    with Receiver(always=0.9) as receiver:
        made = subscribe(notifications, receiver.url)
        with worker() as process:
            notifications.hear(*(certificate() for _ in range(50)))
            receiver.wait_until(lambda r: len(r.attempts) >= 2)
            process.terminate()
            process.wait(timeout=20)
        states = [one["state"] for one in deliveries(notifications, made["id"])]
        assert states.count("delivered") == len(receiver.attempts) == len(receiver.accepted) < 50
        with notifications.database.session() as session:
            held = "SELECT count(*) FROM delivery WHERE state = 'pending' AND next_attempt_at > now()"
            assert session.execute(text(held)).scalar_one() == 0
        receiver.now_always(200)
        with worker():
            receiver.wait_until(lambda r: len(r.accepted) == 50)
            until(lambda: {one["state"] for one in deliveries(notifications, made["id"])} == {"delivered"})
        assert len(receiver.attempts) == len(set(receiver.attempts)) == 50


def test_a_receiver_that_does_not_answer_does_not_keep_a_worker_from_stopping(
    notifications: Service, worker: Workers
) -> None:
    with Receiver(always=14.0) as receiver, worker() as process:
        subscribe(notifications, receiver.url)
        notifications.hear(certificate())
        receiver.wait_until(lambda r: len(r.attempts) == 1)
        process.terminate()
        process.wait(timeout=12)


def test_what_a_killed_worker_had_taken_is_taken_again(notifications: Service, worker: Workers) -> None:
    with Receiver(always=1.5) as receiver:
        made = subscribe(notifications, receiver.url)
        with worker() as process:
            notifications.hear(*(certificate() for _ in range(20)))
            receiver.wait_until(lambda r: len(r.attempts) >= 2)
            process.kill()
            process.wait()
        with notifications.database.transaction() as session:  # the leases end
            ended = session.execute(text("UPDATE delivery SET next_attempt_at = now() WHERE state = 'pending'"))
            assert ended.rowcount > 0  # type: ignore[attr-defined]
        receiver.now_always(200)
        with worker():
            receiver.wait_until(lambda r: len(r.accepted) == 20)
            until(lambda: {one["state"] for one in deliveries(notifications, made["id"])} == {"delivered"})
