"""Notices of certificates, made again from what was said: `onex rebuild notifications`.

Only the notices. No webhook is sent for them and nothing is passed on to partners: whoever subscribed was told then.
"""

from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork
from onex.contracts.certificates import CertificateIssued
from onex.messaging.heard import Heard
from onex.messaging.read_models import ReadModel, Table
from services.notifications.partners.models import Notice


def note_again(session: UnitOfWork, heard: list[Heard[CertificateIssued]]) -> None:
    """Add the notices that are missing, and tell nobody."""
    rows = [
        {
            "event_id": one.event_id,
            "name": one.event.name,
            "certificate_id": one.event.certificate_id,
            "certificate_type_code": one.event.certificate_type_code,
            "body": one.json.decode(),
            "occurred_at": one.occurred_at,
        }
        for one in heard
    ]
    session.execute(insert(Notice).values(rows).on_conflict_do_nothing())


MODELS = (ReadModel("notices", (Table("notice"),), {CertificateIssued: note_again}),)
