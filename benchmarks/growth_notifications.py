"""Notices and deliveries in large tables: pages, noting, claiming certificates."""

import uuid

from sqlalchemy import select

from benchmarks import filling
from benchmarks.large import BATCH, CLAIMED, INSERTED, PAGED, Large, Read, Work, heard, pages
from benchmarks.passes import new_issued, new_pilot
from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued
from onex.messaging.topology import queue_of
from services.notifications.deliveries import queue
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.queries import deliveries_of, delivery_of
from services.notifications.partners.actions import tell_of_certificates
from services.notifications.partners.models import Notice

_SUBSCRIPTION = """
    INSERT INTO subscription (id, client_id, url, events, sealed_secret, state)
    VALUES (%s, 'benchmark', 'https://partner.example/hook', '{certificate_issued}', '-', 'active')
"""
_NOTICES = """
    INSERT INTO notice (event_id, name, certificate_id, certificate_type_code, body, occurred_at)
    SELECT uuidv7(), 'certificate_issued', id, '004', replace(%(body)s, %(known)s, id::text), now()
    FROM (SELECT uuidv7() AS id FROM generate_series(1, %(rows)s)) AS certificate
"""
_DELIVERIES = """
    INSERT INTO delivery (id, notice_id, subscription_id, state, attempts, last_status, delivered_at)
    SELECT uuidv7(), event_id, %s, 'delivered', 1, 204, now() FROM notice
"""
# A batch is delivered, as far as the next one is concerned.
_DELIVERED = "UPDATE delivery SET state = 'delivered', attempts = 1, delivered_at = now() WHERE state = 'pending'"


class Notifications(Large):
    service = "notifications"
    tables = ("notice", "delivery", "inbox")

    def fill(self, connection: filling.Connection, rows: int) -> None:
        self._pilot = new_pilot()
        self._subscription = new_id()
        connection.execute(_SUBSCRIPTION, [self._subscription])
        sample = new_issued(self._pilot, 1)[0]
        body, known = sample.encode().decode(), str(sample.certificate_id)
        with filling.stripped(connection, *self.tables):
            connection.execute(_NOTICES, {"body": body, "known": known, "rows": rows})
            connection.execute(_DELIVERIES, [self._subscription])
            filling.inbox(connection, queue_of(self.service, CertificateIssued), rows)
        row = connection.execute("SELECT id FROM delivery LIMIT 1").fetchone()
        assert row is not None
        self._delivery: uuid.UUID = row[0]

    def works(self) -> dict[str, Work]:
        return {
            "page of notices": Work(PAGED, self.paging(lambda: select(Notice), Notice.event_id), 6),
            "page of deliveries": Work(PAGED, self.paging(lambda: deliveries_of(self._subscription), Delivery.id), 6),
            "notice with its delivery": Work(INSERTED, self._note, 1, BATCH),
            "certificate claimed for notice": Work(CLAIMED, self.claiming(CertificateIssued), 2, BATCH),
        }

    def reads(self) -> dict[str, Read]:
        return {
            "pages of notices": pages(select(Notice), Notice.event_id),
            "pages of deliveries": pages(deliveries_of(self._subscription), Delivery.id),
            "one delivery": lambda session: delivery_of(session, self._subscription, self._delivery),
            "deliveries due": lambda session: queue.take(session, {}),
            "deliveries pending": queue.pending,
        }

    def tidy(self) -> None:
        super().tidy()
        with self.database.transaction() as session:
            session.connection().exec_driver_sql(_DELIVERED)

    def _note(self) -> None:
        events = [heard(one) for one in new_issued(self._pilot, BATCH)]
        with self.database.transaction() as session:
            tell_of_certificates(session, events)
