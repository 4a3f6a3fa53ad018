"""Reads of activities, invitations, cases and suggestions."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import TEO
from services.registry.reports import activity_rules as rules
from services.registry.reports.activity_models import Activity, GoodCase, Invitation, Suggestion

Row = TypeVar("Row")


def one(session: Session, query: Select[Any]) -> Any:
    """The row of a query that says what the caller may see; raise NotFound without one."""
    return there(session.scalars(query).first())


def activities_visible(by: Caller) -> Select[Activity]:
    """Ministry and operator see every filing, a province those in its territory, a TEO its own (OP-01)."""
    return seen_by(by, select(Activity), {Role.PROVINCE: Activity.province_code, Role.TEO: Activity.teo_id})


def activity_to_change(session: Session, by: Caller, activity_id: uuid.UUID) -> Activity:
    """A filing that the caller may see, locked until the transaction ends; raise NotFound without one."""
    return _to_change(session, activities_visible(by).where(Activity.id == activity_id), Activity)


def invitations_visible(by: Caller) -> Select[Invitation]:
    """Ministry and operator see every invitation, a province its own, a TEO those it got."""
    own = {Role.PROVINCE: Invitation.province_code, Role.TEO: Invitation.organization_id}
    return seen_by(by, select(Invitation), own)


def invitation_to_change(session: Session, by: Caller, invitation_id: uuid.UUID) -> Invitation:
    """An invitation that the caller may see, locked until the transaction ends; raise NotFound without one."""
    return _to_change(session, invitations_visible(by).where(Invitation.id == invitation_id), Invitation)


def who_never_come(by: Caller, today: date) -> Select[Organization]:
    """TEOs that were invited to what has begun, and never attended anything (OP-05); a province asks of its own occasions."""
    mine = Invitation.organization_id == Organization.id
    if by.role == Role.PROVINCE:
        mine = mine & (Invitation.province_code == by.province_code)
    asked = exists().where(mine, Invitation.starts_on < today, Invitation.state != "withdrawn")
    came = exists().where(mine, Invitation.state == rules.ATTENDED)
    return select(Organization).where(Organization.kind == TEO, asked, ~came)


def answers_of(session: Session, by: Caller, ids: Iterable[uuid.UUID], today: date) -> dict[uuid.UUID, dict[str, int]]:
    """Per TEO how many of the invitations to what has begun are in which state."""
    begun = select(Invitation.organization_id, Invitation.state, func.count()).where(
        Invitation.organization_id.in_(list(ids)), Invitation.starts_on < today
    )
    if by.role == Role.PROVINCE:
        begun = begun.where(Invitation.province_code == by.province_code)
    counted: dict[uuid.UUID, dict[str, int]] = {}
    for teo_id, state, number in session.execute(begun.group_by(Invitation.organization_id, Invitation.state)):
        counted.setdefault(teo_id, {})[state] = number
    return counted


def cases_visible(by: Caller | None) -> Select[GoodCase]:
    """Anyone sees what is published; organizations their own proposals, a province its territory's, regulators all."""
    query = select(GoodCase)
    published = GoodCase.state == rules.PUBLISHED
    if by is None:
        return query.where(published)
    if by.sees_everything:
        return query
    if by.role == Role.PROVINCE:
        return query.where(or_(published, GoodCase.province_code == by.province_code))
    return query.where(or_(published, GoodCase.organization_id == by.organization_id))


def one_case(session: Session, by: Caller | None, case_id: uuid.UUID) -> GoodCase:
    """The case; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(cases_visible(by).where(GoodCase.id == case_id)).first())


def case_to_change(session: Session, by: Caller, case_id: uuid.UUID) -> GoodCase:
    """A case that the caller may see, locked until the transaction ends; raise NotFound without one."""
    return _to_change(session, cases_visible(by).where(GoodCase.id == case_id), GoodCase)


def suggestions_visible(by: Caller) -> Select[Suggestion]:
    """Ministry and operator read every suggestion, a province its territory's, everyone else their own."""
    own = {
        Role.PROVINCE: Suggestion.province_code,
        Role.TEO: Suggestion.organization_id,
        Role.COLLEGE: Suggestion.organization_id,
    }
    return seen_by(by, select(Suggestion), own)


def suggestion_to_change(session: Session, by: Caller, suggestion_id: uuid.UUID) -> Suggestion:
    """A suggestion that the caller may see, locked until the transaction ends; raise NotFound without one."""
    return _to_change(session, suggestions_visible(by).where(Suggestion.id == suggestion_id), Suggestion)


def _to_change(session: Session, query: Select[Any], table: type[Row]) -> Row:
    return there(session.scalars(query.with_for_update(of=table).execution_options(populate_existing=True)).first())
