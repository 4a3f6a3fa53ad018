"""The queue: leases, outcomes, and what they say of a subscription; attempts go to a real receiver."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook

from onex.chassis import clock
from onex.chassis.access import Role
from services.notifications.channels.posting import Answer, Poster
from services.notifications.deliveries import queue, rules
from services.notifications.deliveries.attempt import Attempts, settled
from services.notifications.deliveries.queue import Due
from tests.fakes.receiver import Receiver
from tests.harness.service import Service, json_of
from tests.notifications.conftest import PATH, deliveries, subscribe
from tests.notifications.samples import certificate


def take(notifications: Service, **options: Any) -> list[Due]:
    with notifications.database.transaction() as session:
        return queue.take(session, options.pop("room", {}), **options)


def answer(notifications: Service, due: list[Due], status: int | None) -> None:
    """Settle attempts as if the receiver had answered so."""
    with notifications.database.transaction() as session:
        queue.settle(session, [settled(one, Answer(status, None if status else "read_timeout", 0.1)) for one in due])


def last_attempts(notifications: Service) -> list[Due]:
    """Take what is pending for the last time that the schedule tries it."""
    with notifications.database.transaction() as session:
        attempts = {"attempts": len(rules.RETRY_DELAYS_S)}
        session.execute(
            text("UPDATE delivery SET next_attempt_at = now(), attempts = :attempts WHERE state = 'pending'"), attempts
        )
    return take(notifications)


def subscription(notifications: Service) -> dict[str, Any]:
    one: dict[str, Any] = json_of(notifications.call("GET", PATH, role=Role.PARTNER))["items"][0]
    return one


def test_what_is_leased_is_nobody_elses_until_the_lease_ends(notifications: Service) -> None:
    subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate(), certificate())
    assert len(take(notifications)) == 2
    assert take(notifications) == []


def test_what_a_dead_process_had_taken_is_taken_again(notifications: Service) -> None:
    subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate(), certificate())
    first = take(notifications, lease_s=0)
    assert {one.id for one in take(notifications)} == {one.id for one in first}
    assert {one.attempts for one in first} == {0}


def test_each_subscription_gives_what_it_has_room_for(notifications: Service) -> None:
    ids = [uuid.UUID(subscribe(notifications, "http://127.0.0.1:1/")["id"]) for _ in range(3)]
    notifications.hear(*(certificate() for _ in range(5)))
    taken = take(notifications, room={ids[0]: 0, ids[1]: 2}, most_of_others=4)
    counts = [sum(one.subscription_id == key for one in taken) for key in ids]
    assert counts == [0, 2, 4]


def test_a_failure_is_tried_again_by_the_schedule_and_given_up_after_the_last(notifications: Service) -> None:
    made = subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate())
    for attempts, delay_s in enumerate([*rules.RETRY_DELAYS_S, None], start=1):
        (due,) = take(notifications)
        before = clock.now()
        answer(notifications, [due], 503)
        (one,) = deliveries(notifications, made["id"])
        assert (one["attempts"], one["last_status"], one["last_error_code"]) == (attempts, 503, "http_503")
        assert one["state"] == ("pending" if delay_s else "failed")
        assert take(notifications) == []
        with notifications.database.transaction() as session:
            planned = session.execute(text("SELECT next_attempt_at FROM delivery")).scalar_one()
            if delay_s:
                assert before + timedelta(seconds=delay_s) <= planned <= clock.now() + timedelta(seconds=delay_s)
            session.execute(text("UPDATE delivery SET next_attempt_at = now()"))
    assert take(notifications) == []


def test_410_disables_the_subscription_and_gives_up_the_rest(notifications: Service) -> None:
    with Receiver(plan=[410]) as receiver:
        made = subscribe(notifications, receiver.url)
        notifications.hear(certificate(), certificate())
        due = take(notifications)
        attempts = Attempts(notifications.vault, Poster(allow_private=True))
        with notifications.database.transaction() as session:
            queue.settle(session, [attempts.make(due[0])[0]])
    assert (subscription(notifications)["state"], subscription(notifications)["disabled_reason"]) == (
        "disabled",
        "gone",
    )
    assert [one["state"] for one in deliveries(notifications, made["id"])].count("pending") == 1
    notifications.fire("give_up_deliveries")
    assert {one["last_error_code"] for one in deliveries(notifications, made["id"])} == {
        "http_410",
        "subscription_disabled",
    }
    assert {one["state"] for one in deliveries(notifications, made["id"])} == {"failed"}
    notifications.hear(certificate())
    assert len(deliveries(notifications, made["id"])) == 2


def test_five_days_without_a_success_disable_a_subscription_and_one_success_starts_them_anew(
    notifications: Service,
) -> None:
    subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(*(certificate() for _ in range(3)))
    first, second, third = take(notifications)
    answer(notifications, [first], None)
    assert subscription(notifications)["failing_since"]

    def age(days: float) -> None:
        with notifications.database.transaction() as session:
            session.execute(text(f"UPDATE subscription SET failing_since = now() - interval '{days} days'"))

    age(4.9)
    answer(notifications, [second], 200)
    assert subscription(notifications)["failing_since"] is None
    answer(notifications, [third], 500)
    assert subscription(notifications)["state"] == "active"
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE delivery SET next_attempt_at = now()"))
    age(5)
    answer(notifications, last_attempts(notifications), 500)
    assert subscription(notifications)["disabled_reason"] == "failing_too_long"


def test_a_quiet_subscription_is_not_disabled_by_a_failure_that_is_tried_again(notifications: Service) -> None:
    """What was given up ten days ago says nothing of a receiver that nothing was sent to since."""
    subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate())
    take(notifications)
    answer(notifications, last_attempts(notifications), 503)
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE subscription SET failing_since = now() - interval '10 days'"))
    notifications.hear(certificate())
    answer(notifications, take(notifications), 503)
    assert subscription(notifications)["state"] == "active"
    answer(notifications, last_attempts(notifications), 200)
    assert subscription(notifications)["failing_since"] is None


def test_a_busy_subscription_is_disabled_though_none_of_its_deliveries_was_tried_often(notifications: Service) -> None:
    """A receiver that fails has one attempt in flight: where much is told, the ninth attempt at any may take years."""
    subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate())
    (due,) = take(notifications)
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE subscription SET failing_since = now() - interval '5 days'"))
    answer(notifications, [replace(due, occurred_at=clock.now() - rules.PATIENCE + timedelta(minutes=1))], 503)
    assert subscription(notifications)["state"] == "active"
    answer(notifications, [replace(due, attempts=1, occurred_at=clock.now() - rules.PATIENCE)], 503)
    assert subscription(notifications)["disabled_reason"] == "failing_too_long"


def test_a_late_failure_does_not_undo_a_success_and_a_late_success_counts(notifications: Service) -> None:
    made = subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate(), certificate())
    first = take(notifications, lease_s=0)
    again = take(notifications)
    answer(notifications, again[:1], 200)
    answer(notifications, [one for one in first if one.id == again[0].id], 500)
    answer(notifications, again[1:], 500)
    answer(notifications, [one for one in first if one.id == again[1].id], 200)
    answer(notifications, first, None)
    assert {one["state"] for one in deliveries(notifications, made["id"])} == {"delivered"}
    assert take(notifications) == []


def test_a_partner_replays_what_was_given_up_and_not_what_is_under_way(notifications: Service) -> None:
    made = subscribe(notifications, "http://127.0.0.1:1/")
    (heard,) = notifications.hear(certificate())
    (one,) = deliveries(notifications, made["id"])
    replay = f"{PATH}/{made['id']}/deliveries/{one['id']}/replay"
    refused = notifications.call("POST", replay, role=Role.PARTNER, expect=409)
    assert json_of(refused)["code"] == "delivery_pending"
    answer(notifications, take(notifications), 200)
    notifications.call("POST", replay, role=Role.PARTNER, expect=202)
    (due,) = take(notifications)
    assert (due.event_id, due.attempts) == (heard.event_id, 0)
    answer(notifications, [due], 410)
    refused = notifications.call("POST", replay, role=Role.PARTNER, expect=409)
    assert json_of(refused)["code"] == "subscription_disabled"
    notifications.call("POST", f"{PATH}/{made['id']}/activation", role=Role.PARTNER, expect=200)
    notifications.call("POST", replay, role=Role.PARTNER, expect=202)
    unknown = f"{PATH}/{made['id']}/deliveries/{uuid.uuid4()}/replay"
    notifications.call("POST", unknown, role=Role.PARTNER, expect=404)


def test_a_deleted_subscription_is_sent_nothing_more(notifications: Service) -> None:
    made = subscribe(notifications, "http://127.0.0.1:1/")
    notifications.hear(certificate())
    notifications.call("DELETE", f"{PATH}/{made['id']}", role=Role.PARTNER, expect=204)
    assert take(notifications) == []


@pytest.mark.parametrize("days", [0, 2])
def test_after_a_change_of_secret_both_verify_for_a_day(notifications: Service, days: int) -> None:
    with Receiver() as receiver:
        made = subscribe(notifications, receiver.url)
        changed = json_of(notifications.call("POST", f"{PATH}/{made['id']}/secret", role=Role.PARTNER, expect=201))
        assert changed["secret"] != made["secret"]
        with notifications.database.transaction() as session:
            session.execute(
                text(f"UPDATE subscription SET previous_secret_until = previous_secret_until - interval '{days} days'")
            )
        notifications.hear(certificate())
        headers, body = Attempts(notifications.vault, Poster(allow_private=True)).message(take(notifications)[0])
    Webhook(changed["secret"]).verify(body, dict(headers))
    assert len(headers["webhook-signature"].split()) == (2 if days == 0 else 1)
    if days == 0:
        Webhook(made["secret"]).verify(body, dict(headers))
