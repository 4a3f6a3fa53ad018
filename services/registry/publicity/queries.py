"""Reads of publicity."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.publicity import rules
from services.registry.publicity.models import PublicityAuthorization, PublicityFiling, PublicityFinding


def _visible(table: Any, by: Caller) -> Select[Any]:
    """Ministry and operator see all, a province its territory's, TEO and college their own."""
    own = {Role.PROVINCE: table.province_code, Role.TEO: table.organization_id, Role.COLLEGE: table.organization_id}
    return seen_by(by, select(table), own)


def filings(by: Caller) -> Select[PublicityFiling]:
    """The filings the caller may see."""
    return _visible(PublicityFiling, by)


def findings(by: Caller) -> Select[PublicityFinding]:
    """The findings the caller may see."""
    return _visible(PublicityFinding, by)


def authorizations() -> Select[PublicityAuthorization]:
    """Every authorization: whoever reads a claim may look up whether it is authorized."""
    return select(PublicityAuthorization)


def one_filing(session: Session, by: Caller, filing_id: uuid.UUID) -> PublicityFiling:
    """The filing; raise NotFound when there is none that the caller may see."""
    return _one(session, filings(by).where(PublicityFiling.id == filing_id))


def one_finding(session: Session, by: Caller, finding_id: uuid.UUID) -> PublicityFinding:
    """The finding; raise NotFound when there is none that the caller may see."""
    return _one(session, findings(by).where(PublicityFinding.id == finding_id))


def filing_to_change(session: Session, by: Caller, filing_id: uuid.UUID) -> PublicityFiling:
    """The filing, locked until the transaction ends; raise NotFound where the caller may not see it."""
    return _one(session, filings(by).where(PublicityFiling.id == filing_id).with_for_update())


def finding_to_change(session: Session, by: Caller, finding_id: uuid.UUID) -> PublicityFinding:
    """The finding, locked until the transaction ends; raise NotFound where the caller may not see it."""
    return _one(session, findings(by).where(PublicityFinding.id == finding_id).with_for_update())


def authorization_to_change(session: Session, authorization_id: uuid.UUID) -> PublicityAuthorization:
    """The authorization, locked until the transaction ends; raise NotFound without one.

    The others of its organization are locked with it: a filing may rest on several, and each could be revoked just now.
    """
    its = select(PublicityAuthorization.organization_id).where(PublicityAuthorization.id == authorization_id)
    query = authorizations().where(PublicityAuthorization.organization_id == its.scalar_subquery())
    query = query.order_by(PublicityAuthorization.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    return there(next((one for one in found if one.id == authorization_id), None))


def granted_to(session: Session, organization_id: uuid.UUID, *, to_rest_on: bool = False) -> list[rules.Granted]:
    """What the organization may claim, and on which days. What a filing is `to_rest_on` is not revoked before it is kept."""
    query = authorizations().where(PublicityAuthorization.organization_id == organization_id)
    if to_rest_on:
        query = query.order_by(PublicityAuthorization.id).with_for_update(read=True)
    found = session.scalars(query)
    return [rules.granted(one.claim, one.in_force_from, one.in_force_to, one.revoked_on) for one in found]


def relying_on(session: Session, organization_id: uuid.UUID, claim: str, day: date) -> list[PublicityFiling]:
    """Filings of the organization, on `day` or later, that make the claim; locked."""
    query = select(PublicityFiling).where(
        PublicityFiling.organization_id == organization_id,
        PublicityFiling.state == rules.FILED,
        PublicityFiling.shown_to >= day,
        PublicityFiling.claims.contains([claim]),
    )
    return list(session.scalars(query.order_by(PublicityFiling.id).with_for_update()))


def _one(session: Session, query: Select[Any]) -> Any:
    return there(session.scalars(query.execution_options(populate_existing=True)).first())
