"""One turn of the relay with a store and a sender that fail at each step: what is deleted was confirmed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from onex.messaging.publisher import NotConfirmed, Outgoing
from onex.messaging.relay import relay_once
from tests.messaging.outbox_rows import row


@dataclass
class Memory:
    """A store in memory; `breaks_at` names the step that fails."""

    rows: list[Any]
    breaks_at: str = ""

    def unsent(self, limit: int) -> Sequence[Any]:
        if self.breaks_at == "unsent":
            raise OSError
        return self.rows[:limit]

    def delete(self, ids: Sequence[Any]) -> None:
        if self.breaks_at == "delete":
            raise OSError
        self.rows = [one for one in self.rows if one.id not in ids]


@dataclass
class Broker:
    """A sender in memory; it fails before or after it has taken the batch."""

    breaks: str = ""
    taken: list[Outgoing] = field(default_factory=list)

    def publish(self, batch: Sequence[Outgoing], confirm_within_s: float) -> int:
        if self.breaks == "before":
            raise NotConfirmed
        self.taken += batch
        if self.breaks == "after":
            raise NotConfirmed
        return len(batch)


def test_a_turn_sends_in_order_and_then_deletes() -> None:
    store, broker = Memory([row(1), row(2), row(3)]), Broker()
    assert relay_once(store, broker, limit=2) == 2
    assert [one.message_id for one in broker.taken] == [str(uuid.UUID(int=1)), str(uuid.UUID(int=2))]
    assert [one.id for one in store.rows] == [str(uuid.UUID(int=3))]


def test_a_turn_with_nothing_to_send_asks_nothing_of_the_broker() -> None:
    assert relay_once(Memory([], breaks_at="delete"), Broker(breaks="before")) == 0


@pytest.mark.parametrize(
    ("store_breaks", "broker_breaks", "taken"),
    [("unsent", "", 0), ("", "before", 0), ("", "after", 2), ("delete", "", 2)],
)
def test_wherever_a_turn_breaks_the_rows_are_still_there_and_the_next_turn_sends_them(
    store_breaks: str, broker_breaks: str, taken: int
) -> None:
    store, broker = Memory([row(1), row(2)], breaks_at=store_breaks), Broker(breaks=broker_breaks)
    with pytest.raises((OSError, NotConfirmed)):
        relay_once(store, broker)
    assert (len(store.rows), len(broker.taken)) == (2, taken)
    store.breaks_at = broker.breaks = ""
    assert relay_once(store, broker) == 2
    assert (len(store.rows), len(broker.taken)) == (0, taken + 2)


def test_a_row_becomes_a_cloudevent_in_binary_mode() -> None:
    broker = Broker()
    relay_once(Memory([row(7)]), broker)
    (sent,) = broker.taken
    assert sent.headers == {
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": str(uuid.UUID(int=7)),
        "cloudEvents_type": "onex.registry.organization_admitted.v1",
        "cloudEvents_source": "/registry",
        "cloudEvents_subject": "s",
        "cloudEvents_time": "2026-11-01T00:00:00+00:00",
        "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01",
    }
    assert (sent.content_type, sent.body) == ("application/json", b"{}")
