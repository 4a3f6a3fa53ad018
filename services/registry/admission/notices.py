"""Public notice, objections, and the decision that follows them (PP-27)."""

import secrets
import uuid
from typing import Any

import orjson
from sqlalchemy import select

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault, fingerprint, mask_name
from onex.chassis.problems import NotFound, there
from services.registry.admission import panels, queries, rules
from services.registry.admission.applications import cap_of
from services.registry.admission.models import Application, Objection, Round
from services.registry.organizations import queries as organizations
from services.registry.organizations import rules as organization_rules

_PERSON, _TEXT = "objector", "objection"


def give_notice(session: UnitOfWork, application_id: uuid.UUID, *, by: Caller) -> Application:
    """Put an application that its whole panel has judged before the public."""
    application = queries.application_to_change(session, application_id)
    state = rules.APPLICATION.after(application.state, "notice")
    rules.mean_score([seat.score for seat in panels.with_a_say(queries.panel_of(session, application_id))])
    round_ = session.get(Round, application.round_id)
    assert round_ is not None  # a foreign key
    today = clock.today()
    application.state, application.noticed_on, application.noticed_by = state, today, by.client_id
    application.objections_until = rules.last_day_for_objections(today, round_.objection_days)
    return application


def object_to(session: UnitOfWork, vault: Vault, application_id: uuid.UUID, body: dict[str, Any]) -> dict[str, Any]:
    """Take what someone holds against a noticed application, within its days; returns the receipt, which is kept nowhere."""
    application = queries.application_to_change(session, application_id)
    if application.noticed_on is None:
        raise NotFound()  # what is not noticed is nobody's business
    assert application.objections_until is not None  # set with the notice
    rules.APPLICATION.after(application.state, "object to")
    rules.check_may_object(application.objections_until, clock.today())
    person, receipt = {"name": body["name"], "contact": body["contact"]}, secrets.token_urlsafe(16)
    objection = Objection(
        application_id=application_id,
        receipt_hash=_hash(receipt),
        sealed_person=vault.seal(orjson.dumps(person), _PERSON),
        sealed_text=vault.seal(body["text"].encode(), _TEXT),
        state="open",
        received_at=clock.now(),
    )
    session.add(objection)
    session.flush()
    return {"receipt": receipt, "received_at": objection.received_at}


def with_receipt(session: UnitOfWork, receipt: str) -> Objection:
    """The objection whose receipt this is; raise NotFound without one."""
    return there(session.scalars(select(Objection).where(Objection.receipt_hash == _hash(receipt))).first())


def answer(session: UnitOfWork, objection_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Objection:
    """Uphold or dismiss an objection, with an answer that anyone with its receipt can read."""
    objection = there(session.get(Objection, objection_id, with_for_update=True))
    objection.state = rules.OBJECTION.after(objection.state, "uphold" if body["upheld"] else "dismiss")
    objection.answer, objection.answered_at, objection.answered_by = body["answer"], clock.now(), by.client_id
    return objection


def accept(session: UnitOfWork, application_id: uuid.UUID, reason: str, *, by: Caller) -> Application:
    """Accept a TEO: only after the notice, and never one more of its tier than the round may take (PP-08).

    The round's row is locked, so that of those accepted at once each counts the ones before it.
    """
    application = queries.application_to_change(session, application_id)
    state = rules.APPLICATION.after(application.state, "accept")
    _must_be_decidable(session, application)
    rules.check_acceptable(queries.objection_states(session, application_id))
    round_ = queries.round_to_change(session, application.round_id)
    accepted = queries.accepted_in(session, round_.id, application.tier)
    rules.check_cap(accepted, cap_of(round_, application.tier))
    teo = organizations.to_change(session, application.teo_id)
    organization_rules.check_not_exited(teo.status)
    teo.application_id = application.id
    _decide(application, state, reason, by)
    session.flush()
    return application


def refuse(session: UnitOfWork, application_id: uuid.UUID, reason: str, *, by: Caller) -> Application:
    """Refuse a TEO, with the reason; one that was put before the public not before its days are over."""
    application = queries.application_to_change(session, application_id)
    state = rules.APPLICATION.after(application.state, "refuse")
    if application.noticed_on is not None:
        _must_be_decidable(session, application)
    _decide(application, state, reason, by)
    return application


def shown(vault: Vault, objections: list[Objection]) -> list[dict[str, Any]]:
    """Objections for those who answer them: the text whole, the person masked."""
    rows = []
    for one in objections:
        person = orjson.loads(vault.open(one.sealed_person, _PERSON))
        plain = ("id", "application_id", "state", "received_at", "answer", "answered_at")
        text = vault.open(one.sealed_text, _TEXT).decode()
        rows.append({name: getattr(one, name) for name in plain} | {"text": text, "name": mask_name(person["name"])})
    return rows


def _hash(receipt: str) -> str:
    return fingerprint(receipt.encode())


def _must_be_decidable(session: UnitOfWork, application: Application) -> None:
    assert application.objections_until is not None  # set with the notice
    states = queries.objection_states(session, application.id)
    rules.check_decidable(application.objections_until, clock.today(), states)


def _decide(application: Application, state: str, reason: str, by: Caller) -> None:
    application.state, application.reason = state, reason
    application.decided_at, application.decided_by = clock.now(), by.client_id
