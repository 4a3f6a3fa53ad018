"""What was heard becomes a notice, a delivery for each subscription that wants it, and a message in the partners' vhost.

A batch is one transaction and a handful of statements, however many events and subscriptions there are:
1. Note every event.
2. Match them with the subscriptions.
3. Write the deliveries, one a notice and subscription, and wake the sender.
4. Pass the events on to the partners' vhost, under their own ids.
"""

from collections.abc import Sequence

from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_ids
from onex.contracts.certificates import CertificateIssued
from onex.messaging import outbox
from onex.messaging.heard import Heard
from onex.messaging.topology import PARTNERS
from services.notifications.deliveries import queue
from services.notifications.subscriptions import queries as subscriptions
from services.notifications.subscriptions import rules

_COLUMNS = ("event_id", "name", "certificate_id", "certificate_type_code", "body", "occurred_at")


def tell_of_certificates(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    """Tell partners that certificates were issued (PP-45)."""
    _note(session, heard)  # step 1
    pairs = [  # step 2
        (one.event_id, subscription.id)
        for subscription in subscriptions.active(session)
        for one in heard
        if rules.wants(
            subscription.events, subscription.certificate_type_codes, one.event.name, one.event.certificate_type_code
        )
    ]
    queue.add(session, new_ids(len(pairs)), pairs)  # step 3
    for one in heard:
        outbox.pass_on(session, one, lane=PARTNERS)  # step 4


def _note(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    rows = [
        (
            one.event_id,
            one.event.name,
            one.event.certificate_id,
            one.event.certificate_type_code,
            one.json.decode(),
            one.occurred_at,
        )
        for one in heard
    ]
    copy_in(session, "notice", _COLUMNS, rows)  # the inbox has seen to it that none is there already
