"""What was heard becomes a notice, a delivery for each subscription that wants it, and a message in the partners' vhost.

A batch is one transaction and a handful of statements, however many events and subscriptions there are:
1. Note every certificate, and every deposit while someone subscribes to deposits.
2. Match them with the subscriptions. A deposit says no certificate type, so a subscription that asks for certain types of
   deposit is matched when both the deposit and its certificate are noted, whichever comes second.
3. Write the deliveries, one a notice and subscription, and wake the sender.
4. Pass the events on to the partners' vhost, under their own ids.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from onex.chassis.database import UnitOfWork, copy_in, uuid_array
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

_COLUMNS = ("event_id", "name", "subject_id", "certificate_id", "certificate_type_code", "body", "occurred_at")
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


def tell_of_certificates(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    """Tell partners that certificates were issued."""
    active = _active(session)
    _note(session, heard, [(one.event.certificate_id, one.event.certificate_type_code) for one in heard])
    pairs = _pairs(active, CertificateIssued.name, [(one.event_id, one.event.certificate_type_code) for one in heard])
    if late := [one for one in active if _asks_for_types_of_deposit(one)]:
        codes = {one.event.certificate_id: one.event.certificate_type_code for one in heard}
        deposits = session.execute(_DEPOSITS_OF, {"ids": uuid_array(codes)})
        pairs += _pairs(late, CreditDeposited.name, [(row.event_id, codes[row.certificate_id]) for row in deposits])
    _pass_on(session, pairs, heard)


def tell_of_deposits(session: UnitOfWork, heard: Sequence[Heard[CreditDeposited]]) -> None:
    """Tell partners that credit was booked."""
    active = [one for one in _active(session) if CreditDeposited.name in one.events]
    pairs: list[tuple[uuid.UUID, uuid.UUID]] = []
    if active:
        _note(session, heard, [(one.event.deposit_id, None) for one in heard])
        codes: dict[uuid.UUID, str] = {}
        if any(_asks_for_types_of_deposit(one) for one in active):
            rows = session.execute(_CODES_OF, {"ids": uuid_array(one.event.certificate_id for one in heard)})
            codes = {row.certificate_id: row.code for row in rows}
        told = [(one.event_id, codes.get(one.event.certificate_id)) for one in heard]
        pairs = _pairs(active, CreditDeposited.name, told)
    _pass_on(session, pairs, heard)


def _asks_for_types_of_deposit(subscription: Subscription) -> bool:
    return CreditDeposited.name in subscription.events and subscription.certificate_type_codes is not None


def _active(session: UnitOfWork) -> list[Subscription]:
    active = subscriptions.active(session)
    if any(_asks_for_types_of_deposit(one) for one in active):
        session.execute(_TAKE_TURNS)
    return active


def _note(
    session: UnitOfWork,
    heard: Sequence[Heard[Any]],
    abouts: Sequence[tuple[uuid.UUID, str | None]],
) -> None:  # step 1
    """`abouts`: the subject of each event, and the certificate type where the event says it."""
    rows = [
        (one.event_id, one.event.name, subject_id, one.event.certificate_id, code, one.json.decode(), one.occurred_at)
        for one, (subject_id, code) in zip(heard, abouts, strict=True)
    ]
    copy_in(session, "notice", _COLUMNS, rows)  # the inbox has seen to it that none is there already


def _pairs(
    active: Sequence[Subscription], event: str, notices: Sequence[tuple[uuid.UUID, str | None]]
) -> list[tuple[uuid.UUID, uuid.UUID]]:  # step 2
    asked = [one for one in active if event in one.events]
    return [
        (event_id, one.id)
        for event_id, code in notices
        for one in asked
        if rules.wants(one.events, one.certificate_type_codes, event, code)
    ]


def _pass_on(
    session: UnitOfWork, pairs: Sequence[tuple[uuid.UUID, uuid.UUID]], heard: Sequence[Heard[Any]]
) -> None:  # steps 3 and 4
    queue.add(session, new_ids(len(pairs)), pairs)
    for one in heard:
        outbox.pass_on(session, one, lane=PARTNERS)
