"""Reads of proposals and changes of standing, within what the caller may see."""

import uuid

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.certificates.issuing import numbers
from services.certificates.issuing import queries as issuing
from services.certificates.issuing.models import Certificate
from services.certificates.standing import rules
from services.certificates.standing.models import AnnulledResult, StandingChange, StandingProposal


def certificate_to_change(session: Session, who: Caller, number: str) -> Certificate:
    """The certificate of this number, locked; raises NotFound when the caller may not see it."""
    clean = numbers.clean(number)
    query = issuing.visible_to(who).where(Certificate.number == clean).with_for_update()
    return there(session.scalar(query) if numbers.is_valid(clean) else None)


def proposals(who: Caller) -> Select[StandingProposal]:
    """All for operator and Ministry, a TEO's own; nothing for anyone else."""
    return seen_by(who, select(StandingProposal), {Role.TEO: StandingProposal.teo_id})


def one_proposal(session: Session, who: Caller, proposal_id: uuid.UUID) -> StandingProposal:
    """A proposal; raises NotFound when the caller may not see it."""
    return there(session.scalar(proposals(who).where(StandingProposal.id == proposal_id)))


def other_is_open(session: Session, certificate_id: uuid.UUID, proposal_id: uuid.UUID) -> bool:
    """Whether another proposal about the certificate waits to be decided."""
    waiting = (
        (StandingProposal.certificate_id == certificate_id)
        & (StandingProposal.state == rules.PROPOSED)
        & (StandingProposal.id != proposal_id)
    )
    return bool(session.scalar(select(exists().where(waiting))))


def changes(who: Caller) -> Select[StandingChange]:
    """All for operator and Ministry, a TEO's or a college's own; nothing for anyone else."""
    return seen_by(
        who, select(StandingChange), {Role.TEO: StandingChange.teo_id, Role.COLLEGE: StandingChange.college_id}
    )


def changes_of(session: Session, certificate_id: uuid.UUID) -> list[StandingChange]:
    """What happened to a certificate since its issue, the oldest first."""
    query = select(StandingChange).where(StandingChange.certificate_id == certificate_id)
    return list(session.scalars(query.order_by(StandingChange.version)))


def annulled_results(who: Caller) -> Select[AnnulledResult]:
    """All for operator and Ministry, a TEO's own; nothing for anyone else."""
    return seen_by(who, select(AnnulledResult), {Role.TEO: AnnulledResult.teo_id})


def successor_number(session: Session, certificate_id: uuid.UUID) -> str | None:
    """The number of the certificate that stands in this one's place, None where none does."""
    return session.scalar(select(Certificate.number).where(Certificate.replaces == certificate_id))


def predecessor_number(session: Session, certificate: Certificate) -> str | None:
    """The number of the certificate in whose place this one stands, None where it stands in none's."""
    if certificate.replaces is None:
        return None
    return session.scalar(select(Certificate.number).where(Certificate.id == certificate.replaces))
