"""Doors: opinions from the public."""

import uuid
from typing import Any

import orjson

from onex.chassis.access import Role
from onex.chassis.problems import NotFound
from onex.chassis.web import Blueprint, allow, caller, limited, public, runtime, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.opinions import actions, queries, rules
from services.registry.opinions.models import Opinion
from services.registry.opinions.schemas import (
    NewOpinionSchema,
    OpinionAssignmentSchema,
    OpinionCaseSchema,
    OpinionInFullSchema,
    OpinionOrderSchema,
    OpinionReasonSchema,
    OpinionReceiptSchema,
    OpinionReferenceSchema,
    OpinionReleaseSchema,
    OpinionSchema,
    OpinionSubjectSchema,
    OpinionWordsSchema,
    OwnOpinionSchema,
    ReleasedOpinionSchema,
    SenderSchema,
)

DESK = (Role.MINISTRY, Role.OPERATOR)
READERS = (*DESK, Role.PROVINCE, Role.TEO)
blp = Blueprint("opinions", "opinions", url_prefix="/opinions", description="Opinions from the public")
OPINIONS = Listing(
    OpinionSchema,
    Opinion.id,
    filters={
        "state": equal(Opinion.state, rules.STATES),
        "ground": equal(Opinion.ground, rules.GROUNDS),
        "organization_id": equal(Opinion.organization_id),
        "overdue": equal(Opinion.overdue),
        "received": span(Opinion.received_on, leads=True),
    },
)
RELEASED = Listing(ReleasedOpinionSchema, Opinion.id, filters={"ground": equal(Opinion.ground, rules.GROUNDS)})


@blp.route("", methods=["POST"])
@public
@limited
@blp.arguments(NewOpinionSchema)
@blp.response(201, OpinionReceiptSchema)
def receive(body: dict[str, Any]) -> dict[str, Any]:
    """Say something, without a login (PP-30). Keep the reference: it is shown once, and finds the answer."""
    opinion, reference = actions.receive(session(), runtime().vault, body)
    return {"reference": reference, "received_at": opinion.received_at, "due_on": opinion.due_on}


@blp.route("/lookup", methods=["POST"])
@public
@limited
@blp.arguments(OpinionReferenceSchema)
@blp.response(200, OwnOpinionSchema)
def look_up(body: dict[str, Any]) -> dict[str, Any]:
    """What became of an opinion, for whoever has its reference; which is never part of an address (OP-40)."""
    opinion = actions.look_up(session(), runtime().vault, body["reference"])
    shown: dict[str, Any] = {name: getattr(opinion, name) for name in OwnOpinionSchema().fields if name != "answer"}
    return shown | {"answer": _opened(opinion.sealed_answer, actions.ANSWER)}


@blp.route("/released")
@public
@RELEASED.door(blp)
def released(query: dict[str, Any]) -> Any:
    """Opinions and answers that were released for everyone (OP-40)."""
    return RELEASED.answer(session(), queries.released(), query)


@blp.route("")
@allow(*READERS)
@OPINIONS.door(blp)
def opinions(query: dict[str, Any]) -> Any:
    """The opinions the caller may see."""
    return OPINIONS.answer(session(), queries.visible(caller()), query)


@blp.route("/<uuid:opinion_id>")
@allow(*READERS)
@blp.response(200, OpinionInFullSchema)
def opinion(opinion_id: uuid.UUID) -> dict[str, Any]:
    """One opinion with what was written."""
    return _in_full(queries.one_visible(session(), caller(), opinion_id))


@blp.route("/<uuid:opinion_id>/contact")
@allow(Role.OPERATOR)
@blp.response(200, SenderSchema)
def contact(opinion_id: uuid.UUID) -> dict[str, Any]:
    """How to reach the sender: for the operator alone, and only where the sender wanted it."""
    found = queries.one_visible(session(), caller(), opinion_id)
    if found.sealed_contact is None:
        raise NotFound()
    shown: dict[str, Any] = orjson.loads(runtime().vault.open(found.sealed_contact, actions.CONTACT))
    return shown


@blp.route("/<uuid:opinion_id>/subject", methods=["PUT"])
@allow(*DESK)
@blp.arguments(OpinionSubjectSchema)
@blp.response(200, OpinionInFullSchema)
def classify(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Put right what it is about, whom it means and where it happened."""
    return _in_full(actions.classify(session(), opinion_id, body, by=caller()))


@blp.route("/<uuid:opinion_id>/assignment", methods=["POST"])
@allow(*DESK)
@blp.arguments(OpinionAssignmentSchema)
@blp.response(200, OpinionInFullSchema)
def assign(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Ask a province or a TEO to reply (OP-40)."""
    return _in_full(actions.assign(session(), opinion_id, body, by=caller()))


@blp.route("/<uuid:opinion_id>/reply", methods=["POST"])
@allow(Role.PROVINCE, Role.TEO)
@blp.arguments(OpinionWordsSchema)
@blp.response(200, OpinionInFullSchema)
def reply(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """What whoever was asked has to say."""
    return _in_full(actions.reply(session(), runtime().vault, opinion_id, body["text"], by=caller()))


@blp.route("/<uuid:opinion_id>/answer", methods=["POST"])
@allow(*DESK)
@blp.arguments(OpinionWordsSchema)
@blp.response(200, OpinionInFullSchema)
def answer(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Answer the sender (OP-40)."""
    return _in_full(actions.answer(session(), runtime().vault, opinion_id, body["text"], by=caller()))


@blp.route("/<uuid:opinion_id>/setting-aside", methods=["POST"])
@allow(*DESK)
@blp.arguments(OpinionReasonSchema)
@blp.response(200, OpinionInFullSchema)
def set_aside(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Set aside what is no opinion."""
    return _in_full(actions.set_aside(session(), opinion_id, body["because"], by=caller()))


@blp.route("/<uuid:opinion_id>/release", methods=["POST"])
@allow(*DESK)
@blp.arguments(OpinionReleaseSchema)
@blp.response(200, OpinionInFullSchema)
def release(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Publish opinion and answer, in words that name nobody (OP-40)."""
    return _in_full(actions.release(session(), opinion_id, body, by=caller()))


@blp.route("/<uuid:opinion_id>/release", methods=["DELETE"])
@allow(*DESK)
@blp.response(200, OpinionInFullSchema)
def retract(opinion_id: uuid.UUID) -> dict[str, Any]:
    """Take back what was released."""
    return _in_full(actions.retract(session(), opinion_id, by=caller()))


@blp.route("/<uuid:opinion_id>/rectification", methods=["POST"])
@allow(*DESK, Role.PROVINCE)
@blp.arguments(OpinionOrderSchema)
@blp.response(200, OpinionInFullSchema)
def order_rectification(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Order whom it means to put the matter right (OP-43)."""
    return _in_full(actions.order_rectification(session(), opinion_id, body["matter"], body["due_on"], by=caller()))


@blp.route("/<uuid:opinion_id>/exit-case", methods=["POST"])
@allow(*DESK, Role.PROVINCE)
@blp.arguments(OpinionCaseSchema)
@blp.response(200, OpinionInFullSchema)
def open_exit_case(body: dict[str, Any], opinion_id: uuid.UUID) -> dict[str, Any]:
    """Open an exit case on the opinion's ground (OP-41, OP-42)."""
    return _in_full(actions.open_exit_case(session(), opinion_id, body["found"], by=caller()))


def _in_full(one: Opinion) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(one, name) for name in OpinionSchema().fields}
    return shown | {
        "text": _opened(one.sealed_text, actions.TEXT),
        "reply": _opened(one.sealed_reply, actions.REPLY),
        "answer": _opened(one.sealed_answer, actions.ANSWER),
        "has_contact": one.sealed_contact is not None,
    }


def _opened(sealed: str | None, purpose: str) -> str | None:
    return None if sealed is None else runtime().vault.open(sealed, purpose).decode()
