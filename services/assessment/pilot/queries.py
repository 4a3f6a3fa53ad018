"""Reads of what the registry has said."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from onex.chassis.database import uuid_array
from services.assessment.pilot.models import (
    Agreement,
    CertificateType,
    ExitedOrganization,
    Organization,
    Site,
)


@dataclass(frozen=True, eq=False, slots=True)
class College:
    """A college as rosters need it; equal to itself only, so that what is known of it is found in no time."""

    id: uuid.UUID
    levels: tuple[str, ...]
    """Those it has chosen (PP-13); empty: all."""
    exited: bool


class Fee(NamedTuple):
    """What a candidate costs, from a first to a last day, both included (OP-28)."""

    amount_fen: int
    first: date
    last: date


class Ceiling(NamedTuple):
    """What a candidate may cost at most from a day on (OP-27)."""

    first: date
    version: int
    amount_fen: int


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


_EXITED = text("SELECT id FROM exited_organization WHERE id = :id")


def has_exited(session: Session, organization_id: uuid.UUID | None) -> bool:
    """Whether this TEO or college has left the pilot."""
    return session.execute(_EXITED, {"id": organization_id}).first() is not None


def colleges_by_code(session: Session, codes: Collection[str]) -> dict[str, College]:
    """The colleges among these codes that were ever admitted."""
    query = (
        select(Organization.code, Organization.id, Organization.levels, ExitedOrganization.id)
        .outerjoin(ExitedOrganization, ExitedOrganization.id == Organization.id)
        .where(Organization.kind == "college", Organization.code.in_(list(codes)))
    )
    rows = session.execute(query)
    return {code: College(one, tuple(levels), exited is not None) for code, one, levels, exited in rows}


_STANDINGS = text(
    "SELECT site.id, CASE WHEN exited.id IS NULL THEN site.standing ELSE 'exited' END FROM site"
    " LEFT JOIN exited_organization AS exited ON exited.id = site.college_id WHERE site.id = ANY(CAST(:ids AS uuid[]))"
)


def standings(session: Session, site_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How these sites stand: filed, suspended, closed, or `exited` where the site's college has left."""
    return dict(iter(session.execute(_STANDINGS, {"ids": uuid_array(site_ids)})))


_FEES = text(
    "SELECT college_id, amount_fen, in_force_from, in_force_to FROM fee_agreement WHERE teo_id = :teo_id"
    " AND certificate_type_id = :type_id AND level = :level AND college_id = ANY(CAST(:colleges AS uuid[]))"
)
_CEILINGS = text(
    "SELECT in_force_from, version, amount_fen FROM fee_ceiling WHERE certificate_type_id = :type_id AND level = :level"
)


def fees(
    session: Session, teo_id: uuid.UUID, type_id: uuid.UUID, level: str, college_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Fee]]:
    """What was agreed with each of these colleges, whenever it is in force."""
    values = {"teo_id": teo_id, "type_id": type_id, "level": level, "colleges": uuid_array(college_ids)}
    agreed: dict[uuid.UUID, list[Fee]] = {}
    for college_id, amount_fen, first, last in session.execute(_FEES, values):
        agreed.setdefault(college_id, []).append(Fee(amount_fen, first, last))
    return agreed


def ceilings(session: Session, type_id: uuid.UUID, level: str) -> list[Ceiling]:
    """Every ceiling of a type's level."""
    return [Ceiling(*row) for row in session.execute(_CEILINGS, {"type_id": type_id, "level": level})]


def codes_of(session: Session, organization_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The codes of these organizations."""
    query = select(Organization.id, Organization.code).where(Organization.id.in_(list(organization_ids)))
    return dict(iter(session.execute(query)))
