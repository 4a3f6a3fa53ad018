"""Doors: activities filed, invitations sent and answered, attendance."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.organizations.models import Organization
from services.registry.organizations.schemas import OrganizationSchema
from services.registry.reports import activities as actions
from services.registry.reports import activity_queries as queries
from services.registry.reports import activity_rules as rules
from services.registry.reports.activity_models import Activity, Invitation
from services.registry.reports.activity_schemas import (
    AbsenteeSchema,
    ActivityChangesSchema,
    ActivitySchema,
    InvitationAnswerSchema,
    InvitationAttendanceSchema,
    InvitationSchema,
    NewActivitySchema,
    NewInvitationSchema,
    UnfiledActivitySchema,
)
from services.registry.reports.doors import blp

PARTIES = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE, Role.TEO)

ACTIVITIES = Listing(
    ActivitySchema,
    Activity.id,
    filters={
        "teo_id": equal(Activity.teo_id),
        "province_code": equal(Activity.province_code),
        "kind": equal(Activity.kind, rules.ACTIVITY_KINDS),
        "state": equal(Activity.state, rules.ACTIVITY.states),
        "breach": equal(Activity.breach),
        "unfiled": equal(Activity.unfiled),
        "starts": span(Activity.starts_at, leads=True),
    },
    sorts={"starts_at": Activity.starts_at},
)
INVITATIONS = Listing(
    InvitationSchema,
    Invitation.id,
    filters={
        "organization_id": equal(Invitation.organization_id),
        "province_code": equal(Invitation.province_code),
        "occasion": equal(Invitation.occasion, rules.OCCASIONS),
        "state": equal(Invitation.state, rules.INVITATION.states),
        "starts": span(Invitation.starts_on, leads=True),
    },
)
ABSENTEES = Listing(AbsenteeSchema, Organization.id)


@blp.route("/activities", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(NewActivitySchema)
@blp.response(201, ActivitySchema)
def file_activity(body: dict[str, Any]) -> Activity:
    """File an activity in a province before it begins (OP-04); one that has begun is refused, or with `late` a breach."""
    return actions.file(session(), body, by=caller())


@blp.route("/activities/unfiled", methods=["POST"])
@allow(Role.PROVINCE, Role.MINISTRY, Role.OPERATOR)
@blp.arguments(UnfiledActivitySchema)
@blp.response(201, ActivitySchema)
def record_unfiled_activity(body: dict[str, Any]) -> Activity:
    """Put on record as a breach what a TEO began in the province without a filing (OP-04)."""
    return actions.record_unfiled(session(), body, by=caller())


@blp.route("/activities")
@allow(*PARTIES)
@ACTIVITIES.door(blp)
def activities(query: dict[str, Any]) -> Any:
    """The filings the caller may see; `?breach=true` lists the breaches."""
    return ACTIVITIES.answer(session(), queries.activities_visible(caller()), query)


@blp.route("/activities/<uuid:activity_id>")
@allow(*PARTIES)
@blp.response(200, ActivitySchema)
def activity(activity_id: uuid.UUID) -> Activity:
    """One filing."""
    return queries.one(session(), queries.activities_visible(caller()).where(Activity.id == activity_id))


@blp.route("/activities/<uuid:activity_id>", methods=["PUT"])
@allow(Role.TEO)
@blp.arguments(ActivityChangesSchema)
@blp.response(200, ActivitySchema)
def change_activity(body: dict[str, Any], activity_id: uuid.UUID) -> Activity:
    """Put a filing right before the activity begins."""
    return actions.change(session(), activity_id, body, by=caller())


@blp.route("/activities/<uuid:activity_id>/withdrawal", methods=["POST"])
@allow(Role.TEO)
@blp.response(200, ActivitySchema)
def withdraw_activity(activity_id: uuid.UUID) -> Activity:
    """Call an activity off before it begins."""
    return actions.withdraw(session(), activity_id, by=caller())


@blp.route("/activities/<uuid:activity_id>/note", methods=["POST"])
@allow(Role.PROVINCE)
@blp.response(200, ActivitySchema)
def note_activity(activity_id: uuid.UUID) -> Activity:
    """The province takes note of a filing."""
    return actions.note(session(), activity_id, by=caller())


@blp.route("/invitations", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(NewInvitationSchema)
@blp.response(201, InvitationSchema)
def invite(body: dict[str, Any]) -> Invitation:
    """Invite a TEO to a seminar or training of the province (OP-05)."""
    return actions.invite(session(), body, by=caller())


@blp.route("/invitations")
@allow(*PARTIES)
@INVITATIONS.door(blp)
def invitations(query: dict[str, Any]) -> Any:
    """The invitations the caller sent or got, newest first."""
    return INVITATIONS.answer(session(), queries.invitations_visible(caller()), query)


@blp.route("/invitations/<uuid:invitation_id>")
@allow(*PARTIES)
@blp.response(200, InvitationSchema)
def invitation(invitation_id: uuid.UUID) -> Invitation:
    """One invitation."""
    return queries.one(session(), queries.invitations_visible(caller()).where(Invitation.id == invitation_id))


@blp.route("/invitations/<uuid:invitation_id>/answer", methods=["POST"])
@allow(Role.TEO)
@blp.arguments(InvitationAnswerSchema)
@blp.response(200, InvitationSchema)
def answer(body: dict[str, Any], invitation_id: uuid.UUID) -> Invitation:
    """Accept or decline; the last answer before the occasion begins counts."""
    return actions.answer(session(), invitation_id, body["answer"], body["reason"], by=caller())


@blp.route("/invitations/<uuid:invitation_id>/attendance", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(InvitationAttendanceSchema)
@blp.response(200, InvitationSchema)
def record_attendance(body: dict[str, Any], invitation_id: uuid.UUID) -> Invitation:
    """Record whether the TEO came; a slip is put right by recording again."""
    return actions.settle(session(), invitation_id, "attend" if body["attended"] else "miss", by=caller())


@blp.route("/invitations/<uuid:invitation_id>/withdrawal", methods=["POST"])
@allow(Role.PROVINCE)
@blp.response(200, InvitationSchema)
def withdraw_invitation(invitation_id: uuid.UUID) -> Invitation:
    """Take an invitation back."""
    return actions.settle(session(), invitation_id, "withdraw", by=caller())


@blp.route("/invitations/absentees")
@allow(Role.PROVINCE, Role.MINISTRY, Role.OPERATOR)
@ABSENTEES.door(blp)
def absentees(query: dict[str, Any]) -> Any:
    """TEOs that were invited and never came (OP-05); a province asks of its own occasions."""
    today, who = clock.today(), caller()
    shown = OrganizationSchema().fields

    def view(found: list[Organization]) -> list[dict[str, Any]]:
        counted = queries.answers_of(session(), who, [one.id for one in found], today)
        return [{name: getattr(one, name) for name in shown} | _counts(counted.get(one.id, {})) for one in found]

    return ABSENTEES.answer(session(), queries.who_never_come(who, today), query, view)


def _counts(by_state: dict[str, int]) -> dict[str, int]:
    named = {"accepted": "accepted", "declined": "declined", "unanswered": rules.INVITED, "absent": "absent"}
    return {name: by_state.get(state, 0) for name, state in named.items()}
