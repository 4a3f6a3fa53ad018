"""Doors: proposals to change a certificate's standing, decisions about them, what changed."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal, span
from services.certificates.issuing import queries as issuing
from services.certificates.issuing.actions import Desk
from services.certificates.standing import anomalies, queries, rules
from services.certificates.standing import proposals as actions
from services.certificates.standing.models import AnnulledResult, StandingChange, StandingProposal
from services.certificates.standing.schemas import (
    AnnulledResultSchema,
    AnomaliesSchema,
    AnomalyQuerySchema,
    DecisionSchema,
    NewStandingProposalSchema,
    StandingChangeSchema,
    StandingProposalSchema,
    StandingProposalWithNotesSchema,
    StandingSchema,
)

blp = Blueprint(
    "standing", "standing", description="Revocation, suspension, correction and replacement of certificates"
)
DECIDERS = (Role.TEO, Role.OPERATOR, Role.MINISTRY)
PROPOSALS = Listing(
    StandingProposalSchema,
    StandingProposal.id,
    filters={
        "certificate_id": equal(StandingProposal.certificate_id),
        "teo_id": equal(StandingProposal.teo_id),
        "college_id": equal(StandingProposal.college_id),
        "kind": equal(StandingProposal.kind, rules.KINDS),
        "reason": equal(StandingProposal.reason, rules.REASONS),
        "state": equal(StandingProposal.state, rules.PROPOSAL_STATES),
        "proposed": span(StandingProposal.proposed_at),
    },
)
CHANGES = Listing(
    StandingChangeSchema,
    StandingChange.id,
    filters={
        "teo_id": equal(StandingChange.teo_id),
        "college_id": equal(StandingChange.college_id),
        "standing": equal(StandingChange.standing, rules.STANDINGS),
        "reason": equal(StandingChange.reason, rules.REASONS),
        "changed": span(StandingChange.changed_at),
    },
)
ANNULLED = Listing(
    AnnulledResultSchema,
    AnnulledResult.result_id,
    filters={"teo_id": equal(AnnulledResult.teo_id), "annulled": span(AnnulledResult.annulled_at)},
)


@blp.route("/certificates/<number>/standing-proposals", methods=["POST"])
@allow(*DECIDERS)
@blp.arguments(NewStandingProposalSchema)
@blp.response(201, StandingProposalWithNotesSchema)
def propose(body: dict[str, Any], number: str) -> dict[str, Any]:
    """Propose to suspend a certificate, to hold it valid again, to revoke it or to replace it by a corrected one (PP-07)."""
    return _with_notes(actions.propose(session(), runtime().vault, number, body, by=caller()))


@blp.route("/standing-proposals")
@allow(*DECIDERS)
@PROPOSALS.door(blp)
def proposals(query: dict[str, Any]) -> Any:
    """The proposals the caller may see: all, or those about its own certificates."""
    return PROPOSALS.answer(session(), queries.proposals(caller()), query)


@blp.route("/standing-proposals/<uuid:proposal_id>")
@allow(*DECIDERS)
@blp.response(200, StandingProposalWithNotesSchema)
def proposal(proposal_id: uuid.UUID) -> dict[str, Any]:
    """A proposal with its notes."""
    return _with_notes(queries.one_proposal(session(), caller(), proposal_id))


@blp.route("/standing-proposals/<uuid:proposal_id>/approval", methods=["POST"])
@allow(*DECIDERS)
@blp.arguments(DecisionSchema)
@blp.response(200, StandingProposalWithNotesSchema)
def approve(body: dict[str, Any], proposal_id: uuid.UUID) -> dict[str, Any]:
    """Agree, as a second person: the certificate's standing changes, and everyone who should hears of it (PP-17)."""
    desk = Desk(runtime().vault, runtime().settings.public_url)
    return _with_notes(actions.approve(session(), desk, proposal_id, body["note"], by=caller()))


@blp.route("/standing-proposals/<uuid:proposal_id>/refusal", methods=["POST"])
@allow(*DECIDERS)
@blp.arguments(DecisionSchema)
@blp.response(200, StandingProposalWithNotesSchema)
def refuse(body: dict[str, Any], proposal_id: uuid.UUID) -> dict[str, Any]:
    """Do not agree, as a second person: the certificate stays as it is (PP-17)."""
    return _with_notes(actions.refuse(session(), runtime().vault, proposal_id, body["note"], by=caller()))


@blp.route("/standing-proposals/<uuid:proposal_id>/withdrawal", methods=["POST"])
@allow(*DECIDERS)
@blp.arguments(DecisionSchema)
@blp.response(200, StandingProposalWithNotesSchema)
def withdraw(body: dict[str, Any], proposal_id: uuid.UUID) -> dict[str, Any]:
    """Take the own proposal back."""
    return _with_notes(actions.withdraw(session(), runtime().vault, proposal_id, body["note"], by=caller()))


@blp.route("/standing-changes")
@allow(*DECIDERS, Role.COLLEGE)
@CHANGES.door(blp)
def changes(query: dict[str, Any]) -> Any:
    """What changed, of the certificates the caller may see."""
    return CHANGES.answer(session(), queries.changes(caller()), query)


@blp.route("/certificates/<number>/standing")
@allow(*DECIDERS, Role.COLLEGE, Role.LEARNER)
@blp.response(200, StandingSchema)
def standing(number: str) -> dict[str, Any]:
    """What a certificate is worth now, how it came to that, and which it replaces or is replaced by."""
    one = issuing.by_number(session(), caller(), number)
    return {
        "number": one.number,
        "state": one.state,
        "version": one.version,
        "replaces": queries.predecessor_number(session(), one),
        "replaced_by": queries.successor_number(session(), one.id),
        "changes": queries.changes_of(session(), one.id),
    }


@blp.route("/annulled-results")
@allow(*DECIDERS)
@ANNULLED.door(blp)
def annulled_results(query: dict[str, Any]) -> Any:
    """Results that were annulled: no certificate is issued of them, and one that was is proposed to be revoked (PP-07)."""
    return ANNULLED.answer(session(), queries.annulled_results(caller()), query)


@blp.route("/anomalies")
@allow(*DECIDERS)
@blp.arguments(AnomalyQuerySchema, location="query")
@blp.response(200, AnomaliesSchema)
def monthly_anomalies(query: dict[str, Any]) -> dict[str, Any]:
    """How many certificates each TEO issued of each type in a month, how many were revoked, and what is out of line (PP-17)."""
    return {"items": anomalies.of_month(session(), caller(), query["month"] or clock.today())}


def _with_notes(one: StandingProposal) -> dict[str, Any]:
    shown = {column: getattr(one, column) for column in StandingProposalSchema().fields}
    vault = runtime().vault
    return shown | {
        "note": actions.note_of(vault, one.sealed_note),
        "answer": actions.note_of(vault, one.sealed_answer),
    }
