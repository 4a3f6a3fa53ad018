"""A certificate is corrected by another in its place: of the same result, with a number and a credential of its own (PP-07).

The two rows name each other, in one transaction: the new one by `replaces`, the old one by its change. The new one is of the old
one's day of issue and was entered when that one was; it is logged as issued, and earns no credit of its own.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import mask_name
from services.certificates.issuing import numbers
from services.certificates.issuing.actions import MAX_TRIES, Desk, NoRoomForNumbers, Subject, logged, signed
from services.certificates.issuing.issuers import Issuers
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.names import name_index, open_name, seal_name
from services.certificates.issuing.rules import LEVEL_DIGIT
from services.certificates.log import actions as log
from services.certificates.standing import annulments, positions, queries, rules
from services.certificates.standing.models import StandingProposal


@dataclass(frozen=True, slots=True)
class Press:
    """What a replacement is made with. Its TEO's key is held: nobody annuls the result before we commit."""

    issuers: Issuers
    subject: Subject


def press(session: UnitOfWork, desk: Desk, proposal: StandingProposal) -> Press:
    """Look up what the credential in a certificate's place will say: the name as proposed, the rest as it is known now."""
    old = session.get_one(Certificate, proposal.certificate_id)
    subject = _subject(desk, old, proposal)
    return Press(Issuers(session, desk.vault, desk.public_url, [subject]), subject)


def replace(
    session: UnitOfWork, desk: Desk, made_with: Press, old: Certificate, proposal: StandingProposal, now: datetime
) -> Certificate:
    """The certificate in `old`'s place, recorded and logged. Raises ResultWasAnnulled, OtherProposalOpen."""
    rules.check_replaceable(
        bool(annulments.among(session, [old.result_id])), queries.other_is_open(session, old.id, proposal.id)
    )
    for _ in range(MAX_TRIES):
        row = _row(session, desk, made_with, old, now)
        if _recorded(session, row):
            log.wait(session, [logged(desk, row["id"], row["credential"].encode(), old.teo_id, now)])
            return session.get_one(Certificate, row["id"])
    raise NoRoomForNumbers()


def _subject(desk: Desk, old: Certificate, proposal: StandingProposal) -> Subject:
    return Subject(
        result_id=old.result_id,
        learner_id=old.learner_id,
        name=open_name(desk.vault, proposal.sealed_name or old.sealed_name),
        certificate_type_id=old.certificate_type_id,
        level=old.level,
        standard_version=old.standard_version,
        teo_id=old.teo_id,
        college_id=old.college_id,
        published_at=old.published_at or datetime.combine(old.issued_on, time(), clock.BEIJING),
        source=old.source,
        foreign_number=old.foreign_number,
        sitting_id=old.sitting_id,
    )


def _row(session: UnitOfWork, desk: Desk, made_with: Press, old: Certificate, now: datetime) -> dict[str, Any]:
    """The old certificate's row, with all that is the new one's own."""
    issuers, one = made_with.issuers, made_with.subject
    code = issuers.type_of(one).code
    number = numbers.draw(old.issued_on.year, code, LEVEL_DIGIT[one.level])
    (bit,) = positions.draw(session, desk.vault, 1)
    own = {
        "id": new_id(),
        "number": number,
        "name_index": name_index(desk.vault, one.name),
        "sealed_name": seal_name(desk.vault, one.name),
        "masked_name": mask_name(one.name),
        "type_code": code,
        "credential": signed(desk, issuers, one, number, bit, now).decode(),
        "state": rules.VALID,
        "version": 1,
        "replaces": old.id,
        "status_list": bit.list,
        "status_index": bit.index,
    }
    kept = {column.name for column in Certificate.__table__.columns} - own.keys()
    return own | {name: getattr(old, name) for name in kept}


def _recorded(session: UnitOfWork, row: dict[str, Any]) -> bool:
    """Whether it is in; False, with nothing of it left, where its number was there already."""
    try:
        with session.begin_nested():
            session.execute(insert(Certificate).values(row))
    except IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        return False
    return True
