"""The codes of certificate types, as the registry says them: an event names a type by its id, a subscription by its code."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork, in_order
from onex.chassis.problems import NotYetKnown
from onex.contracts.registry import CertificateTypePublished
from onex.messaging.heard import Heard
from services.notifications.partners.models import CertificateType


def learn(session: UnitOfWork, heard: Sequence[Heard[CertificateTypePublished]]) -> None:
    """Keep each type's code as its highest version says."""
    newest: dict[uuid.UUID, CertificateTypePublished] = {}
    for event in sorted((one.event for one in heard), key=lambda event: event.type_version):
        newest[event.certificate_type_id] = event
    rows = [{"id": one, "version": newest[one].type_version, "code": newest[one].code} for one in in_order(newest)]
    statement = insert(CertificateType).values(rows)
    news = {"version": statement.excluded.version, "code": statement.excluded.code}
    newer = statement.excluded.version > CertificateType.version
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=news, where=newer))


def codes(session: UnitOfWork, type_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The code of each type; raises NotYetKnown where the registry has not been heard to say one."""
    wanted = in_order(type_ids)
    found = known(session, wanted)
    for one in wanted:
        if one not in found:
            raise NotYetKnown(f"certificate type {one}")
    return found


def known(session: UnitOfWork, type_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The code of each type that has been heard of."""
    query = select(CertificateType.id, CertificateType.code).where(CertificateType.id.in_(in_order(type_ids)))
    return {row.id: row.code for row in session.execute(query)}
