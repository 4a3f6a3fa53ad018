"""Opinions are received, assigned, replied to and answered, and lead to what they have to (OP-40, PP-30)."""

import uuid
from datetime import date
from typing import Any

import orjson

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.pilot import OpinionAnswered
from onex.messaging import outbox
from services.registry.exits import actions as exits
from services.registry.exits import rules as exit_rules
from services.registry.opinions import queries, references, rules
from services.registry.opinions.errors import CaseOpenAlready, ReferenceUnknown
from services.registry.opinions.models import Opinion
from services.registry.opinions.rules import OPINION
from services.registry.organizations import queries as organizations
from services.registry.organizations.divisions import PROVINCES
from services.registry.organizations.errors import ProvinceUnknown
from services.registry.organizations.rules import TEO
from services.registry.rectification import actions as rectification

TEXT, CONTACT, REPLY, ANSWER = "opinion text", "opinion contact", "opinion reply", "opinion answer"


def receive(session: UnitOfWork, vault: Vault, body: dict[str, Any]) -> tuple[Opinion, str]:
    """PP-30: anyone says something; returns it with the reference by which the sender finds the answer."""
    province_code = _place(session, body)
    now, reference = clock.now(), references.new()
    opinion = Opinion(
        reference_hash=references.index_of(vault, reference),
        ground=body["ground"],
        organization_id=body["organization_id"],
        province_code=province_code,
        sealed_text=vault.seal(body["text"].encode(), TEXT),
        sealed_contact=vault.seal(orjson.dumps(body["contact"]), CONTACT) if body["contact"] else None,
        received_at=now,
        received_on=clock.beijing_day(now),
        due_on=rules.answer_due_on(clock.beijing_day(now)),
        state=rules.RECEIVED,
        overdue=False,
    )
    session.add(opinion)
    session.flush()
    return opinion, reference


def look_up(session: UnitOfWork, vault: Vault, reference: str) -> Opinion:
    """The opinion of whoever holds the reference."""
    opinion = queries.by_reference(session, references.index_of(vault, reference))
    if opinion is None:
        raise ReferenceUnknown()
    return opinion


def classify(session: UnitOfWork, opinion_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Opinion:
    """Put right what it is about, whom it means and where it happened; whoever was asked is asked no more."""
    opinion = queries.to_change(session, by, opinion_id)
    opinion.state = OPINION.after(opinion.state, "classify")
    province_code = _place(session, body)
    opinion.ground, opinion.organization_id = body["ground"], body["organization_id"]
    opinion.province_code, opinion.assigned_teo_id = province_code, None
    opinion.classified_by, opinion.classified_at = by.client_id, clock.now()
    return opinion


def assign(session: UnitOfWork, opinion_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Opinion:
    """Ask a province or a TEO to reply. A province that is asked sees the opinion from then on, a TEO as well."""
    opinion = queries.to_change(session, by, opinion_id)
    opinion.state = OPINION.after(opinion.state, "assign")
    rules.check_assignee(body["teo_id"], body["province_code"])
    if body["teo_id"]:
        organizations.named(session, body["teo_id"], TEO)
    else:
        _check_province(body["province_code"])
        opinion.province_code = body["province_code"]
    opinion.assigned_teo_id = body["teo_id"]
    opinion.assigned_by, opinion.assigned_at = by.client_id, clock.now()
    return opinion


def reply(session: UnitOfWork, vault: Vault, opinion_id: uuid.UUID, text: str, *, by: Caller) -> Opinion:
    """Whoever was asked says what there is to say; the operator answers with it."""
    opinion = queries.to_change(session, by, opinion_id)
    rules.check_assigned_to(by, opinion.state, opinion.assigned_teo_id, opinion.province_code)
    opinion.state = OPINION.after(opinion.state, "reply")
    opinion.sealed_reply = vault.seal(text.encode(), REPLY)
    opinion.replied_by, opinion.replied_at = by.client_id, clock.now()
    return opinion


def answer(session: UnitOfWork, vault: Vault, opinion_id: uuid.UUID, text: str, *, by: Caller) -> Opinion:
    """OP-40: the answer, which the sender can read from now on; the event says that there is one, not what it says."""
    opinion = queries.to_change(session, by, opinion_id)
    opinion.state = OPINION.after(opinion.state, "answer")
    now = clock.now()
    opinion.sealed_answer = vault.seal(text.encode(), ANSWER)
    opinion.closed_by, opinion.closed_at = by.client_id, now
    in_time = rules.answered_in_time(opinion.received_on, opinion.due_on, clock.beijing_day(now))
    opinion.in_time = in_time
    outbox.append(
        session,
        OpinionAnswered(
            opinion_id=opinion.id,
            topic=opinion.ground,
            received_at=opinion.received_at,
            answered_at=now,
            in_time=in_time,
        ),
    )
    return opinion


def set_aside(session: UnitOfWork, opinion_id: uuid.UUID, because: str, *, by: Caller) -> Opinion:
    """What is no opinion (an advertisement, the same sent twice) is set aside with a reason, which the sender can read."""
    opinion = queries.to_change(session, by, opinion_id)
    opinion.state = OPINION.after(opinion.state, "set_aside")
    opinion.set_aside_because = because
    opinion.closed_by, opinion.closed_at = by.client_id, clock.now()
    return opinion


def release(session: UnitOfWork, opinion_id: uuid.UUID, body: dict[str, str], *, by: Caller) -> Opinion:
    """OP-40: publish opinion and answer, in words that name nobody who did not want it."""
    opinion = queries.to_change(session, by, opinion_id)
    rules.check_released(opinion.state)
    opinion.public_text, opinion.public_answer = body["public_text"], body["public_answer"]
    opinion.released_by, opinion.released_at = by.client_id, clock.now()
    return opinion


def retract(session: UnitOfWork, opinion_id: uuid.UUID, *, by: Caller) -> Opinion:
    """Take back what was released."""
    opinion = queries.to_change(session, by, opinion_id)
    rules.check_is_released(opinion.released_at)
    opinion.public_text = opinion.public_answer = opinion.released_by = opinion.released_at = None
    return opinion


def order_rectification(
    session: UnitOfWork, opinion_id: uuid.UUID, matter: str, due_on: date, *, by: Caller
) -> Opinion:
    """An opinion that turned out right leads to an order (OP-43)."""
    opinion = queries.to_change(session, by, opinion_id)
    organization_id = rules.check_consequence(opinion.organization_id, opinion.rectification_id)
    order = rectification.order(session, organization_id, matter, due_on, by=by, about=rules.ABOUT[opinion.ground])
    opinion.rectification_id = order.id
    return opinion


def open_exit_case(session: UnitOfWork, opinion_id: uuid.UUID, found: str, *, by: Caller) -> Opinion:
    """A grave one opens an exit case on its ground (OP-41, OP-42; OP-26: bundling, PP-09, OP-28: charging)."""
    opinion = queries.to_change(session, by, opinion_id)
    organization_id = rules.check_consequence(opinion.organization_id, opinion.exit_case_id)
    organization = organizations.known(session, organization_id)
    exit_rules.check_may_pursue(by, organization.kind, organization.province_code)
    ground = rules.exit_ground(organization.kind, opinion.ground)
    case = exits.open_case(session, organization_id, ground, found=found, by=by)
    if case is None:
        raise CaseOpenAlready()
    opinion.exit_case_id = case.id
    return opinion


def mark_overdue(session: UnitOfWork) -> bool:
    """OP-40: settle last days that a new calendar tells, then mark what is overdue; whether there may be more to do."""
    for day in queries.without_due_day(session):
        due_on = rules.answer_due_on(day)
        if due_on is None:
            break  # a later day is not told either
        for opinion in queries.received_on(session, day):
            opinion.due_on = due_on
        session.flush()
        return True
    late = queries.late(session, clock.today())
    for opinion in late:
        opinion.overdue, opinion.overdue_at = True, clock.now()
    return len(late) == queries.AT_ONCE


def _place(session: UnitOfWork, body: dict[str, Any]) -> str | None:
    """The province that sees an opinion: where it happened, unless it is about a province (PP-09: charges by authorities)."""
    if body["province_code"] is not None:
        _check_province(body["province_code"])
    kind = organizations.known(session, body["organization_id"]).kind if body["organization_id"] else None
    return rules.seen_by(kind, body["province_code"])


def _check_province(province_code: str) -> None:
    if province_code not in PROVINCES:
        raise ProvinceUnknown()
