"""What a change of standing brings, all of it in the transaction in which its second person agrees.

1. row      the certificate's standing, and its version, which is one more
2. replace  where it is replaced: the certificate that stands in its place, which names it (successors.py)
3. bits     its bits in the status lists, which are signed anew
4. log      what happened waits to be taken into the transparency log
5. record   a row that nobody changes any more; what else was proposed lapses where nothing can follow
6. say      CertificateStandingChanged into the outbox: credit, subscribers and partners hear of it

The certificate's row is locked, so of two that change it at once the second finds what the first has made of it.
"""

from datetime import datetime

from sqlalchemy import select, update

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.contracts.certificates import CertificateStandingChanged
from onex.messaging import outbox
from services.certificates.credentials.addresses import issuer_did
from services.certificates.issuing.actions import Desk
from services.certificates.issuing.models import Certificate
from services.certificates.log import actions as log
from services.certificates.log import entries
from services.certificates.standing import lists, metrics, rules, successors
from services.certificates.standing.models import StandingChange, StandingProposal
from services.certificates.standing.positions import Position
from services.certificates.standing.rules import CERTIFICATE, PROPOSAL
from services.certificates.standing.successors import Press

_LOGGED_AS: dict[str, entries.Kind] = {
    "suspend": "suspended",
    "reinstate": "reinstated",
    "revoke": "revoked",
    "replace": "replaced",
}


def change(
    session: UnitOfWork, desk: Desk, certificate: Certificate, proposal: StandingProposal, press: Press | None
) -> None:
    """Carry out an approved proposal. `press`: what a replacement is made with. Raises the refusal that names the state."""
    now = clock.now()
    certificate.state = CERTIFICATE.after(certificate.state, proposal.kind)
    certificate.version += 1
    successor = successors.replace(session, desk, press, certificate, proposal, now) if press else None
    place = Position(certificate.status_list, certificate.status_index)
    lists.mark(session, desk.vault, desk.public_url, place, rules.bits(certificate.state))
    _log(session, desk, certificate, proposal.kind, now, successor)
    _record(session, certificate, proposal, now, successor)
    outbox.append(session, _said(certificate, proposal, now, successor))
    metrics.changes.labels(certificate.state, proposal.reason).inc()


def _log(
    session: UnitOfWork, desk: Desk, certificate: Certificate, kind: str, now: datetime, successor: Certificate | None
) -> None:
    digest = entries.digest_of(_credential(session, certificate).encode())
    by = entries.digest_of(successor.credential.encode()) if successor else None
    issuer = issuer_did(desk.public_url, certificate.teo_id)
    log.wait(session, [(certificate.id, entries.entry(_LOGGED_AS[kind], digest, issuer, now, by))])


def _credential(session: UnitOfWork, certificate: Certificate) -> str:
    return session.scalars(select(Certificate.credential).where(Certificate.id == certificate.id)).one()


def _record(
    session: UnitOfWork,
    certificate: Certificate,
    proposal: StandingProposal,
    now: datetime,
    successor: Certificate | None,
) -> None:
    session.add(
        StandingChange(
            certificate_id=certificate.id,
            certificate_type_id=certificate.certificate_type_id,
            issued_on=certificate.issued_on,
            version=certificate.version,
            number=certificate.number,
            teo_id=certificate.teo_id,
            college_id=certificate.college_id,
            standing=certificate.state,
            reason=proposal.reason,
            proposal_id=proposal.id,
            successor_id=successor.id if successor else None,
            changed_at=now,
        )
    )
    if certificate.state in rules.FINAL:
        others = update(StandingProposal).where(
            StandingProposal.certificate_id == certificate.id, StandingProposal.state == rules.PROPOSED
        )
        session.execute(others.values(state=PROPOSAL.after(rules.PROPOSED, "lapse"), decided_at=now))
    session.flush()


def _said(
    certificate: Certificate, proposal: StandingProposal, now: datetime, successor: Certificate | None
) -> CertificateStandingChanged:
    return CertificateStandingChanged(
        certificate_id=certificate.id,
        certificate_version=certificate.version,
        number=certificate.number,
        standing=certificate.state,  # type: ignore[arg-type]
        reason=proposal.reason,  # type: ignore[arg-type]
        learner_id=certificate.learner_id,
        certificate_type_id=certificate.certificate_type_id,
        certificate_type_code=certificate.type_code,
        level=certificate.level,  # type: ignore[arg-type]
        teo_id=certificate.teo_id,
        college_id=certificate.college_id,
        successor_id=successor.id if successor else None,
        successor_number=successor.number if successor else None,
        changed_at=now,
    )
