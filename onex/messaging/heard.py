"""An event as a door hears it, and as it travels: CloudEvents 1.0 in binary mode over AMQP.

Attributes are AMQP application properties with the `cloudEvents_` prefix of the AMQP protocol binding; the body is the data.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from onex.contracts.event import Event, Undecodable

E = TypeVar("E", bound=Event)
PREFIX = "cloudEvents_"
ATTEMPT = "x-onex-attempt"
_SPEC, _ID, _TYPE, _SOURCE, _SUBJECT, _TIME = (
    PREFIX + name for name in ("specversion", "id", "type", "source", "subject", "time")
)


@dataclass(frozen=True, slots=True)
class Heard(Generic[E]):
    """One event with its envelope."""

    event_id: uuid.UUID
    event: E
    occurred_at: datetime
    traceparent: str | None
    body: bytes = field(default=b"", repr=False, compare=False)
    """The event's JSON as it came over the broker, with what a newer producer may have added to it."""

    @property
    def json(self) -> bytes:
        """The event's JSON, as it came where it came over the broker."""
        return self.body or self.event.encode()


def headers_of(
    event_id: uuid.UUID | str, type_: str, source: str, subject: str, occurred_at: datetime, trace: str
) -> dict[str, Any]:
    """The AMQP headers of an event."""
    return {
        _SPEC: "1.0",
        _ID: str(event_id),
        _TYPE: type_,
        _SOURCE: source,
        _SUBJECT: subject,
        _TIME: occurred_at.isoformat(),
        "traceparent": trace,
    }


def read(contract: type[E], headers: dict[str, Any], body: bytes) -> Heard[E]:
    """The event in a message; raise Undecodable when the envelope or the body does not keep the contract."""
    try:
        event_id = uuid.UUID(headers[_ID])
        type_ = headers[_TYPE]
        occurred_at = datetime.fromisoformat(headers[_TIME])
        if occurred_at.tzinfo is None:
            raise ValueError
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Undecodable("the CloudEvents attributes id, type and time are needed") from None
    if type_ != contract.type():
        raise Undecodable(f"a message of type {contract.type()} is needed here")
    trace = headers.get("traceparent")
    return Heard(event_id, contract.decode(body), occurred_at, trace if isinstance(trace, str) else None, bytes(body))
