"""Applications of TEOs: drafted, submitted, withdrawn (PP-04)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import NotFound, OutOfScope
from services.registry.admission import queries, rules
from services.registry.admission.errors import ApplicationExists
from services.registry.admission.models import Application, Round
from services.registry.organizations import fields
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules


def draft(session: UnitOfWork, round_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Application:
    """A registered TEO drafts its application in a tier of an open round."""
    if by.organization_id is None:
        raise OutOfScope()
    round_ = session.get(Round, round_id, with_for_update={"read": True})
    if round_ is None or round_.state != "announced":
        raise NotFound()
    _must_be_open(round_)
    teo = organizations.named(session, by.organization_id, organization_rules.TEO)
    organization_rules.check_not_exited(teo.status)
    rules.check_tier(cap_of(round_, body["tier"]))
    fields.must_exist(session, body["field_codes"])
    application = Application(round_id=round_id, teo_id=teo.id, state="draft", drafted_by=by.client_id, **body)
    session.add(application)
    try:
        session.flush()
    except IntegrityError:
        raise ApplicationExists() from None
    session.refresh(application)
    return application


def revise(session: UnitOfWork, application_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Application:
    """The TEO puts its draft right."""
    application = queries.application_to_change(session, application_id, by)
    application.state = rules.APPLICATION.after(application.state, "revise")
    rules.check_tier(cap_of(_round_of(session, application), body["tier"]))
    fields.must_exist(session, body["field_codes"])
    for name, value in body.items():
        setattr(application, name, value)
    return application


def submit(session: UnitOfWork, application_id: uuid.UUID, *, by: Caller) -> Application:
    """The TEO hands its application in, by the round's last day."""
    application = queries.application_to_change(session, application_id, by)
    state = rules.APPLICATION.after(application.state, "submit")
    _must_be_open(_round_of(session, application))
    application.state, application.submitted_at = state, clock.now()
    return application


def withdraw(session: UnitOfWork, application_id: uuid.UUID, reason: str, *, by: Caller) -> Application:
    """The TEO takes its application back before it is decided."""
    application = queries.application_to_change(session, application_id, by)
    application.state = rules.APPLICATION.after(application.state, "withdraw")
    application.reason, application.decided_at, application.decided_by = reason, clock.now(), by.client_id
    return application


def cap_of(round_: Round, tier: str) -> int:
    """How many of the tier the round may accept (PP-08)."""
    return {"mature": round_.cap_mature, "growing": round_.cap_growing, "planned": round_.cap_planned}[tier]


def _round_of(session: UnitOfWork, application: Application) -> Round:
    round_ = session.get(Round, application.round_id)
    assert round_ is not None  # a foreign key
    return round_


def _must_be_open(round_: Round) -> None:
    rules.check_takes_applications(round_.state, round_.opens_on, round_.closes_on, clock.today())
