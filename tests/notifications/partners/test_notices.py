"""Events become notices and deliveries, once, in whatever order and however often they are heard of."""

import dataclasses
import random
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from tests.harness.service import Service, envelope, json_of
from tests.notifications.conftest import subscribe
from tests.notifications.samples import certificate


def state(notifications: Service) -> list[Any]:
    """Notices, who is told of them, and what is passed on to the partners' vhost."""
    with notifications.database.session() as session:
        return [
            session.execute(
                text("SELECT event_id, name, certificate_id, CAST(body AS text) FROM notice ORDER BY event_id")
            ).all(),
            session.execute(text("SELECT notice_id, subscription_id FROM delivery ORDER BY 1, 2")).all(),
            session.execute(text("SELECT lane, id, type, exchange, routing_key FROM outbox ORDER BY id")).all(),
        ]


def told(notifications: Service, subscription_id: str) -> set[uuid.UUID]:
    query = text("SELECT notice_id FROM delivery WHERE subscription_id = :id")
    with notifications.database.session() as session:
        return set(session.scalars(query, {"id": subscription_id}))


@pytest.mark.rule("PP-45")
def test_events_heard_twice_and_in_another_order_change_nothing(notifications: Service) -> None:
    for codes in (None, ["001"]):
        subscribe(notifications, "http://127.0.0.1:1/", "certificate_issued", codes=codes)
    heard = notifications.hear(*(certificate("001") for _ in range(20)), *(certificate("002") for _ in range(20)))
    once = state(notifications)
    assert [len(part) for part in once] == [40, 60, 40]
    for _ in range(3):
        shuffled = list(heard)
        random.shuffle(shuffled)
        notifications.hear(*shuffled)
    assert state(notifications) == once


@pytest.mark.rule("PP-45")
def test_what_was_heard_is_passed_on_to_partners_under_its_own_id_and_trace(notifications: Service) -> None:
    (heard,) = notifications.hear(certificate())
    with notifications.database.session() as session:
        (row,) = session.execute(text("SELECT lane, id, exchange, traceparent, body FROM outbox")).all()
    assert (row.lane, row.id, row.exchange) == ("partners", heard.event_id, "certificates.events")
    assert row.traceparent == heard.traceparent
    assert type(heard.event).decode(bytes(row.body)) == heard.event


def test_what_came_over_the_broker_is_passed_on_and_noted_byte_for_byte(notifications: Service) -> None:
    """So partners also get what a newer producer added to the event."""
    first = envelope(certificate())
    body = first.event.encode()[:-1] + b', "added_later": 1}'
    heard = dataclasses.replace(first, body=body)
    notifications.hear(heard)
    with notifications.database.session() as session:
        assert bytes(session.execute(text("SELECT body FROM outbox")).scalar_one()) == body
        assert session.execute(text("SELECT body FROM notice")).scalar_one() == body.decode()


def test_a_subscription_is_told_of_the_types_it_asked_for(notifications: Service) -> None:
    all_types = subscribe(notifications, "http://127.0.0.1:1/", "certificate_issued")["id"]
    first_type = subscribe(notifications, "http://127.0.0.1:1/", "certificate_issued", codes=["001"])["id"]
    heard = notifications.hear(certificate("001"), certificate("002"))
    assert told(notifications, all_types) == {one.event_id for one in heard}
    assert told(notifications, first_type) == {heard[0].event_id}


def test_a_new_subscription_is_told_of_what_comes_after_it(notifications: Service) -> None:
    notifications.hear(certificate())
    made = subscribe(notifications, "http://127.0.0.1:1/")["id"]
    (later,) = notifications.hear(certificate())
    assert told(notifications, made) == {later.event_id}


def test_the_operator_reads_the_notices_and_nobody_else_does(notifications: Service) -> None:
    heard = notifications.hear(certificate(), certificate(), certificate())
    first = json_of(notifications.call("GET", "/notifications/v1/notices?size=2", role=Role.OPERATOR, expect=200))
    rest = json_of(
        notifications.call("GET", f"/notifications/v1/notices?cursor={first['next']}", role=Role.OPERATOR, expect=200)
    )
    items = first["items"] + rest["items"]
    assert [one["event_id"] for one in items] == [str(one.event_id) for one in heard[::-1]]
    assert items[0]["data"]["number"] == heard[-1].event.number
    for role in set(Role) - {Role.OPERATOR}:
        notifications.call("GET", "/notifications/v1/notices", role=role, expect=403)
