"""A row of the outbox as the relay reads it, for tests of the relay's turn without a database."""

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any


def row(number: int) -> Any:
    return SimpleNamespace(
        id=str(uuid.UUID(int=number)), type="onex.registry.organization_admitted.v1", exchange="registry.events",
        routing_key="organization_admitted", subject="s", traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        occurred_at=datetime(2026, 11, 1, tzinfo=UTC), body=memoryview(b"{}"),
    )  # fmt: skip
