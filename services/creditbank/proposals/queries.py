"""Reads of certificate types, clocks and proposals."""

import uuid
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, Tuple, exists, select, tuple_
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from services.creditbank.proposals.models import CertificateType, CreditClock, Proposal

Standard = tuple[uuid.UUID, str, str]
"""Certificate type, level, standard version."""


def certificate_type(session: Session, certificate_type_id: uuid.UUID) -> CertificateType | None:
    return session.get(CertificateType, certificate_type_id)


def clock_of(session: Session, standard: Standard) -> CreditClock | None:
    """The clock of a published standard; None when no such standard was published."""
    return session.scalar(select(CreditClock).where(_standard(CreditClock).in_([standard])))


def proposal_of(session: Session, standard: Standard) -> Proposal | None:
    return session.scalar(select(Proposal).where(_standard(Proposal).in_([standard])))


def proposal_to_decide(session: Session, proposal_id: uuid.UUID) -> Proposal | None:
    """The proposal, locked until the transaction ends."""
    return session.get(Proposal, proposal_id, with_for_update=True)


def approved_credit(session: Session, standards: Iterable[Standard]) -> dict[Standard, int]:
    """What one certificate of each standard is worth, in hundredths, where that is approved. One query."""
    query = select(Proposal).where(Proposal.state == "approved", _standard(Proposal).in_(list(standards)))
    return {(p.certificate_type_id, p.level, p.standard_version): p.credit_hundredths for p in session.scalars(query)}


def proposals_for(who: Caller) -> Select[Proposal]:
    """The proposals this caller may see: a TEO its own, operators and the ministry all."""
    query = select(Proposal)
    return query if who.sees_everything else query.where(Proposal.teo_id == who.organization_id)


def overdue_for(who: Caller, today: date) -> Select[CreditClock]:
    """The standards whose month has passed without a proposal (OP-33), as far as this caller may see them."""
    query = select(CreditClock).where(CreditClock.due_on < today, ~_has_proposal())
    return query if who.sees_everything else query.where(CreditClock.teo_id == who.organization_id)


def _has_proposal() -> ColumnElement[bool]:
    return exists().where(
        Proposal.certificate_type_id == CreditClock.certificate_type_id,
        Proposal.level == CreditClock.level,
        Proposal.standard_version == CreditClock.standard_version,
    )


def _standard(table: type[CreditClock] | type[Proposal]) -> Tuple:
    return tuple_(table.certificate_type_id, table.level, table.standard_version)
