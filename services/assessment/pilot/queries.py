"""Reads of what the registry has said."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.pilot.models import Agreement, CertificateType, Organization, Site


def certificate_type(session: Session, type_id: uuid.UUID) -> CertificateType | None:
    return session.get(CertificateType, type_id)


def site(session: Session, site_id: uuid.UUID) -> Site | None:
    return session.get(Site, site_id)


def college(session: Session, college_id: uuid.UUID | None) -> Organization | None:
    """The admitted college, None when there is none of this id."""
    found = session.get(Organization, college_id) if college_id else None
    return found if found and found.kind == "college" else None


def agreement_periods(session: Session, teo_id: uuid.UUID) -> list[tuple[date, date]]:
    """First and last day of each of the TEO's agreements."""
    query = select(Agreement.in_force_from, Agreement.in_force_to).where(Agreement.teo_id == teo_id)
    return [(first, last) for first, last in session.execute(query)]


def colleges_by_code(session: Session, codes: Collection[str]) -> dict[str, uuid.UUID]:
    """The admitted colleges among these codes."""
    query = select(Organization.code, Organization.id).where(
        Organization.kind == "college", Organization.code.in_(list(codes))
    )
    return dict(iter(session.execute(query)))


def codes_of(session: Session, organization_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The codes of these organizations."""
    query = select(Organization.id, Organization.code).where(Organization.id.in_(list(organization_ids)))
    return dict(iter(session.execute(query)))
