"""Doors: credit-record proposals, their approval, and what is overdue."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, session
from services.creditbank.proposals import actions, queries
from services.creditbank.proposals.models import CreditClock, Proposal
from services.creditbank.proposals.schemas import (
    OverduePageSchema,
    ProposalPageSchema,
    ProposalSchema,
    RecordedProposalSchema,
)

blp = Blueprint("proposals", "proposals", url_prefix="/proposals", description="What a certificate is worth")


@blp.route("", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(ProposalSchema)
@blp.response(201, RecordedProposalSchema)
def propose(body: dict[str, Any]) -> Proposal:
    """Propose the credit record of a published standard, as the TEO of the certificate type (OP-33)."""
    return actions.propose(session(), body, by=caller())


@blp.route("/<uuid:proposal_id>/approval", methods=["POST"])
@allow(Role.OPERATOR, Role.MINISTRY)
@blp.response(200, RecordedProposalSchema)
def approve(proposal_id: uuid.UUID) -> Proposal:
    """Approve a proposal: its certificates are booked from now on, and those that waited too."""
    return actions.approve(session(), proposal_id, by=caller())


@blp.route("")
@allow(Role.TEO, Role.OPERATOR, Role.MINISTRY)
@blp.arguments(PageQuery, location="query")
@blp.response(200, ProposalPageSchema)
def proposals(arguments: dict[str, Any]) -> dict[str, Any]:
    """The proposals the caller may see, newest first."""
    return page(session(), queries.proposals_for(caller()), Proposal.id, arguments["cursor"], arguments["size"])


@blp.route("/overdue")
@allow(Role.TEO, Role.OPERATOR, Role.MINISTRY)
@blp.arguments(PageQuery, location="query")
@blp.response(200, OverduePageSchema)
def overdue(arguments: dict[str, Any]) -> dict[str, Any]:
    """The standards whose month passed with no proposal (OP-33)."""
    query = queries.overdue_for(caller(), clock.today())
    return page(session(), query, CreditClock.id, arguments["cursor"], arguments["size"])
