"""Reads of certificate types and standards."""

import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import NotFound, there
from services.registry.standards.cancelled import normalized
from services.registry.standards.errors import CertificateTypeUnknown
from services.registry.standards.models import CancelledQualification, CertificateType, Standard, StandardReview
from services.registry.standards.rules import LEVELS, PUBLISHED, RETIRED


def visible_types(by: Caller | None) -> Select[CertificateType]:
    """Anyone sees what is published; a TEO its own before that; the Ministry and the operator all."""
    query = select(CertificateType)
    if by is not None and by.sees_everything:
        return query
    published = CertificateType.version > 0
    if by is not None and by.role == Role.TEO:
        return query.where(or_(published, CertificateType.teo_id == by.organization_id))
    return query.where(published)


def type_to_change(session: Session, type_id: uuid.UUID) -> CertificateType:
    """The type of a request's address, locked until the transaction ends; raise NotFound without one."""
    return there(session.get(CertificateType, type_id, with_for_update=True))


def type_named(session: Session, type_id: uuid.UUID) -> CertificateType:
    """The type that a body names; raise CertificateTypeUnknown without one."""
    found = session.get(CertificateType, type_id)
    if found is None:
        raise CertificateTypeUnknown()
    return found


def standards_of(session: Session, type_id: uuid.UUID) -> list[Standard]:
    """Every standard of a type, oldest first."""
    return list(session.scalars(select(Standard).where(Standard.certificate_type_id == type_id).order_by(Standard.id)))


def type_visible(session: Session, by: Caller | None, type_id: uuid.UUID) -> CertificateType:
    """The type; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible_types(by).where(CertificateType.id == type_id)).first())


def standards_visible(session: Session, by: Caller | None, type_id: uuid.UUID) -> Select[Standard]:
    """The type's standards that the caller may see; raise NotFound for a type that is none of the caller's business.

    Anyone reads what is or was published; the TEO that answers for the type, the Ministry and the operator also drafts.
    """
    certificate_type = type_visible(session, by, type_id)
    query = owned_by(select(Standard), Standard.certificate_type_id, type_id)
    if by is not None and (by.sees_everything or _answers_for(by, certificate_type)):
        return query
    return query.where(Standard.state.in_((PUBLISHED, RETIRED)))


def standard_visible(session: Session, by: Caller | None, type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """One of the standards that the caller may see; raise NotFound without it."""
    return there(session.scalars(standards_visible(session, by, type_id).where(Standard.id == standard_id)).first())


def reviews_visible(session: Session, by: Caller, type_id: uuid.UUID, standard_id: uuid.UUID) -> Select[StandardReview]:
    """What the technical body said of a standard, for those who may see its drafts (PP-12)."""
    standard = standard_visible(session, by, type_id, standard_id)
    query = owned_by(select(StandardReview), StandardReview.standard_id, standard.id)
    certificate_type = session.get_one(CertificateType, type_id)
    return query if by.sees_everything or _answers_for(by, certificate_type) else query.where(false())


def standard_to_change(session: Session, type_id: uuid.UUID, standard_id: uuid.UUID) -> Standard:
    """The standard of a request's address, locked until the transaction ends; raise NotFound without one."""
    found = session.get(Standard, standard_id, with_for_update=True)
    if found is None or found.certificate_type_id != type_id:
        raise NotFound()
    return found


def type_coded(session: Session, code: str) -> CertificateType | None:
    """The type of this code, if there is one."""
    return session.scalars(select(CertificateType).where(CertificateType.code == code)).first()


def levels_in_force(session: Session, type_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Standard]]:
    """Per type the standard in force of each published level, lowest level first; one query for all."""
    chosen = Standard.certificate_type_id.in_(type_ids) & (Standard.state == PUBLISHED)
    published = list(session.scalars(select(Standard).where(chosen)))
    return {type_id: in_force(one for one in published if one.certificate_type_id == type_id) for type_id in type_ids}


def in_force(standards: Iterable[Standard]) -> list[Standard]:
    """Of one type's standards the newest published one of each level, lowest level first (PP-10)."""
    newest: dict[str, Standard] = {}
    published = (standard for standard in standards if standard.state == PUBLISHED)
    for standard in sorted(published, key=lambda one: (one.released_on, one.id)):
        newest[standard.level] = standard
    return [newest[level] for level in LEVELS if level in newest]


def cancelling_decision(session: Session, name_zh: str) -> str | None:
    """The decision that cancelled the qualification of this name, None when there is none (PP-16)."""
    found = session.get(CancelledQualification, normalized(name_zh))
    return found.decision if found else None


def _answers_for(by: Caller, certificate_type: CertificateType) -> bool:
    return by.role == Role.TEO and by.organization_id == certificate_type.teo_id
