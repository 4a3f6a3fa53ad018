"""Certificate types are admitted; their standards are drafted, reviewed, published and retired."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.contracts.registry import CertificateTypePublished, PublishedLevel
from onex.messaging import outbox
from services.registry.agreements import actions as agreements
from services.registry.organizations import actions as organization_actions
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules
from services.registry.organizations.errors import NotOfACollege
from services.registry.organizations.models import Organization
from services.registry.standards import queries, rules
from services.registry.standards.cancelled import CANCELLED, normalized
from services.registry.standards.errors import CertificateTypeExists, CertificateTypeInUse, StandardExists
from services.registry.standards.models import CancelledQualification, CertificateType, Standard, StandardReview


def plant_cancelled(session: UnitOfWork) -> None:
    """Bring the known cancelled qualifications into the table; what is there stays as it is."""
    for name_zh, decision in CANCELLED:
        add_cancelled(session, name_zh, decision, by="migration")


def add_cancelled(session: UnitOfWork, name_zh: str, decision: str, *, by: str) -> CancelledQualification:
    """Bar a cancelled qualification from becoming a certificate type (PP-16); adding it again changes nothing."""
    there = session.get(CancelledQualification, normalized(name_zh))
    if there is not None:
        return there
    barred = CancelledQualification(
        normalized_name=normalized(name_zh), name_zh=name_zh, decision=decision, added_by=by, added_at=clock.now()
    )
    try:
        with session.begin_nested():
            session.add(barred)
    except IntegrityError:  # another added it at the same moment: the first one stands
        return session.get_one(CancelledQualification, barred.normalized_name)
    return barred


def admit_type(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> CertificateType:
    """Admit a certificate type that came through selection (PP-16), of an admitted TEO with an agreement (OP-36)."""
    must_operate(session, body["teo_id"])
    rules.check_not_cancelled(queries.cancelling_decision(session, body["name_zh"]))
    certificate_type = CertificateType(created_by=by.client_id, **body)
    session.add(certificate_type)
    try:
        session.flush()
    except IntegrityError:
        raise CertificateTypeExists() from None
    session.refresh(certificate_type)
    return certificate_type


def correct_type(session: UnitOfWork, type_id: uuid.UUID, body: dict[str, str]) -> CertificateType:
    """Put a type's names right; its code and its TEO stay what they are, as certificates carry them."""
    certificate_type = queries.type_to_change(session, type_id)
    rules.check_not_cancelled(queries.cancelling_decision(session, body["name_zh"]))
    known_to_others = (certificate_type.name_zh, certificate_type.name_en)
    for name, value in body.items():
        setattr(certificate_type, name, value)
    if certificate_type.version > 0 and known_to_others != (body["name_zh"], body["name_en"]):
        _say(session, certificate_type, queries.standards_of(session, type_id))
    return certificate_type


def withdraw_type(session: UnitOfWork, type_id: uuid.UUID) -> None:
    """Take back a type that nothing was built on yet, so that its code is free again; the history keeps what it was."""
    certificate_type = queries.type_to_change(session, type_id)
    session.delete(certificate_type)
    try:
        session.flush()
    except IntegrityError:
        raise CertificateTypeInUse() from None


def draft_standard(session: UnitOfWork, type_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Standard:
    """A TEO lays down a version of one level's standard (PP-11)."""
    certificate_type = queries.type_to_change(session, type_id)
    by.must_be(certificate_type.teo_id)
    must_operate(session, certificate_type.teo_id)
    rules.check_developed_jointly(body["authors"])
    due_on = rules.months_after(body["released_on"], body["interval_months"])
    standard = Standard(certificate_type_id=type_id, state=rules.DRAFT, due_on=due_on, created_by=by.client_id, **body)
    session.add(standard)
    _flush(session)
    session.refresh(standard)
    return standard


def revise_standard(
    session: UnitOfWork, type_id: uuid.UUID, standard_id: uuid.UUID, body: dict[str, Any], *, by: Caller
) -> Standard:
    """The TEO puts a draft right; one that was sent back is laid before the technical body again (PP-12)."""
    certificate_type = queries.type_to_change(session, type_id)
    by.must_be(certificate_type.teo_id)
    standard = queries.standard_to_change(session, type_id, standard_id)
    standard.state = rules.STANDARD.after(standard.state, "revise")
    rules.check_developed_jointly(body["authors"])
    for name, value in body.items():
        setattr(standard, name, value)
    standard.due_on = rules.months_after(standard.released_on, standard.interval_months)
    _flush(session)
    return standard


def withdraw_standard(session: UnitOfWork, type_id: uuid.UUID, standard_id: uuid.UUID, *, by: Caller) -> Standard:
    """The TEO takes back what is not published yet."""
    certificate_type = queries.type_to_change(session, type_id)
    by.must_be(certificate_type.teo_id)
    standard = queries.standard_to_change(session, type_id, standard_id)
    standard.state = rules.STANDARD.after(standard.state, "withdraw")
    return standard


def review_standard(
    session: UnitOfWork, type_id: uuid.UUID, standard_id: uuid.UUID, body: dict[str, str], *, by: Caller
) -> Standard:
    """The technical body gives its opinion on a draft: it approves it or sends it back (PP-12)."""
    standard = queries.standard_to_change(session, type_id, standard_id)
    standard.state = rules.STANDARD.after(standard.state, body["decision"])
    rules.check_reviewer(body["reviewed_by"], standard.authors)
    standard.reviewed_by, standard.review_opinion = body["reviewed_by"], body["opinion"]
    standard.reviewed_at = clock.now()
    review = StandardReview(standard_id=standard.id, reviewed_at=standard.reviewed_at, recorded_by=by.client_id, **body)
    session.add(review)
    return standard


def publish_type(session: UnitOfWork, type_id: uuid.UUID, *, by: Caller) -> CertificateType:
    """Bring every reviewed standard of a type whose release has come into force, and tell the other services."""
    certificate_type = queries.type_to_change(session, type_id)
    must_operate(session, certificate_type.teo_id)
    standards, today = queries.standards_of(session, type_id), clock.today()
    waiting = [
        one for one in standards if one.state == rules.REVIEWED and not rules.is_released(one.released_on, today)
    ]
    rules.check_publishable((one.level, one.state) for one in standards if one not in waiting)
    for standard in standards:
        if standard.state == rules.REVIEWED and standard not in waiting:
            standard.state = rules.STANDARD.after(standard.state, "publish")
            standard.published_at, standard.published_by = clock.now(), by.client_id
    _say(session, certificate_type, standards)
    session.flush()
    return certificate_type


def retire_standard(
    session: UnitOfWork, type_id: uuid.UUID, standard_id: uuid.UUID, reason: str, *, by: Caller
) -> CertificateType:
    """Take a published standard out of force: the level falls back to the version before it, or has none any more.

    The others hear of it as of every change: the type's next version. What was assessed and issued under it stays valid.
    """
    certificate_type = queries.type_to_change(session, type_id)
    standard = queries.standard_to_change(session, type_id, standard_id)
    standards = queries.standards_of(session, type_id)
    before = queries.in_force(standards)
    standard.state = rules.STANDARD.after(standard.state, "retire")
    standard.retired_at, standard.retired_by, standard.retirement_reason = clock.now(), by.client_id, reason
    if queries.in_force(standards) != before:
        _say(session, certificate_type, standards)
    session.flush()
    return certificate_type


def must_be_open(_session: UnitOfWork, college: Organization, level: str) -> None:
    """Refuse what a college would do at a level that it did not choose (PP-13)."""
    rules.check_open(level, college.college_kind, college.levels)


def choose_levels(
    session: UnitOfWork, organization_id: uuid.UUID, levels: Sequence[str], *, by: Caller
) -> Organization:
    """A college of a kind that may choose says at which levels it trains and assesses; all of them, said or unsaid (PP-13)."""
    by.must_be(organization_id)
    college = organizations.to_change(session, organization_id)
    if college.kind != organization_rules.COLLEGE:
        raise NotOfACollege("Only a college chooses its levels.")
    rules.check_may_choose(college.college_kind)
    chosen = rules.open_levels(college.college_kind, levels)
    organization_actions.choose_levels(session, college, () if chosen == rules.LEVELS else chosen)
    return college


def must_have_level(session: UnitOfWork, type_id: uuid.UUID, level: str) -> CertificateType:
    """The type that a body names; refused where it has no standard in force at the level (PP-10), or its TEO has left (OP-41)."""
    certificate_type = queries.type_named(session, type_id)
    _must_stay(session, certificate_type.teo_id)
    rules.check_level_published(level, {one.level for one in queries.levels_in_force(session, [type_id])[type_id]})
    return certificate_type


def must_be_in_force(session: UnitOfWork, certificate_type: CertificateType) -> None:
    """Refuse what would begin anew for a type whose standards were all retired, or that was never published (PP-10).

    OP-41: nor for one whose TEO has left.
    """
    _must_stay(session, certificate_type.teo_id)
    in_force = queries.levels_in_force(session, [certificate_type.id])[certificate_type.id]
    rules.check_in_force(certificate_type.version, [one.level for one in in_force])


def must_operate(session: UnitOfWork, teo_id: uuid.UUID) -> None:
    """Refuse what a TEO may do only while it takes part (PP-02) under an agreement in force (OP-36)."""
    teo = organizations.named(session, teo_id, organization_rules.TEO)
    organization_rules.check_admitted(teo.kind, teo.status)
    agreements.must_be_in_force(session, teo.id)


def _must_stay(session: UnitOfWork, teo_id: uuid.UUID) -> None:
    organization_rules.check_not_exited(organizations.known(session, teo_id).status)


def _flush(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise StandardExists() from None


def _say(session: UnitOfWork, certificate_type: CertificateType, standards: list[Standard]) -> None:
    """Tell the others which standard is in force at each level of the type."""
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
            certificate_type_id=certificate_type.id,
            type_version=certificate_type.version,
            code=certificate_type.code,
            name_zh=certificate_type.name_zh,
            name_en=certificate_type.name_en,
            teo_id=certificate_type.teo_id,
            levels=tuple(levels),
        ),
    )
