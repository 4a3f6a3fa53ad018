"""What was heard becomes a notice, a delivery for each subscription that wants it, and a message in the partners' vhost.

A batch is one transaction and a handful of statements, however many events and subscriptions there are:
1. Note every event.
2. Match them with the subscriptions.
3. Write the deliveries, one a notice and subscription, and wake the sender.
4. Pass the events on to the partners' vhost, under their own ids.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_ids
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.messaging import outbox
from onex.messaging.heard import Heard
from onex.messaging.topology import PARTNERS
from services.notifications.deliveries import queue
from services.notifications.partners.rules import type_code
from services.notifications.subscriptions import queries as subscriptions
from services.notifications.subscriptions import rules


class Noted(NamedTuple):
    """An event as a row of `notice`."""

    event_id: uuid.UUID
    name: str
    certificate_id: uuid.UUID
    certificate_version: int
    certificate_type_code: str
    body: str
    occurred_at: datetime


def tell_of_certificates(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    """Tell partners that certificates were issued (PP-45)."""
    _tell(session, heard, issues(heard))


def tell_of_standings(session: UnitOfWork, heard: Sequence[Heard[CertificateStandingChanged]]) -> None:
    """Tell partners that certificates are suspended, valid again, revoked or replaced (PP-45).

    Every change is told, whatever was told before: its version says which is the newest.
    """
    _tell(session, heard, changes(heard))


def issues(heard: Sequence[Heard[CertificateIssued]]) -> list[Noted]:
    """The notices of issued certificates: each certificate's first version."""
    return [
        Noted(
            one.event_id,
            one.event.name,
            one.event.certificate_id,
            1,
            one.event.certificate_type_code,
            one.json.decode(),
            one.occurred_at,
        )
        for one in heard
    ]


def changes(heard: Sequence[Heard[CertificateStandingChanged]]) -> list[Noted]:
    """The notices of changed standings."""
    return [
        Noted(
            one.event_id,
            one.event.name,
            one.event.certificate_id,
            one.event.certificate_version,
            type_code(one.event.certificate_type_code, one.event.number),
            one.json.decode(),
            one.occurred_at,
        )
        for one in heard
    ]


def _tell(session: UnitOfWork, heard: Sequence[Heard[Any]], notices: Sequence[Noted]) -> None:
    copy_in(session, "notice", Noted._fields, notices)  # step 1; the inbox has seen to it that none is there already
    pairs = [  # step 2
        (one.event_id, subscription.id)
        for subscription in subscriptions.active(session)
        for one in notices
        if rules.wants(subscription.events, subscription.certificate_type_codes, one.name, one.certificate_type_code)
    ]
    queue.add(session, new_ids(len(pairs)), pairs)  # step 3
    for one in heard:
        outbox.pass_on(session, one, lane=PARTNERS)  # step 4
