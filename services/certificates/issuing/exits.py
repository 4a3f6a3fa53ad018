"""A TEO has left: what it published before is issued, what it publishes from then on is not (OP-41).

The two events may come in either order, and at once:

- A batch that issues holds its TEOs' keys FOR SHARE before it asks who has left.
- Word of an exit takes the TEO's key FOR UPDATE before it is written down. So a batch either is committed by then, and is looked
  through for what it should not have issued; or it waits, and then knows of the exit.

A certificate that was issued before word of the exit came stays valid, as every certificate that is issued; it is listed, with
the refused ones, for those who have to decide about it.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from onex.chassis.database import UnitOfWork, in_order
from onex.contracts.assessment import ResultPublished
from onex.contracts.pilot import OrganizationExited
from services.certificates.credentials.actions import nobody_signs
from services.certificates.credentials.models import IssuerKey
from services.certificates.issuing.models import ResultAfterExit
from services.certificates.pilot.models import ExitedTeo

CLOCKS_DIFFER_BY = timedelta(days=1)
"""Far more than the clocks of two machines do."""
_ISSUED_SINCE = text(
    "INSERT INTO result_after_exit (result_id, teo_id, learner_id, college_id, certificate_type_id, level, published_at,"
    " exited_at, certificate_number)"
    " SELECT result_id, teo_id, learner_id, college_id, certificate_type_id, level, published_at, :exited_at, number"
    " FROM certificate WHERE teo_id = :teo_id AND id >= :since AND published_at >= :exited_at ON CONFLICT DO NOTHING"
)


def note(session: UnitOfWork, exits: Iterable[OrganizationExited]) -> None:
    """Keep which TEOs have left, and list what was issued of them all the same. The first word of an exit stays."""
    first = {one.organization_id: one for one in sorted(exits, key=lambda one: one.exited_at, reverse=True)}
    teos = {teo_id: one for teo_id, one in first.items() if one.kind == "teo"}
    if not teos:
        return
    nobody_signs(session)  # under a steady load the keys' rows alone would never be had
    keys = select(IssuerKey.id).where(IssuerKey.teo_id.in_(teos), IssuerKey.retired_at.is_(None))
    session.execute(keys.order_by(IssuerKey.id).with_for_update()).all()
    for teo_id in in_order(teos):
        one = teos[teo_id]
        row = {"id": teo_id, "version": one.organization_version, "exited_at": one.exited_at}
        session.execute(insert(ExitedTeo).values(row).on_conflict_do_nothing())
        values = {"teo_id": teo_id, "exited_at": one.exited_at, "since": _first_id(one.exited_at - CLOCKS_DIFFER_BY)}
        session.execute(_ISSUED_SINCE, values)


def exited_at(session: Session, teo_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When those of the TEOs that have left did."""
    query = select(ExitedTeo.id, ExitedTeo.exited_at).where(ExitedTeo.id.in_(teo_ids))
    return dict(iter(session.execute(query)))


def refuse(session: UnitOfWork, results: Iterable[ResultPublished], exits: Mapping[uuid.UUID, datetime]) -> None:
    """Note passes that earn nothing, as they were published from their TEO's exit on; said again they change nothing."""
    rows = [
        {
            "result_id": one.result_id,
            "teo_id": one.teo_id,
            "learner_id": one.learner_id,
            "college_id": one.college_id,
            "certificate_type_id": one.certificate_type_id,
            "level": one.level,
            "published_at": one.published_at,
            "exited_at": exits[one.teo_id],
        }
        for one in results
    ]
    if rows:
        session.execute(insert(ResultAfterExit).values(rows).on_conflict_do_nothing())


def _first_id(moment: datetime) -> uuid.UUID:
    """Less than every UUIDv7 made since (RFC 9562 section 5.7: it begins with the milliseconds since 1970)."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
