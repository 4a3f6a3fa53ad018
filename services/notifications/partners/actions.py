"""What was heard becomes a notice, a delivery for each subscription that wants it, and a message in the partners' vhost.

A batch is one transaction and a handful of statements, however many events and subscriptions there are:
1. Note every event.
2. Match them with the subscriptions. A deposit says no certificate type, so a subscription that asks for certain types of
   deposit is matched when both the deposit and its certificate are noted, whichever comes second.
3. Write the deliveries, one a notice and subscription, and wake the sender.
4. Pass the events on to the partners' vhost, under their own ids.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_ids
from onex.contracts.certificates import CertificateIssued
from onex.contracts.creditbank import CreditDeposited
from onex.messaging import outbox
from onex.messaging.heard import Heard
from onex.messaging.topology import PARTNERS
from services.notifications.deliveries import queue
from services.notifications.subscriptions import queries as subscriptions
from services.notifications.subscriptions import rules
from services.notifications.subscriptions.models import Subscription

_NOTE = text(
    "INSERT INTO notice (event_id, name, subject_id, certificate_id, certificate_type_code, body, occurred_at)"
    " SELECT one.event_id, one.name, one.subject_id, one.certificate_id, one.code, CAST(one.body AS jsonb),"
    " one.occurred_at FROM unnest(CAST(:event_id AS uuid[]), CAST(:name AS text[]), CAST(:subject_id AS uuid[]),"
    " CAST(:certificate_id AS uuid[]), CAST(:code AS text[]), CAST(:body AS text[]),"
    " CAST(:occurred_at AS timestamptz[]))"
    " AS one (event_id, name, subject_id, certificate_id, code, body, occurred_at)"
    " ON CONFLICT (event_id) DO NOTHING"
)
# Two doors that each note one half of a pair must not miss each other: while someone asks for such pairs, they take turns.
_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtext('onex.notifications.pairs'))")
_CODES_OF = text(
    "SELECT certificate_id, certificate_type_code AS code FROM notice"
    " WHERE certificate_id = ANY(CAST(:ids AS uuid[])) AND name = 'certificate_issued'"
)
_DEPOSITS_OF = text(
    "SELECT event_id, certificate_id FROM notice"
    " WHERE certificate_id = ANY(CAST(:ids AS uuid[])) AND name = 'credit_deposited'"
)


@dataclass(frozen=True, slots=True)
class Noted:
    """An event as a notice row has it."""

    event_id: uuid.UUID
    name: str
    subject_id: uuid.UUID
    certificate_id: uuid.UUID
    code: str | None
    body: str
    occurred_at: datetime


def tell_of_certificates(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    """Tell partners that certificates were issued."""
    notices = [
        Noted(one.event_id, one.event.name, one.event.certificate_id, one.event.certificate_id,
              one.event.certificate_type_code, one.event.encode().decode(), one.occurred_at)
        for one in heard
    ]  # fmt: skip
    active = _active(session)
    _note(session, notices)
    pairs = _pairs(active, ((one.event_id, one.name, one.code) for one in notices))
    if late := [one for one in active if _asks_for_types_of_deposit(one)]:
        codes = {one.certificate_id: one.code for one in notices}
        deposits = session.execute(_DEPOSITS_OF, {"ids": list(codes)})
        pairs += _pairs(late, ((row.event_id, CreditDeposited.name, codes[row.certificate_id]) for row in deposits))
    _pass_on(session, pairs, heard)


def tell_of_deposits(session: UnitOfWork, heard: Sequence[Heard[CreditDeposited]]) -> None:
    """Tell partners that credit was booked."""
    notices = [
        Noted(one.event_id, one.event.name, one.event.deposit_id, one.event.certificate_id, None,
              one.event.encode().decode(), one.occurred_at)
        for one in heard
    ]  # fmt: skip
    active = _active(session)
    _note(session, notices)
    codes: dict[uuid.UUID, str] = {}
    if any(_asks_for_types_of_deposit(one) for one in active):
        rows = session.execute(_CODES_OF, {"ids": [one.certificate_id for one in notices]})
        codes = {row.certificate_id: row.code for row in rows}
    pairs = _pairs(active, ((one.event_id, one.name, codes.get(one.certificate_id)) for one in notices))
    _pass_on(session, pairs, heard)


def _asks_for_types_of_deposit(subscription: Subscription) -> bool:
    return CreditDeposited.name in subscription.events and subscription.certificate_type_codes is not None


def _active(session: UnitOfWork) -> list[Subscription]:
    active = subscriptions.active(session)
    if any(_asks_for_types_of_deposit(one) for one in active):
        session.execute(_TAKE_TURNS)
    return active


def _note(session: UnitOfWork, notices: Sequence[Noted]) -> None:  # step 1
    columns = Noted.__slots__  # type: ignore[attr-defined]
    session.execute(_NOTE, {name: [getattr(one, name) for one in notices] for name in columns})


def _pairs(
    active: Sequence[Subscription], notices: Iterable[tuple[uuid.UUID, str, str | None]]
) -> list[tuple[uuid.UUID, uuid.UUID]]:  # step 2
    return [
        (event_id, one.id)
        for event_id, name, code in notices
        for one in active
        if rules.wants(one.events, one.certificate_type_codes, name, code)
    ]


def _pass_on(
    session: UnitOfWork, pairs: Sequence[tuple[uuid.UUID, uuid.UUID]], heard: Sequence[Heard[Any]]
) -> None:  # steps 3 and 4
    queue.add(session, new_ids(len(pairs)), pairs)
    for one in heard:
        outbox.pass_on(session, one, lane=PARTNERS)
