"""Doors: public notices, objections from anyone, decisions (PP-27)."""

import uuid
from typing import Any

from sqlalchemy import select

from onex.chassis.access import Role
from onex.chassis.problems import there
from onex.chassis.web import allow, caller, limited, public, runtime, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.admission import notices as actions
from services.registry.admission import queries, rules
from services.registry.admission.blueprint import blp
from services.registry.admission.models import Application, Objection
from services.registry.admission.schemas import (
    ApplicationDecisionSchema,
    ApplicationSchema,
    NewObjectionAnswerSchema,
    NewObjectionSchema,
    NoticeSchema,
    ObjectionAnswerSchema,
    ObjectionReceiptSchema,
    ObjectionSchema,
)

NOTICES = Listing(
    NoticeSchema,
    Application.id,
    filters={
        "round_id": equal(Application.round_id),
        "tier": equal(Application.tier, rules.TIERS),
        "state": equal(Application.state, ("noticed", "accepted", "refused", "withdrawn")),
        "noticed": span(Application.noticed_on),
    },
)
OBJECTIONS = Listing(
    ObjectionSchema,
    Objection.id,
    filters={
        "application_id": equal(Objection.application_id),
        "state": equal(Objection.state, rules.OBJECTION.states),
        "received": span(Objection.received_at, leads=True),
    },
)


@blp.route("/applications/<uuid:application_id>/notice", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, ApplicationSchema)
def give_notice(application_id: uuid.UUID) -> Application:
    """Put an application that its panel has judged before the public."""
    return actions.give_notice(session(), application_id, by=caller())


@blp.route("/applications/<uuid:application_id>/decision", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(ApplicationDecisionSchema)
@blp.response(200, ApplicationSchema)
def decide(body: dict[str, Any], application_id: uuid.UUID) -> Application:
    """Accept a TEO, within its tier's cap (PP-08), or refuse it."""
    act = actions.accept if body["accepted"] else actions.refuse
    return act(session(), application_id, body["reason"], by=caller())


@blp.route("/notices")
@public
@NOTICES.door(blp)
def notices(query: dict[str, Any]) -> Any:
    """The applications before the public, and those that were."""
    return NOTICES.answer(session(), queries.notices(), query)


@blp.route("/notices/<uuid:application_id>")
@public
@blp.response(200, NoticeSchema)
def notice(application_id: uuid.UUID) -> Any:
    """One notice."""
    return there(session().execute(queries.notices().where(Application.id == application_id)).first())


@blp.route("/notices/<uuid:application_id>/objections", methods=["POST"])
@public
@limited
@blp.arguments(NewObjectionSchema)
@blp.response(201, ObjectionReceiptSchema)
def object_to(body: dict[str, Any], application_id: uuid.UUID) -> dict[str, Any]:
    """Anyone may object to a noticed application within its days. The receipt is the only way to the answer."""
    return actions.object_to(session(), runtime().vault, application_id, body)


@blp.route("/objections/receipts/<receipt>")
@public
@limited
@blp.response(200, ObjectionAnswerSchema)
def answer_of(receipt: str) -> Objection:
    """What became of the objection with this receipt."""
    return actions.with_receipt(session(), receipt)


@blp.route("/objections")
@allow(Role.MINISTRY, Role.OPERATOR)
@OBJECTIONS.door(blp)
def objections(query: dict[str, Any]) -> Any:
    """The objections, persons masked."""
    vault = runtime().vault
    return OBJECTIONS.answer(session(), select(Objection), query, lambda rows: actions.shown(vault, rows))


@blp.route("/objections/<uuid:objection_id>/answer", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(NewObjectionAnswerSchema)
@blp.response(200, ObjectionSchema)
def answer(body: dict[str, Any], objection_id: uuid.UUID) -> dict[str, Any]:
    """Uphold or dismiss an objection."""
    objection = actions.answer(session(), objection_id, body, by=caller())
    return actions.shown(runtime().vault, [objection])[0]
