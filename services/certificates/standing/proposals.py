"""One person proposes that a certificate's standing should change, another decides (PP-17).

Locks are taken in one order, everywhere: the TEO's key, the certificate, its proposals, its status list, the platform's key.
"""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault, mask_name
from services.certificates.issuing import exits
from services.certificates.issuing.actions import Desk
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.names import seal_name
from services.certificates.standing import annulments, changes, queries, rules, successors
from services.certificates.standing.errors import ProposalOpen
from services.certificates.standing.models import StandingProposal
from services.certificates.standing.rules import CERTIFICATE, PROPOSAL

_NOTE = "standing note"


def propose(session: UnitOfWork, vault: Vault, number: str, body: dict[str, Any], *, by: Caller) -> StandingProposal:
    """PP-07: the TEO that answers for a certificate, the operator or the Ministry proposes that its standing should change.

    `body`: `kind`, `reason`, `note`, and for a replacement the `name` as it should have been, or None.
    """
    certificate = queries.certificate_to_change(session, by, number)
    _check_still_acts(session, certificate.teo_id, by)
    rules.check_reason(body["kind"], body["reason"])
    rules.check_name(body["kind"], body["name"] is not None)
    CERTIFICATE.after(certificate.state, body["kind"])
    proposal = StandingProposal(
        certificate_id=certificate.id,
        number=certificate.number,
        teo_id=certificate.teo_id,
        college_id=certificate.college_id,
        kind=body["kind"],
        reason=body["reason"],
        sealed_note=vault.seal(body["note"].encode(), _NOTE),
        sealed_name=None if body["name"] is None else seal_name(vault, body["name"]),
        masked_name=None if body["name"] is None else mask_name(body["name"]),
        state=rules.PROPOSED,
        proposed_by=by.client_id,
        proposed_role=by.role.value,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    try:
        session.flush()
    except IntegrityError:  # two at the same moment, or one after the other: the first one stands
        raise ProposalOpen() from None
    return proposal


def approve(session: UnitOfWork, desk: Desk, proposal_id: uuid.UUID, note: str, *, by: Caller) -> StandingProposal:
    """PP-17: the second person agrees, and the standing changes with all that it brings (changes.py)."""
    seen = queries.one_proposal(session, by, proposal_id)
    # Before the certificate is locked: whoever issues or annuls holds the key first.
    press = successors.press(session, desk, seen) if seen.kind == "replace" else None
    certificate, proposal = _hold(session, seen)
    _check_still_acts(session, certificate.teo_id, by)
    after = PROPOSAL.after(proposal.state, "approve")
    rules.check_second_person(proposal.proposed_by, by.client_id)
    _decide(desk.vault, proposal, after, note, by)
    session.flush()
    changes.change(session, desk, certificate, proposal, press)
    return proposal


def refuse(session: UnitOfWork, vault: Vault, proposal_id: uuid.UUID, note: str, *, by: Caller) -> StandingProposal:
    """PP-17: the second person does not agree. The certificate stays as it is, and the refusal is on record."""
    certificate, proposal = _hold(session, queries.one_proposal(session, by, proposal_id))
    _check_still_acts(session, certificate.teo_id, by)
    after = PROPOSAL.after(proposal.state, "refuse")
    rules.check_second_person(proposal.proposed_by, by.client_id)
    rules.check_refusable(proposal.proposed_role, by.role.value)
    _decide(vault, proposal, after, note, by)
    return proposal


def withdraw(session: UnitOfWork, vault: Vault, proposal_id: uuid.UUID, note: str, *, by: Caller) -> StandingProposal:
    """Who proposed takes it back."""
    certificate, proposal = _hold(session, queries.one_proposal(session, by, proposal_id))
    after = PROPOSAL.after(proposal.state, "withdraw")
    rules.check_proposer(proposal.proposed_by, by.client_id)
    _decide(vault, proposal, after, note, by)
    if proposal.kind == "revoke":
        session.flush()  # the place of the open proposal is free
        annulments.propose_again(session, certificate)
    return proposal


def note_of(vault: Vault, sealed: str | None) -> str | None:
    """A note in the clear, for those who decide."""
    return None if sealed is None else vault.open(sealed, _NOTE).decode()


def _hold(session: UnitOfWork, seen: StandingProposal) -> tuple[Certificate, StandingProposal]:
    """The certificate and the proposal as they are now, locked in this order."""
    certificate = session.get_one(Certificate, seen.certificate_id, with_for_update=True, populate_existing=True)
    session.refresh(seen, with_for_update=True)
    return certificate, seen


def _check_still_acts(session: Session, teo_id: uuid.UUID, by: Caller) -> None:
    exited_at = exits.exited_at(session, [teo_id]).get(teo_id)
    rules.check_still_acts(by.role.value, exited_at is not None and exited_at <= clock.now())


def _decide(vault: Vault, proposal: StandingProposal, state: str, note: str, by: Caller) -> None:
    proposal.state, proposal.decided_at = state, clock.now()
    proposal.decided_by, proposal.decided_role = by.client_id, by.role.value
    proposal.sealed_answer = vault.seal(note.encode(), _NOTE) if note else None
