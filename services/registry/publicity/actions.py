"""Publicity is scanned and filed; claims are authorized; what was found in public is recorded (OP-37)."""

import uuid
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from services.registry.organizations import actions as organizations
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.publicity import queries, rules
from services.registry.publicity.errors import FindingExists
from services.registry.publicity.models import PublicityAuthorization, PublicityFiling, PublicityFinding
from services.registry.publicity.rules import AUTHORIZATION, FILING, FINDING
from services.registry.publicity.scan import Hit, scan
from services.registry.rectification import actions as rectification
from services.registry.rectification.rules import check_supervised


def file(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> PublicityFiling:
    """A TEO or college files what it will say; refused with the hits where a claim is not authorized (OP-37)."""
    if by.organization_id is None:
        raise OutOfScope()
    organization = organizations.must_take_part(session, by.organization_id)
    rules.check_shown(body["shown_from"], body["shown_to"], clock.today())
    granted = queries.granted_to(session, organization.id, to_rest_on=True)
    filing = PublicityFiling(
        organization_id=organization.id,
        province_code=organization.province_code,
        state=rules.FILED,
        filed_by=by.client_id,
        **body,
        **_judged(granted, body),
    )
    session.add(filing)
    session.flush()
    session.refresh(filing)
    return filing


def correct(session: UnitOfWork, filing_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> PublicityFiling:
    """What is not shown yet, or may not be shown, is changed and scanned again (OP-37)."""
    organization_id = queries.one_filing(session, by, filing_id).organization_id
    by.must_be(organization_id)
    organizations.must_take_part(session, organization_id)
    # Authorizations first, as `revoke` does: two that lock in the same order never wait for each other in a circle.
    granted = queries.granted_to(session, organization_id, to_rest_on=True)
    filing = queries.filing_to_change(session, by, filing_id)
    after = FILING.after(filing.state, "correct")
    rules.check_not_shown(filing.state, filing.shown_from, clock.today())
    rules.check_shown(body["shown_from"], body["shown_to"], clock.today())
    for name, value in (body | _judged(granted, body)).items():
        setattr(filing, name, value)
    filing.state, filing.suspended_at = after, None
    filing.corrected_by, filing.corrected_at = by.client_id, clock.now()
    return filing


def withdraw(session: UnitOfWork, filing_id: uuid.UUID, *, by: Caller) -> PublicityFiling:
    """The organization takes its publicity back."""
    filing = queries.filing_to_change(session, by, filing_id)
    by.must_be(filing.organization_id)
    filing.state = FILING.after(filing.state, "withdraw")
    filing.withdrawn_by, filing.withdrawn_at = by.client_id, clock.now()
    return filing


def authorize(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> PublicityAuthorization:
    """Put on record that an organization may make a claim from a day to a day (OP-37)."""
    rules.check_period(body["in_force_from"], body["in_force_to"])
    organization = organizations.must_take_part(session, body["organization_id"])
    check_supervised(organization.kind)
    authorization = PublicityAuthorization(state=rules.GRANTED, recorded_by=by.client_id, **body)
    session.add(authorization)
    session.flush()
    session.refresh(authorization)
    return authorization


def revoke(session: UnitOfWork, authorization_id: uuid.UUID, because: str, *, by: Caller) -> PublicityAuthorization:
    """From today on the claim is not authorized; filings that need it are suspended (OP-37)."""
    authorization = queries.authorization_to_change(session, authorization_id)
    authorization.state = AUTHORIZATION.after(authorization.state, "revoke")
    today = clock.today()
    authorization.revoked_on, authorization.revoked_by = today, by.client_id
    authorization.revoked_because = because
    session.flush()
    granted = queries.granted_to(session, authorization.organization_id)
    for filing in queries.relying_on(session, authorization.organization_id, authorization.claim, today):
        first = max(filing.shown_from, today)
        if not rules.is_covered(authorization.claim, first, filing.shown_to, granted):
            filing.state, filing.suspended_at = FILING.after(filing.state, "suspend"), clock.now()
    return authorization


def record_finding(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> PublicityFinding:
    """An inspector records a claim found in public that nobody had authorized on that day (OP-37)."""
    organization = session.get(Organization, body["organization_id"])
    if organization is None:
        raise OrganizationUnknown()
    check_supervised(organization.kind)
    province_code = rules.found_in(by, organization.kind, organization.province_code)
    rules.check_seen(body["seen_on"], clock.today())
    wrong = rules.check_found(scan(body["text"]), body["seen_on"], queries.granted_to(session, organization.id))
    finding = PublicityFinding(
        province_code=province_code, hits=_plain(wrong), state=rules.RECORDED, recorded_by=by.client_id, **body
    )
    session.add(finding)
    try:
        session.flush()
    except IntegrityError:
        raise FindingExists() from None
    session.refresh(finding)
    return finding


def order_rectification(
    session: UnitOfWork, finding_id: uuid.UUID, matter: str, due_on: date, *, by: Caller
) -> PublicityFinding:
    """The organization is ordered to take the claim back (OP-37, OP-43)."""
    finding = queries.finding_to_change(session, by, finding_id)
    finding.state = FINDING.after(finding.state, "order")
    order = rectification.order(session, finding.organization_id, matter, due_on, by=by, about="publicity")
    finding.rectification_id = order.id
    finding.closed_by, finding.closed_at = by.client_id, clock.now()
    return finding


def dismiss(session: UnitOfWork, finding_id: uuid.UUID, because: str, *, by: Caller) -> PublicityFinding:
    """A person looked, and the words make no claim there."""
    finding = queries.finding_to_change(session, by, finding_id)
    finding.state = FINDING.after(finding.state, "dismiss")
    finding.dismissed_because = because
    finding.closed_by, finding.closed_at = by.client_id, clock.now()
    return finding


def _judged(granted: list[rules.Granted], body: dict[str, Any]) -> dict[str, Any]:
    """The claims of the title and the text, each of them authorized on all the days."""
    title, text = scan(body["title"]), scan(body["text"])
    rules.check_authorized(title + text, body["shown_from"], body["shown_to"], granted)
    return {"claims": sorted({hit.claim for hit in title + text}), "hits": _plain(title + text)}


def _plain(hits: list[Hit]) -> list[dict[str, Any]]:
    return [asdict(hit) for hit in hits]
