"""A row of the outbox as the relay reads it, for tests of the relay's turn without a database."""

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from onex.contracts.event import Event
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging.topology import exchange_of


def row(number: int, contract: type[Event] = OrganizationAdmitted) -> Any:
    return SimpleNamespace(
        id=str(uuid.UUID(int=number)), type=contract.type(), exchange=exchange_of(contract.producer),
        routing_key=contract.routing_key(), subject="s", traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        occurred_at=datetime(2026, 11, 1, tzinfo=UTC), body=memoryview(b"{}"),
    )  # fmt: skip
