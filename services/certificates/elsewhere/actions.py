"""A TEO announces what it issued elsewhere, and sends it (OP-31, OP-32)."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock, jobs
from onex.chassis.access import Caller
from onex.chassis.bulk import FileRefused
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from onex.chassis.problems import Invalid
from services.certificates.deadlines import calendars
from services.certificates.deadlines.clocks import Clocks
from services.certificates.elsewhere import json_rows, queries, rules
from services.certificates.elsewhere.entering import KIND
from services.certificates.elsewhere.errors import AnnouncementExists, SenderLeft, TeoUnknown
from services.certificates.elsewhere.models import Announcement
from services.certificates.issuing import exits
from services.certificates.pilot.models import CertificateType, Teo


def send(
    session: UnitOfWork, vault: Vault, public_url: str, source: bytes, file_name: str | None,
    teo_id: uuid.UUID | None, *, by: Caller,
) -> uuid.UUID:  # fmt: skip
    """Take in a file of certificates issued elsewhere: a TEO its own, an operator those of the TEO that is named.

    Returns the job's id. Raises SenderLeft: after its exit a TEO's own word is not enough any more (OP-41).
    """
    if json_rows.is_array(source):
        _check_array(source)
    own = _teo(session, teo_id, by)
    parameters = {"teo_id": str(own), "public_url": public_url}
    return jobs.accept(
        session, vault, KIND, owner_id=own, created_by=by.client_id, parameters=parameters, source=source,
        file_name=file_name,
    )  # fmt: skip


def announce(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Announcement:
    """OP-32: so many certificates of a type were issued on a day, and are due on the platform."""
    teo_id = _teo(session, body["teo_id"], by)
    kind = session.get(CertificateType, body["certificate_type_id"])
    left = exits.exited_at(session, (teo_id,)).get(teo_id)
    exited_on = clock.beijing_day(left) if left else None
    rules.check_announced(teo_id, kind.teo_id if kind else None, body["issued_on"], clock.today(), exited_on)
    unit = {"teo_id": teo_id, "certificate_type_id": body["certificate_type_id"], "issued_on": body["issued_on"]}
    if session.scalar(select(Announcement.id).filter_by(**unit)) is not None:
        raise AnnouncementExists()
    announced_at = clock.now()
    made = Announcement(
        id=new_id(), count=body["count"], complete=False, announced_by=by.client_id, announced_at=announced_at, **unit
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError:  # the same was announced at this moment
        raise AnnouncementExists() from None
    return made


def correct(session: UnitOfWork, announcement_id: uuid.UUID, count: int, *, by: Caller) -> Announcement:
    """Say another number; none takes the announcement back. Once it was due only an operator may (OP-32)."""
    found = queries.announcement(session, announcement_id, by)
    _check_in_the_pilot(session, found.teo_id, by)
    due_on = Clocks(calendars.in_force(session)).due_on(found.issued_on)
    rules.check_correctable(due_on, clock.today(), by.sees_everything)
    found.count, found.complete = count, False
    session.flush()
    return found


def _teo(session: UnitOfWork, teo_id: uuid.UUID | None, by: Caller) -> uuid.UUID:
    """The TEO that issued: the caller's own unless another is named, which only operators may."""
    own = teo_id or by.organization_id
    if own is None:
        raise TeoUnknown("Say whose certificates they are: teo_id.")
    by.must_be(own)
    if session.get(Teo, own) is None:
        raise TeoUnknown()
    _check_in_the_pilot(session, own, by)
    return own


def _check_in_the_pilot(session: UnitOfWork, teo_id: uuid.UUID, by: Caller) -> None:
    if not by.sees_everything and exits.exited_at(session, (teo_id,)):
        raise SenderLeft()


def _check_array(source: bytes) -> None:
    """What is no array at all is said at once; of its items the job tells."""
    try:
        json_rows.cut(source)
    except FileRefused as refusal:
        raise Invalid(refusal.reason_en, file_code=refusal.code) from None
