"""What is pending when its subscription ends is given up some at a time, whenever it was made, and by an index."""

import threading
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from services.notifications.channels.posting import Answer
from services.notifications.deliveries import giving_up, queue
from services.notifications.deliveries.attempt import settled
from services.notifications.deliveries.queries import delivery_of
from tests.harness.service import Service, json_of
from tests.notifications.conftest import PATH, deliveries, subscribe, until
from tests.notifications.samples import certificate

NOWHERE = "http://127.0.0.1:1/"


def states(notifications: Service, subscription_id: str) -> list[tuple[str, str | None]]:
    with notifications.database.session() as session:
        rows = session.execute(
            text("SELECT state, last_error_code FROM delivery WHERE subscription_id = :id"), {"id": subscription_id}
        )
        return [(state, code) for state, code in rows]


@pytest.fixture
def deleted(notifications: Service) -> Iterator[str]:
    """A subscription that was deleted with five deliveries pending, beside one that goes on."""
    made, other = subscribe(notifications, NOWHERE), subscribe(notifications, NOWHERE)
    notifications.hear(*(certificate() for _ in range(5)))
    notifications.call("DELETE", f"{PATH}/{made['id']}", role=Role.PARTNER, expect=204)
    yield made["id"]
    assert states(notifications, other["id"]) == [("pending", None)] * 5


def test_so_many_are_given_up_at_a_time_until_none_is_left(notifications: Service, deleted: str) -> None:
    def step() -> bool:
        with notifications.database.transaction() as session:
            return giving_up.give_up(session, most=2)

    left = []
    while step():
        left.append(states(notifications, deleted).count(("pending", None)))
    assert left == [3, 1]
    assert states(notifications, deleted) == [("failed", "subscription_deleted")] * 5
    with notifications.database.session() as session:
        assert queue.pending(session) == 5  # the other subscription's


def test_what_somebody_else_is_busy_with_is_left_for_the_next_turn(notifications: Service, deleted: str) -> None:
    with notifications.database.transaction() as session:
        session.execute(text("SELECT FROM delivery WHERE subscription_id = :id LIMIT 2 FOR UPDATE"), {"id": deleted})
        assert not notifications.fire("give_up_deliveries")
    assert states(notifications, deleted).count(("pending", None)) == 2
    notifications.fire("give_up_deliveries")
    assert states(notifications, deleted) == [("failed", "subscription_deleted")] * 5


def test_a_delivery_that_was_made_while_its_subscription_was_being_deleted_is_given_up(notifications: Service) -> None:
    """Who notes an event has read which subscriptions are active, and writes its delivery after the deletion."""
    (heard,) = notifications.hear(certificate())
    made = subscribe(notifications, NOWHERE)
    notifications.call("DELETE", f"{PATH}/{made['id']}", role=Role.PARTNER, expect=204)
    with notifications.database.transaction() as session:
        queue.add(session, [new_id()], [(heard.event_id, uuid.UUID(made["id"]))])
    assert states(notifications, made["id"]) == [("pending", None)]
    notifications.fire("give_up_deliveries")
    assert states(notifications, made["id"]) == [("failed", "subscription_deleted")]


def test_what_is_pending_goes_on_when_its_subscription_is_activated_in_time(notifications: Service) -> None:
    made = subscribe(notifications, NOWHERE)
    notifications.hear(certificate())
    with notifications.database.transaction() as session:
        session.execute(text("UPDATE subscription SET state = 'disabled'"))
        assert queue.take(session, {}) == []
    (one,) = deliveries(notifications, made["id"])
    replay = f"{PATH}/{made['id']}/deliveries/{one['id']}/replay"
    refused = notifications.call("POST", replay, role=Role.PARTNER, expect=409)
    assert json_of(refused)["code"] == "subscription_disabled"
    notifications.call("POST", f"{PATH}/{made['id']}/activation", role=Role.PARTNER, expect=200)
    notifications.fire("give_up_deliveries")
    with notifications.database.transaction() as session:
        assert [str(due.id) for due in queue.take(session, {})] == [one["id"]]


def test_it_goes_by_the_index_of_what_is_due(notifications: Service, deleted: str) -> None:
    with notifications.database.transaction() as session:
        # In a table as small as this nothing else keeps it from reading all of it, and sorting.
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"))
        plan = session.execute(text(f"EXPLAIN {giving_up._GIVE_UP.text}"), {"most": 1000}).scalars().all()
    assert any("Index Scan using ix_delivery_due on delivery" in line for line in plan), plan
    assert not any("Seq Scan on delivery" in line for line in plan), plan


def test_a_replay_and_what_came_of_the_same_delivery_never_wait_for_each_other(notifications: Service) -> None:
    """Both lock the subscription first."""
    made = subscribe(notifications, NOWHERE)
    notifications.hear(certificate())
    with notifications.database.transaction() as session:
        (due,) = queue.take(session, {})
    subscription_id = uuid.UUID(made["id"])

    def settle() -> None:
        with notifications.database.transaction() as session:
            queue.settle(session, [settled(due, Answer(503, None, 0.1))])

    settling = threading.Thread(target=settle)
    with notifications.database.transaction() as session:
        session.execute(text("SELECT FROM subscription WHERE id = :id FOR UPDATE"), {"id": subscription_id})
        settling.start()
        until(lambda: waiting_for_locks(notifications) == 1)
        assert delivery_of(session, subscription_id, due.id).attempts == 0
    settling.join()
    (one,) = deliveries(notifications, made["id"])
    assert (one["attempts"], one["last_status"]) == (1, 503)


def waiting_for_locks(notifications: Service) -> int:
    with notifications.database.session() as session:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return int(session.execute(text(waiting)).scalar_one())
