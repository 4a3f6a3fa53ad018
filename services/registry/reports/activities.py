"""Activities are filed before they begin; TEOs are invited, answer and come (OP-04, OP-05)."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from onex.contracts.pilot import OrganizationInvited
from onex.messaging import outbox
from services.registry.agreements import actions as agreements
from services.registry.organizations import actions as organizations
from services.registry.organizations import queries as organization_queries
from services.registry.organizations import rules as organization_rules
from services.registry.organizations.rules import TEO
from services.registry.reports import activity_queries as queries
from services.registry.reports import activity_rules as rules
from services.registry.reports.activity_models import Activity, Invitation


def file(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Activity:
    """A TEO files what it is going to hold in a province; what has begun is refused, or taken `late` as a breach (OP-04)."""
    if by.organization_id is None:
        raise OutOfScope()
    organization_queries.named(session, by.organization_id, TEO)
    organizations.must_take_part(session, by.organization_id)
    agreements.must_be_in_force(session, by.organization_id)
    late = body.pop("late")
    breach = rules.is_breach(body["starts_at"], body["ends_at"], clock.now(), late=late)
    return _recorded(session, body | {"teo_id": by.organization_id}, breach=breach, unfiled=False, by=by)


def record_unfiled(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Activity:
    """A province puts on record what a TEO held in its territory without a word: a breach (OP-04)."""
    organization_queries.named(session, body["teo_id"], TEO)
    rules.check_unfiled(body["starts_at"], body["ends_at"], clock.now())
    if by.role == Role.PROVINCE:
        body = body | {"province_code": by.province_code}
    return _recorded(session, body, breach=True, unfiled=True, by=by)


def _recorded(session: UnitOfWork, body: dict[str, Any], *, breach: bool, unfiled: bool, by: Caller) -> Activity:
    organization_rules.check_division(body["division_code"])
    organization_rules.check_territory(body["division_code"], body["province_code"])
    activity = Activity(
        **body, state=rules.FILED, breach=breach, unfiled=unfiled, filed_at=clock.now(), filed_by=by.client_id
    )
    session.add(activity)
    session.flush()
    return activity


def change(session: UnitOfWork, activity_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Activity:
    """The TEO puts its filing right before the activity begins; the province is asked to note it again (OP-04)."""
    activity = _own_before_it_begins(session, activity_id, by)
    rules.is_breach(body["starts_at"], body["ends_at"], clock.now(), late=False)
    organization_rules.check_division(body["division_code"])
    organization_rules.check_territory(body["division_code"], activity.province_code)
    activity.state = rules.ACTIVITY.after(activity.state, "change")
    for name, value in body.items():
        setattr(activity, name, value)
    activity.changed_at, activity.changed_by = clock.now(), by.client_id
    activity.noted_at = activity.noted_by = None
    return activity


def withdraw(session: UnitOfWork, activity_id: uuid.UUID, *, by: Caller) -> Activity:
    """The TEO calls an activity off before it begins."""
    activity = _own_before_it_begins(session, activity_id, by)
    activity.state = rules.ACTIVITY.after(activity.state, "withdraw")
    activity.changed_at, activity.changed_by = clock.now(), by.client_id
    return activity


def note(session: UnitOfWork, activity_id: uuid.UUID, *, by: Caller) -> Activity:
    """The province says that it has taken note of a filing."""
    activity = queries.activity_to_change(session, by, activity_id)
    activity.state = rules.ACTIVITY.after(activity.state, "note")
    activity.noted_at, activity.noted_by = clock.now(), by.client_id
    return activity


def _own_before_it_begins(session: UnitOfWork, activity_id: uuid.UUID, by: Caller) -> Activity:
    activity = queries.activity_to_change(session, by, activity_id)
    by.must_be(activity.teo_id)
    rules.check_not_begun(activity.starts_at, clock.now())
    return activity


def invite(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Invitation:
    """A province invites a TEO that takes part to its seminar or training, and the TEO hears of it (OP-05)."""
    rules.check_occasion(body["starts_on"], body["ends_on"], clock.today())
    organization_queries.named(session, body["organization_id"], TEO)
    organizations.must_take_part(session, body["organization_id"])
    invitation = Invitation(
        **body, province_code=by.province_code, state=rules.INVITED, reason="", invited_by=by.client_id
    )
    session.add(invitation)
    session.flush()
    session.refresh(invitation)
    outbox.append(
        session,
        OrganizationInvited(
            invitation_id=invitation.id,
            organization_id=invitation.organization_id,
            province_code=invitation.province_code,
            title=invitation.title,
            starts_on=invitation.starts_on,
        ),
    )
    return invitation


def answer(session: UnitOfWork, invitation_id: uuid.UUID, verb: str, reason: str, *, by: Caller) -> Invitation:
    """The TEO accepts or declines, and may think again until the occasion begins (OP-05)."""
    invitation = queries.invitation_to_change(session, by, invitation_id)
    by.must_be(invitation.organization_id)
    state = rules.INVITATION.after(invitation.state, verb)
    rules.check_answer(verb, reason, invitation.starts_on, clock.today())
    invitation.state, invitation.reason = state, reason
    invitation.answered_at, invitation.answered_by = clock.now(), by.client_id
    return invitation


def settle(session: UnitOfWork, invitation_id: uuid.UUID, verb: str, *, by: Caller) -> Invitation:
    """The province records whether the TEO came, or takes the invitation back before the occasion begins (OP-05)."""
    invitation = queries.invitation_to_change(session, by, invitation_id)
    if by.province_code != invitation.province_code:
        raise OutOfScope()
    state = rules.INVITATION.after(invitation.state, verb)
    if verb == "withdraw":
        rules.check_not_over(invitation.starts_on, clock.today())
    else:
        rules.check_attendance(invitation.starts_on, clock.today())
    invitation.state = state
    invitation.settled_at, invitation.settled_by = clock.now(), by.client_id
    return invitation
