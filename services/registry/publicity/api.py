"""Doors: publicity filings, their scan, and authorizations."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, public, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.publicity import actions, queries, rules, scan
from services.registry.publicity.models import PublicityAuthorization, PublicityFiling, PublicityFinding
from services.registry.publicity.schemas import (
    NewPublicityFilingSchema,
    NewPublicityFindingSchema,
    PublicityAuthorizationSchema,
    PublicityFilingSchema,
    PublicityFilingWithTextSchema,
    PublicityFindingSchema,
    PublicityFindingWithTextSchema,
    PublicityOrderSchema,
    PublicityReasonSchema,
    PublicityTextSchema,
    ScanSchema,
)

SPEAKERS = (Role.TEO, Role.COLLEGE)
REGULATORS = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
blp = Blueprint(
    "publicity", "publicity", url_prefix="/publicity", description="Publicity filings, their scan, and authorizations"
)
FILINGS = Listing(
    PublicityFilingSchema,
    PublicityFiling.id,
    filters={
        "organization_id": equal(PublicityFiling.organization_id),
        "state": equal(PublicityFiling.state, rules.FILING_STATES),
        "shown": span(PublicityFiling.shown_from, leads=True),
    },
    sorts={"shown_from": PublicityFiling.shown_from},
)
AUTHORIZATIONS = Listing(
    PublicityAuthorizationSchema,
    PublicityAuthorization.id,
    filters={"organization_id": equal(PublicityAuthorization.organization_id)},
)
FINDINGS = Listing(
    PublicityFindingSchema,
    PublicityFinding.id,
    filters={
        "organization_id": equal(PublicityFinding.organization_id),
        "state": equal(PublicityFinding.state, rules.FINDING_STATES),
    },
)


@blp.route("/scans", methods=["POST"])
@allow(*SPEAKERS, *REGULATORS)
@blp.arguments(PublicityTextSchema)
@blp.response(200, ScanSchema)
def scan_text(body: dict[str, Any]) -> dict[str, Any]:
    """The claims in a text that need authorization; nothing is kept of it (OP-37)."""
    return {"hits": scan.scan(body["text"])}


@blp.route("/filings", methods=["POST"])
@allow(*SPEAKERS)
@blp.arguments(NewPublicityFilingSchema)
@blp.response(201, PublicityFilingWithTextSchema)
def file(body: dict[str, Any]) -> PublicityFiling:
    """File what will be said in public; refused with the hits where a claim is not authorized (OP-37)."""
    return actions.file(session(), body, by=caller())


@blp.route("/filings")
@allow(*SPEAKERS, *REGULATORS)
@FILINGS.door(blp)
def filings(query: dict[str, Any]) -> Any:
    """The filings the caller may see."""
    return FILINGS.answer(session(), queries.filings(caller()), query)


@blp.route("/filings/<uuid:filing_id>")
@allow(*SPEAKERS, *REGULATORS)
@blp.response(200, PublicityFilingWithTextSchema)
def filing(filing_id: uuid.UUID) -> PublicityFiling:
    """One filing with its text."""
    return queries.one_filing(session(), caller(), filing_id)


@blp.route("/filings/<uuid:filing_id>", methods=["PUT"])
@allow(*SPEAKERS)
@blp.arguments(NewPublicityFilingSchema)
@blp.response(200, PublicityFilingWithTextSchema)
def correct(body: dict[str, Any], filing_id: uuid.UUID) -> PublicityFiling:
    """Change what is not shown yet, or was suspended; it is scanned again (OP-37)."""
    return actions.correct(session(), filing_id, body, by=caller())


@blp.route("/filings/<uuid:filing_id>/withdrawal", methods=["POST"])
@allow(*SPEAKERS)
@blp.response(200, PublicityFilingWithTextSchema)
def withdraw(filing_id: uuid.UUID) -> PublicityFiling:
    """Take publicity back."""
    return actions.withdraw(session(), filing_id, by=caller())


@blp.route("/authorizations", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(PublicityAuthorizationSchema)
@blp.response(201, PublicityAuthorizationSchema)
def authorize(body: dict[str, Any]) -> PublicityAuthorization:
    """Put on record that an organization may make a claim (OP-37)."""
    return actions.authorize(session(), body, by=caller())


@blp.route("/authorizations")
@public
@AUTHORIZATIONS.door(blp)
def authorizations(query: dict[str, Any]) -> Any:
    """Who may make which claim, and when: for anyone who reads one."""
    return AUTHORIZATIONS.answer(session(), queries.authorizations(), query)


@blp.route("/authorizations/<uuid:authorization_id>/revocation", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(PublicityReasonSchema)
@blp.response(200, PublicityAuthorizationSchema)
def revoke(body: dict[str, Any], authorization_id: uuid.UUID) -> PublicityAuthorization:
    """Revoke from today on; filings that need it are suspended."""
    return actions.revoke(session(), authorization_id, body["because"], by=caller())


@blp.route("/findings", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(NewPublicityFindingSchema)
@blp.response(201, PublicityFindingWithTextSchema)
def record_finding(body: dict[str, Any]) -> PublicityFinding:
    """Record a claim found in public that nobody had authorized (OP-37)."""
    return actions.record_finding(session(), body, by=caller())


@blp.route("/findings")
@allow(*SPEAKERS, *REGULATORS)
@FINDINGS.door(blp)
def findings(query: dict[str, Any]) -> Any:
    """The findings the caller may see."""
    return FINDINGS.answer(session(), queries.findings(caller()), query)


@blp.route("/findings/<uuid:finding_id>")
@allow(*SPEAKERS, *REGULATORS)
@blp.response(200, PublicityFindingWithTextSchema)
def finding(finding_id: uuid.UUID) -> PublicityFinding:
    """One finding with what was said."""
    return queries.one_finding(session(), caller(), finding_id)


@blp.route("/findings/<uuid:finding_id>/rectification", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(PublicityOrderSchema)
@blp.response(200, PublicityFindingWithTextSchema)
def order_rectification(body: dict[str, Any], finding_id: uuid.UUID) -> PublicityFinding:
    """Order the organization to take the claim back (OP-43)."""
    return actions.order_rectification(session(), finding_id, body["matter"], body["due_on"], by=caller())


@blp.route("/findings/<uuid:finding_id>/dismissal", methods=["POST"])
@allow(*REGULATORS)
@blp.arguments(PublicityReasonSchema)
@blp.response(200, PublicityFindingWithTextSchema)
def dismiss(body: dict[str, Any], finding_id: uuid.UUID) -> PublicityFinding:
    """A person looked, and the words make no claim there."""
    return actions.dismiss(session(), finding_id, body["because"], by=caller())
