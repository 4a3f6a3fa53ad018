"""What a service says is first a row in its own database, written in the transaction that makes it true.

Step 2 of an event's life (docs/architecture.md): no commit, no event; a commit, and the event will leave.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.event import listens_for

from onex.chassis import clock, trace
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_id
from onex.contracts.event import Event
from onex.messaging.heard import Heard
from onex.messaging.steps import Step, reached
from onex.messaging.topology import PLATFORM, exchange_of

COLUMNS = ("lane", "id", "type", "exchange", "routing_key", "subject", "traceparent", "occurred_at", "body")


def append(
    session: UnitOfWork, event: Event, *, cause: Heard[Any] | None = None, traceparent: str | None = None,
    lane: str = PLATFORM,
) -> uuid.UUID:  # fmt: skip
    """Say `event` when the session commits; returns its id.

    It carries on the trace of its cause, or the one given where the cause itself is not there any more, or the request's.
    """
    event_id = new_id()
    traceparent = (cause.traceparent if cause else traceparent) or trace.current()
    subject = str(getattr(event, type(event).subject))
    _add(session, lane, event_id, type(event), subject, traceparent, clock.now(), event.encode())
    return event_id


def pass_on(session: UnitOfWork, heard: Heard[Any], lane: str) -> None:
    """Say again, in another lane, what was heard: the same event with the same id."""
    event = heard.event
    subject = str(getattr(event, type(event).subject))
    traceparent = heard.traceparent or trace.current()
    _add(session, lane, heard.event_id, type(event), subject, traceparent, heard.occurred_at, heard.json)


def _add(
    session: UnitOfWork, lane: str, event_id: uuid.UUID, contract: type[Event], subject: str,
    traceparent: str, occurred_at: datetime, body: bytes,
) -> None:  # fmt: skip
    row = (lane, event_id, *_address_of(contract), subject, traceparent, occurred_at, body)
    if session.in_nested_transaction():
        _write(session, [row])  # at once and alone, so that rolling the savepoint back takes this event and no other
    else:
        session.before_commit(flush)
        session.info.setdefault("outbox", []).append(row)


_addresses: dict[type[Event], tuple[str, str, str]] = {}


def _address_of(contract: type[Event]) -> tuple[str, str, str]:
    """Type, exchange and routing key of a contract's events."""
    if contract not in _addresses:
        _addresses[contract] = contract.type(), exchange_of(contract.producer), contract.routing_key()
    return _addresses[contract]


def flush(session: UnitOfWork) -> None:
    """Write the collected rows and wake the relays of their lanes when the transaction commits."""
    rows = session.info.pop("outbox", [])
    if rows:
        _write(session, rows)


def _write(session: UnitOfWork, rows: Sequence[tuple[Any, ...]]) -> None:
    session.flush()
    copy_in(session, "outbox", COLUMNS, rows)
    for lane in {row[0] for row in rows}:
        session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": f"outbox_{lane}"})
    session.info["said"] = True
    reached(Step.SAID)


@listens_for(UnitOfWork, "after_commit")
def _committed(session: UnitOfWork) -> None:
    if not session.in_nested_transaction() and session.info.pop("said", False):
        reached(Step.COMMITTED)
