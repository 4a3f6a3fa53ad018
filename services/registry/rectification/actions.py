"""Organizations are ordered to put something right, report, and are believed or not (OP-43)."""

import uuid
from datetime import date
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.contracts.pilot import RectificationOrdered
from onex.messaging import outbox
from services.registry.organizations import actions as organizations
from services.registry.organizations.errors import OrganizationUnknown
from services.registry.organizations.models import Organization
from services.registry.rectification import queries, rules
from services.registry.rectification.models import Rectification, RectificationReport
from services.registry.rectification.rules import RECTIFICATION


def order(
    session: UnitOfWork, organization_id: uuid.UUID, matter: str, due_on: date, *, by: Caller, about: str = "other"
) -> Rectification:
    """Order an organization that takes part to put a matter right by a day, and say so (OP-43).

    `matter` travels in an event: it names no person. `about` is one of `rules.ABOUT`.
    """
    organization = session.get(Organization, organization_id)
    if organization is None:
        raise OrganizationUnknown()
    rules.check_supervised(organization.kind)
    rules.check_may_order(by, organization.province_code)
    organizations.must_take_part(session, organization.id)
    rules.check_due_day(due_on, clock.today())
    made = Rectification(
        organization_id=organization.id,
        province_code=organization.province_code,
        about=about,
        matter=matter,
        due_on=due_on,
        state=rules.ORDERED,
        ordered_by=by.client_id,
        ordering_province=None if by.sees_everything else by.province_code,
    )
    session.add(made)
    session.flush()
    session.refresh(made)
    _say(session, made)
    return made


def put_off(session: UnitOfWork, rectification_id: uuid.UUID, due_on: date, *, by: Caller) -> Rectification:
    """The orderer gives more time. What was missed is awaited again."""
    found = _orderers(session, rectification_id, by)
    found.state = RECTIFICATION.after(found.state, "put_off")
    _give_until(found, due_on)
    _say(session, found)
    return found


def report(session: UnitOfWork, rectification_id: uuid.UUID, what_was_done: str, *, by: Caller) -> Rectification:
    """The organization says what it did; late is better than never, and late also before the timer has come round."""
    found = queries.to_change(session, rectification_id, by)
    by.must_be(found.organization_id)
    if rules.is_missed(found.state, found.due_on, clock.today()):
        _miss(found)
    found.state = RECTIFICATION.after(found.state, "report")
    session.add(RectificationReport(rectification_id=found.id, what_was_done=what_was_done, reported_by=by.client_id))
    session.flush()
    return found


def accept(session: UnitOfWork, rectification_id: uuid.UUID, remark: str, *, by: Caller) -> Rectification:
    """The orderer is satisfied: the matter is put right."""
    found = _orderers(session, rectification_id, by)
    found.state = RECTIFICATION.after(found.state, "accept")
    _answer(session, found, True, remark, by)
    _close(found, remark, by)
    return found


def send_back(session: UnitOfWork, rectification_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Rectification:
    """The orderer is not satisfied. With a later `due_on` there is more time, without one the due day stands."""
    found = _orderers(session, rectification_id, by)
    found.state = RECTIFICATION.after(found.state, "send_back")
    _answer(session, found, False, body["remark"], by)
    if body["due_on"] is not None:
        _give_until(found, body["due_on"])
        _say(session, found)
    return found


def withdraw(session: UnitOfWork, rectification_id: uuid.UUID, remark: str, *, by: Caller) -> Rectification:
    """The orderer takes the order back: it was wrong, or does not matter any more."""
    found = _orderers(session, rectification_id, by)
    found.state = RECTIFICATION.after(found.state, "withdraw")
    _close(found, remark, by)
    return found


def mark_missed(session: UnitOfWork) -> bool:
    """OP-43: on the day after the due day what was not reported on is overdue. Whether there may be more to mark."""
    missed = queries.missed(session, clock.today())
    for one in missed:
        _miss(one)
    return len(missed) == queries.AT_ONCE


def _miss(one: Rectification) -> None:
    one.state = RECTIFICATION.after(one.state, "miss")
    one.missed_at = one.missed_at or clock.now()


def _orderers(session: UnitOfWork, rectification_id: uuid.UUID, by: Caller) -> Rectification:
    found = queries.to_change(session, rectification_id, by)
    rules.check_orderer(by, found.ordering_province)
    return found


def _give_until(found: Rectification, due_on: date) -> None:
    rules.check_later(due_on, found.due_on)
    rules.check_due_day(due_on, clock.today())
    found.due_on, found.missed_at = due_on, None


def _answer(session: UnitOfWork, found: Rectification, accepted: bool, remark: str, by: Caller) -> None:
    answered = queries.newest_report(session, found.id)
    answered.accepted, answered.remark = accepted, remark
    answered.answered_by, answered.answered_at = by.client_id, clock.now()


def _close(found: Rectification, remark: str, by: Caller) -> None:
    found.closed_at, found.closed_by, found.closing_remark = clock.now(), by.client_id, remark


def _say(session: UnitOfWork, one: Rectification) -> None:
    outbox.append(
        session,
        RectificationOrdered(
            rectification_id=one.id,
            organization_id=one.organization_id,
            matter=one.matter,
            due_on=one.due_on,
            ordered_at=one.ordered_at,
        ),
    )
