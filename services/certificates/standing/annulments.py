"""A result is annulled in the assessment: its certificate is proposed to be revoked, or never comes into being.

The pass and its annulment may come in either order, and at once:

- A batch that issues holds its TEOs' keys FOR SHARE before it asks which of its passes were annulled; so does who replaces a
  certificate.
- Word of an annulment takes the TEO's key FOR UPDATE before it is written down. So a batch either is committed by then, and its
  certificate is found; or it waits, and then knows of the annulment.
"""

import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import Select, select, text, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.database import UnitOfWork, in_order, uuid_array
from onex.chassis.ids import new_id
from onex.chassis.problems import NotYetKnown
from onex.contracts.assessment import ResultAnnulled
from services.certificates.credentials.actions import nobody_signs
from services.certificates.credentials.models import IssuerKey
from services.certificates.issuing.models import Certificate
from services.certificates.standing import rules
from services.certificates.standing.models import AnnulledResult, StandingProposal

_AMONG = text("SELECT result_id FROM annulled_result WHERE result_id = ANY(CAST(:ids AS uuid[]))")


def among(session: Session, result_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the results of which we have heard that they were annulled."""
    return set(session.scalars(_AMONG, {"ids": uuid_array(result_ids)})) if result_ids else set()


def note(session: UnitOfWork, events: Iterable[ResultAnnulled]) -> None:
    """Keep what was annulled, and propose to revoke what was issued of it. Said again it changes nothing.

    Raises NotYetKnown for a TEO that we have not heard of: without its key nothing holds off a batch that issues.
    """
    said = {one.result_id: one for one in events}
    _hold_off_issuing(session, {one.teo_id for one in said.values()})
    rows = [_row(said[result_id]) for result_id in in_order(said)]
    new = insert(AnnulledResult).values(rows).on_conflict_do_nothing().returning(AnnulledResult.result_id)
    annulled = set(session.scalars(new))
    for certificate in session.scalars(standing_of(annulled).order_by(Certificate.id).with_for_update()):
        _propose(session, certificate)


def propose_again(session: UnitOfWork, certificate: Certificate) -> None:
    """Where somebody takes back their own proposal to revoke, an annulled result is proposed in its place. The caller holds the
    certificate's lock."""
    if certificate.state in (rules.VALID, rules.SUSPENDED) and among(session, [certificate.result_id]):
        _propose(session, certificate)


def standing_of(result_ids: Collection[uuid.UUID]) -> Select[Certificate]:
    """The certificates of these results that are valid or suspended. What replaced another has an index of its own."""
    of_results = select(Certificate.id).where(Certificate.result_id.in_(result_ids))
    issued = union_all(of_results.where(Certificate.replaces.is_(None)), of_results.where(Certificate.replaces.is_not(None)))
    return select(Certificate).where(Certificate.id.in_(issued), Certificate.state.in_((rules.VALID, rules.SUSPENDED)))


def _hold_off_issuing(session: UnitOfWork, teo_ids: set[uuid.UUID]) -> None:
    nobody_signs(session)  # under a steady load the keys' rows alone would never be had
    keys = select(IssuerKey.teo_id).where(IssuerKey.teo_id.in_(teo_ids), IssuerKey.retired_at.is_(None))
    held = set(session.scalars(keys.order_by(IssuerKey.id).with_for_update()))
    if missing := teo_ids - held:
        raise NotYetKnown(f"the key of TEO {min(missing)}")


def _row(one: ResultAnnulled) -> dict[str, object]:
    names = ("result_id", "teo_id", "learner_id", "college_id", "certificate_type_id", "level", "ground", "annulled_at")
    return {name: getattr(one, name) for name in names}


def _propose(session: UnitOfWork, certificate: Certificate) -> None:
    """What a person has proposed already needs no second proposal."""
    row = {
        "id": new_id(),
        "certificate_id": certificate.id,
        "number": certificate.number,
        "teo_id": certificate.teo_id,
        "college_id": certificate.college_id,
        "kind": "revoke",
        "reason": "result_annulled",
        "state": rules.PROPOSED,
        "proposed_by": rules.ASSESSMENT,
        "proposed_role": rules.ASSESSMENT,
        "proposed_at": clock.now(),
    }
    session.execute(insert(StandingProposal).values(row).on_conflict_do_nothing())
