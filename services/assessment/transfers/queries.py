"""Reads of sittings that are not held, of the candidates who wait there, and of what became of them."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by, seen_by
from onex.chassis.problems import there
from services.assessment.pilot.models import ExitedOrganization, Organization, Site
from services.assessment.plans.models import Plan
from services.assessment.registrations.models import Registration
from services.assessment.results.models import Result
from services.assessment.sittings.models import Sitting
from services.assessment.transfers import rules
from services.assessment.transfers.models import ReleasedRegistration, Transfer

_WHY = (
    "SELECT sitting.id, sitting.starts_at, teo.exited_at, college.exited_at,"
    " CASE site.standing WHEN 'closed' THEN site.said_at END FROM sitting JOIN plan ON plan.id = sitting.plan_id"
    " JOIN site ON site.id = sitting.site_id LEFT JOIN exited_organization AS teo ON teo.id = plan.teo_id"
    " LEFT JOIN exited_organization AS college ON college.id = site.college_id WHERE "
)
_OF_PLAN, _OF_SITTINGS = text(_WHY + "sitting.plan_id = :plan_id"), text(_WHY + "sitting.id = ANY(:ids)")


def causes_in(session: Session, plan_id: uuid.UUID) -> dict[uuid.UUID, str | None]:
    """Of each sitting of the plan, why nobody gets a result in it any more."""
    rows = session.execute(_OF_PLAN, {"plan_id": plan_id})
    return {sitting_id: rules.stranded_by(*why) for sitting_id, *why in rows}


def causes_of(session: Session, sitting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    """The same, of any sittings."""
    rows = session.execute(_OF_SITTINGS, {"ids": list(sitting_ids)})
    return {sitting_id: rules.stranded_by(*why) for sitting_id, *why in rows}


def not_held_in(session: Session, plan_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The plan's sittings that lie after the exit of its TEO or of their site's college (OP-41, OP-42)."""
    rows = session.execute(_OF_PLAN, {"plan_id": plan_id})
    return frozenset(one for one, starts_at, teo, college, _ in rows if not rules.is_held(starts_at, teo, college))


class Waiting(NamedTuple):
    """A registration as transfers and releases need it."""

    id: uuid.UUID
    number: str
    college_id: uuid.UUID | None
    sitting_id: uuid.UUID
    has_result: bool
    released: bool


def by_number(session: Session, plan_id: uuid.UUID, numbers: Collection[str], who: Caller) -> dict[str, Waiting]:
    """The plan's registrations with these numbers that the caller may move: a college its own students."""
    query = (
        select(
            Registration.id, Registration.number, Registration.college_id, Registration.sitting_id,
            Result.id.is_not(None), ReleasedRegistration.registration_id.is_not(None),
        )
        .outerjoin(Result, Result.registration_id == Registration.id)
        .outerjoin(ReleasedRegistration, ReleasedRegistration.registration_id == Registration.id)
        .where(Registration.plan_id == plan_id, Registration.number.in_(list(numbers)))
    )  # fmt: skip
    if who.role is Role.COLLEGE:
        query = query.where(Registration.college_id == who.organization_id)
    return {row[1]: Waiting(*row) for row in session.execute(query)}


def _without_an_end() -> ColumnElement[bool]:
    """Neither released, nor with a published result."""
    return ~exists().where(ReleasedRegistration.registration_id == Registration.id) & ~exists().where(
        Result.registration_id == Registration.id, Result.published_at.is_not(None)
    )


def stranded_sittings(who: Caller) -> Select[Sitting]:
    """The sittings in which somebody waits who gets no result there any more, of those the caller has to do with.

    A TEO those of its plans, a province those at its sites, a college those in which its students are.
    """
    of_teo = (
        select(Sitting.id)
        .join(Plan, Plan.id == Sitting.plan_id)
        .join(ExitedOrganization, Plan.teo_id == ExitedOrganization.id)
    )
    of_college = (
        select(Sitting.id)
        .join(Site, Site.id == Sitting.site_id)
        .join(ExitedOrganization, Site.college_id == ExitedOrganization.id)
    ).where(Sitting.starts_at >= ExitedOrganization.exited_at)
    of_closed = select(Sitting.id).join(Site, Site.id == Sitting.site_id)
    of_closed = of_closed.where(Site.standing == "closed", Sitting.starts_at >= Site.said_at)
    waiting = exists().where(
        Registration.plan_id == Sitting.plan_id, Registration.sitting_id == Sitting.id, _without_an_end()
    )
    found = select(Sitting).join(Plan, Plan.id == Sitting.plan_id)
    found = found.where(or_(*(Sitting.id.in_(one) for one in (of_teo, of_college, of_closed))), waiting)
    found = found.where(Plan.registered > Plan.results_published)  # else nobody waits: none of its candidates is looked at
    if who.sees_everything:
        return found
    if who.role is Role.TEO:
        return found.where(Plan.teo_id == who.organization_id)
    if who.role is Role.PROVINCE:
        return found.where(Sitting.site_id.in_(_sites_in(who.province_code)))
    if who.role is Role.COLLEGE:
        own = and_(Registration.plan_id == Sitting.plan_id, Registration.sitting_id == Sitting.id)
        return found.where(exists().where(own, Registration.college_id == who.organization_id, _without_an_end()))
    return found.where(false())


def _sites_in(province_code: str | None) -> Select[uuid.UUID]:
    """The sites of a province's colleges (OP-01)."""
    query = select(Site.id).join(Organization, Organization.id == Site.college_id)
    return query.where(Organization.province_code == province_code)


def stranded_of_plan(plan_id: uuid.UUID, causes: Mapping[uuid.UUID, str | None], who: Caller) -> Select[Registration]:
    """The plan's candidates who get no result where they are registered: of a college its students; of a province
    the students of its colleges, and whoever is at one of its sites."""
    sittings = [one for one, cause in causes.items() if cause is not None]
    query = owned_by(select(Registration), Registration.plan_id, plan_id)
    query = query.where(Registration.sitting_id.in_(sittings), _without_an_end())
    if who.role is Role.COLLEGE:
        return query.where(Registration.college_id == who.organization_id)
    if who.role is Role.PROVINCE:
        colleges = select(Organization.id).where(Organization.province_code == who.province_code)
        at_its_sites = select(Sitting.id).where(Sitting.site_id.in_(_sites_in(who.province_code)))
        return query.where(or_(Registration.college_id.in_(colleges), Registration.sitting_id.in_(at_its_sites)))
    return query


def starts_of(session: Session, sitting_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, datetime]]:
    """Where and when these sittings are."""
    query = select(Sitting.id, Sitting.site_code, Sitting.starts_at).where(Sitting.id.in_(list(sitting_ids)))
    return {one: (site_code, starts_at) for one, site_code, starts_at in session.execute(query)}


def transfers(plan_id: uuid.UUID) -> Select[Transfer]:
    """The plan's transfers."""
    return owned_by(select(Transfer), Transfer.plan_id, plan_id)


def released(who: Caller) -> Select[ReleasedRegistration]:
    """The released registrations that the caller may see: a TEO those of its plans, a college those of its students."""
    own = {Role.TEO: ReleasedRegistration.teo_id, Role.COLLEGE: ReleasedRegistration.college_id}
    return seen_by(who, select(ReleasedRegistration), own)


def to_refund(session: Session, registration_id: uuid.UUID, who: Caller) -> ReleasedRegistration:
    """The released registration, locked; raises NotFound when there is none that the caller may see."""
    query = released(who).where(ReleasedRegistration.registration_id == registration_id).with_for_update()
    return there(session.scalar(query.execution_options(populate_existing=True)))
