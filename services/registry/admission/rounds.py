"""Recruitment rounds: drafted, put right, announced (PP-04)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from services.registry.admission import queries, rules
from services.registry.admission.errors import RoundExists
from services.registry.admission.models import Round
from services.registry.organizations import fields


def draft(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Round:
    """Draft a round: its days, its conditions, and how many of each tier it takes (PP-08)."""
    rules.check_round_days(body["opens_on"], body["closes_on"], clock.today())
    fields.must_exist(session, body["field_codes"])
    one = Round(state="draft", created_by=by.client_id, **body)
    session.add(one)
    _written(session)
    session.refresh(one)
    return one


def revise(session: UnitOfWork, round_id: uuid.UUID, body: dict[str, Any]) -> Round:
    """Put a draft right."""
    one = queries.round_to_change(session, round_id)
    one.state = rules.ROUND.after(one.state, "revise")
    rules.check_round_days(body["opens_on"], body["closes_on"], clock.today())
    fields.must_exist(session, body["field_codes"])
    for name, value in body.items():
        setattr(one, name, value)
    _written(session)
    return one


def announce(session: UnitOfWork, round_id: uuid.UUID, *, by: Caller) -> Round:
    """Make a round public; from now on it stays as it is."""
    one = queries.round_to_change(session, round_id)
    rules.check_round_days(one.opens_on, one.closes_on, clock.today())
    one.state = rules.ROUND.after(one.state, "announce")
    one.announced_at, one.announced_by = clock.now(), by.client_id
    return one


def withdraw(session: UnitOfWork, round_id: uuid.UUID, *, by: Caller) -> Round:
    """Take back a round in which nobody has applied."""
    one = queries.round_to_change(session, round_id)
    state = rules.ROUND.after(one.state, "withdraw")
    rules.check_round_free(queries.applications_in(session, round_id))
    one.state, one.withdrawn_at, one.withdrawn_by = state, clock.now(), by.client_id
    return one


def _written(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise RoundExists() from None
