"""Certificate types are admitted; their standards are drafted, reviewed and published."""

import uuid
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import NotFound
from onex.contracts.registry import CertificateTypePublished, PublishedLevel
from onex.messaging import outbox
from services.registry.agreements import actions as agreements
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.standards import queries, rules
from services.registry.standards.cancelled import CANCELLED, normalized
from services.registry.standards.errors import CertificateTypeExists, StandardExists
from services.registry.standards.models import CancelledQualification, CertificateType, Standard


def plant_cancelled(session: UnitOfWork) -> None:
    """Bring the known cancelled qualifications into the table; what is there stays as it is."""
    for name_zh, decision in CANCELLED:
        add_cancelled(session, name_zh, decision, by="migration")


def add_cancelled(session: UnitOfWork, name_zh: str, decision: str, *, by: str) -> None:
    """Bar a cancelled qualification from becoming a certificate type (PP-16); adding it again changes nothing."""
    values = {"normalized_name": normalized(name_zh), "name_zh": name_zh, "decision": decision, "added_by": by}
    session.execute(insert(CancelledQualification).values(values).on_conflict_do_nothing())


def admit_type(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> CertificateType:
    """Admit a certificate type that came through selection (PP-16), of an admitted TEO with an agreement (OP-36)."""
    teo = organizations.named(session, body["teo_id"], organization_rules.TEO)
    organization_rules.check_admitted(teo.kind, teo.status)
    agreements.must_be_in_force(session, teo.id)
    rules.check_not_cancelled(queries.cancelling_decision(session, body["name_zh"]))
    certificate_type = CertificateType(created_by=by.client_id, **body)
    session.add(certificate_type)
    try:
        session.flush()
    except IntegrityError:
        raise CertificateTypeExists() from None
    session.refresh(certificate_type)
    return certificate_type


def draft_standard(session: UnitOfWork, type_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Standard:
    """A TEO lays down a version of one level's standard (PP-11)."""
    certificate_type = queries.type_to_change(session, type_id)
    by.must_be(certificate_type.teo_id)
    standard = Standard(certificate_type_id=type_id, state=rules.DRAFT, created_by=by.client_id, **body)
    session.add(standard)
    try:
        session.flush()
    except IntegrityError:
        raise StandardExists() from None
    session.refresh(standard)
    return standard


def review_standard(session: UnitOfWork, type_id: uuid.UUID, standard_id: uuid.UUID, body: dict[str, str]) -> Standard:
    """The technical body gives its opinion on a draft (PP-12)."""
    standard = session.get(Standard, standard_id, with_for_update=True)
    if standard is None or standard.certificate_type_id != type_id:
        raise NotFound()
    rules.check_reviewable(standard.state)
    standard.state = rules.REVIEWED
    standard.reviewed_by, standard.review_opinion = body["reviewed_by"], body["opinion"]
    standard.reviewed_at = clock.now()
    return standard


def publish_type(session: UnitOfWork, type_id: uuid.UUID) -> CertificateType:
    """Bring every reviewed standard of a type into force and tell the other services."""
    certificate_type = queries.type_to_change(session, type_id)
    agreements.must_be_in_force(session, certificate_type.teo_id)
    standards = queries.standards_of(session, type_id)
    rules.check_publishable((standard.level, standard.state) for standard in standards)
    for standard in standards:
        if standard.state == rules.REVIEWED:
            standard.state, standard.published_at = rules.PUBLISHED, clock.now()
    certificate_type.version += 1
    levels = [
        PublishedLevel(
            level=standard.level,  # type: ignore[arg-type]  # the table allows nothing else
            standard_version=standard.version,
            standard_released_on=standard.released_on,
        )
        for standard in queries.in_force(standards)
    ]
    outbox.append(
        session,
        CertificateTypePublished(
            certificate_type_id=type_id,
            type_version=certificate_type.version,
            code=certificate_type.code,
            name_zh=certificate_type.name_zh,
            name_en=certificate_type.name_en,
            teo_id=certificate_type.teo_id,
            levels=tuple(levels),
        ),
    )
    session.flush()
    return certificate_type
