"""An event as a door hears it, and as it travels: CloudEvents 1.0 in binary mode over AMQP.

Attributes are AMQP application properties with the `cloudEvents_` prefix of the AMQP protocol binding; the body is the data.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from onex.contracts.event import Event, Undecodable

E = TypeVar("E", bound=Event)
CONTENT_TYPE = "application/json"
PREFIX = "cloudEvents_"
ATTEMPT = "x-onex-attempt"


@dataclass(frozen=True, slots=True)
class Heard(Generic[E]):
    """One event with its envelope."""

    event_id: uuid.UUID
    event: E
    occurred_at: datetime
    traceparent: str | None


def headers_of(
    event_id: uuid.UUID, type_: str, source: str, subject: str, occurred_at: datetime, trace: str
) -> dict[str, Any]:
    """The AMQP headers of an event."""
    return {
        f"{PREFIX}specversion": "1.0",
        f"{PREFIX}id": str(event_id),
        f"{PREFIX}type": type_,
        f"{PREFIX}source": source,
        f"{PREFIX}subject": subject,
        f"{PREFIX}time": occurred_at.isoformat(),
        "traceparent": trace,
    }


def read(contract: type[E], headers: dict[str, Any], body: bytes) -> Heard[E]:
    """The event in a message; raise Undecodable when the envelope or the body does not keep the contract."""
    try:
        event_id = uuid.UUID(headers[f"{PREFIX}id"])
        type_ = headers[f"{PREFIX}type"]
        occurred_at = datetime.fromisoformat(headers[f"{PREFIX}time"])
        if occurred_at.tzinfo is None:
            raise ValueError
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Undecodable("the CloudEvents attributes id, type and time are needed") from None
    if type_ != contract.type():
        raise Undecodable(f"a message of type {contract.type()} is needed here")
    trace = headers.get("traceparent")
    return Heard(event_id, contract.decode(body), occurred_at, trace if isinstance(trace, str) else None)
