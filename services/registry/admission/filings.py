"""Colleges that a province files and the Ministry records (PP-33)."""

import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import OutOfScope, Refusal
from services.registry.admission import queries, rules
from services.registry.admission.errors import BatchUnknown, CollegeFiledTwice
from services.registry.admission.models import CollegeFiling, FiledCollege
from services.registry.organizations import actions as organizations
from services.registry.organizations import batches
from services.registry.organizations import queries as organization_queries
from services.registry.organizations import rules as organization_rules
from services.registry.organizations.models import Batch, Organization

WAITING, ADMITTED, RETURNED = "waiting", "admitted", "returned"


def file(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> CollegeFiling:
    """A province files the qualified colleges of its territory."""
    if by.province_code is None:
        raise OutOfScope()
    _must_know(session, body["batch_id"])
    filing = CollegeFiling(
        province_code=by.province_code,
        batch_id=body["batch_id"],
        document=body["document"],
        state="filed",
        filed_by=by.client_id,
    )
    session.add(filing)
    session.flush()
    _name(session, filing, body["college_ids"], by)
    session.refresh(filing)
    return filing


def revise(session: UnitOfWork, filing_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> CollegeFiling:
    """The province names other colleges, until the filing is recorded."""
    filing = queries.filing_to_change(session, filing_id, by)
    filing.state = rules.FILING.after(filing.state, "revise")
    _must_know(session, body["batch_id"])
    filing.batch_id, filing.document = body["batch_id"], body["document"]
    for named in session.scalars(select(FiledCollege).where(FiledCollege.filing_id == filing_id)):
        session.delete(named)
    session.flush()
    _name(session, filing, body["college_ids"], by)
    return filing


def withdraw(session: UnitOfWork, filing_id: uuid.UUID, *, by: Caller) -> CollegeFiling:
    """The province takes back a filing that is not recorded yet."""
    filing = queries.filing_to_change(session, filing_id, by)
    filing.state = rules.FILING.after(filing.state, "withdraw")
    filing.withdrawn_at = clock.now()
    return filing


def record(session: UnitOfWork, vault: Vault, filing_id: uuid.UUID, *, by: Caller) -> CollegeFiling:
    """The Ministry records a filing: colleges whose conditions hold are admitted, the others come back with the reason.

    Each college is a savepoint: one that comes back leaves nothing of itself and hurts no other.
    """
    filing = queries.filing_to_change(session, filing_id, by)
    filing.state = rules.FILING.after(filing.state, "record")
    waiting = select(FiledCollege).where(FiledCollege.filing_id == filing_id).order_by(FiledCollege.college_id)
    for filed in session.scalars(waiting).all():
        try:
            with session.begin_nested():
                _take_in(session, vault, filing, filed.college_id, by)
        except Refusal as no:
            filed.outcome, filed.code, filed.reason = RETURNED, no.code, no.detail
        else:
            filed.outcome = ADMITTED
    filing.recorded_at, filing.recorded_by = clock.now(), by.client_id
    session.flush()
    return filing


def _take_in(session: UnitOfWork, vault: Vault, filing: CollegeFiling, college_id: uuid.UUID, by: Caller) -> None:
    """Admit the college, and bring it into the filing's batch; one that takes part already joins a further batch."""
    college = organization_queries.to_change(session, college_id)
    joins = filing.batch_id is not None and college.status == organization_rules.ADMITTED
    if not joins:
        organizations.admit(session, vault, college_id, by=by)
        session.flush()
    if filing.batch_id is not None:
        batches.add_colleges(session, filing.batch_id, [college_id], by=by)


def _name(session: UnitOfWork, filing: CollegeFiling, college_ids: Iterable[uuid.UUID], by: Caller) -> None:
    """Put registered colleges of the province on the list, none of which waits on another."""
    wanted = list(dict.fromkeys(college_ids))
    for college_id in wanted:
        college = organization_queries.named(session, college_id, organization_rules.COLLEGE)
        organization_rules.check_own_province(by, college.province_code)
    # Of two filings at once that name one college, the second waits here and finds the first.
    session.execute(
        select(Organization.id).where(Organization.id.in_(wanted)).order_by(Organization.id).with_for_update()
    )
    elsewhere = (
        select(FiledCollege.college_id)
        .join(CollegeFiling, CollegeFiling.id == FiledCollege.filing_id)
        .where(FiledCollege.college_id.in_(wanted), CollegeFiling.state == "filed", CollegeFiling.id != filing.id)
    )
    twice = session.scalars(elsewhere.limit(1)).first()
    if twice is not None:
        raise CollegeFiledTwice(college_id=str(twice))
    session.add_all(FiledCollege(filing_id=filing.id, college_id=one, outcome=WAITING) for one in wanted)
    session.flush()


def _must_know(session: UnitOfWork, batch_id: uuid.UUID | None) -> None:
    if batch_id is not None and session.get(Batch, batch_id) is None:
        raise BatchUnknown()
