"""Doors: exit cases."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.exits import actions, grounds, queries, rules
from services.registry.exits.models import ExitCase, ExitEvidence, ExitStatement
from services.registry.exits.schemas import (
    EvidenceListSchema,
    EvidenceSchema,
    ExitCaseSchema,
    FindingSchema,
    GroundListSchema,
    InvestigationSchema,
    NewExitCaseSchema,
    ReasonsSchema,
    StatementListSchema,
    StatementSchema,
)

AUTHORITIES = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
READERS = (*AUTHORITIES, Role.TEO, Role.COLLEGE)
blp = Blueprint("exits", "exits", description="Exit cases")
CASES = Listing(
    ExitCaseSchema,
    ExitCase.id,
    filters={
        "organization_id": equal(ExitCase.organization_id),
        "kind": equal(ExitCase.kind, rules.KINDS),
        "ground": equal(ExitCase.ground, rules.LETTERS),
        "state": equal(ExitCase.state, rules.STATES),
        "opened": span(ExitCase.opened_at),
    },
)


@blp.route("/exit-cases", methods=["POST"])
@allow(*AUTHORITIES)
@blp.arguments(NewExitCaseSchema)
@blp.response(201, ExitCaseSchema)
def open_case(body: dict[str, Any]) -> ExitCase:
    """Open a case: the Ministry and the operator against anyone, a province against a college of its own."""
    return actions.open_by_hand(session(), body, by=caller())


@blp.route("/exit-cases")
@allow(*READERS)
@CASES.door(blp)
def cases(query: dict[str, Any]) -> Any:
    """The cases the caller may see."""
    return CASES.answer(session(), queries.visible(caller()), query)


@blp.route("/exit-cases/<uuid:case_id>")
@allow(*READERS)
@blp.response(200, ExitCaseSchema)
def case(case_id: uuid.UUID) -> ExitCase:
    """One case."""
    return queries.one_visible(session(), caller(), case_id)


@blp.route("/exit-cases/<uuid:case_id>/investigation", methods=["POST"])
@allow(*AUTHORITIES)
@blp.arguments(InvestigationSchema)
@blp.response(200, ExitCaseSchema)
def investigate(body: dict[str, Any], case_id: uuid.UUID) -> ExitCase:
    """Begin the investigation; the organization may make its statement from now on."""
    return actions.investigate(session(), case_id, body["statement_due_on"], by=caller())


@blp.route("/exit-cases/<uuid:case_id>/evidence", methods=["POST"])
@allow(*AUTHORITIES)
@blp.arguments(EvidenceSchema)
@blp.response(201, EvidenceSchema)
def add_evidence(body: dict[str, Any], case_id: uuid.UUID) -> dict[str, Any]:
    """Put evidence on the case's file."""
    return _evidence(actions.add_evidence(session(), runtime().vault, case_id, body, by=caller()))


@blp.route("/exit-cases/<uuid:case_id>/evidence")
@allow(*AUTHORITIES)
@blp.response(200, EvidenceListSchema)
def evidence(case_id: uuid.UUID) -> dict[str, Any]:
    """The evidence, for those who investigate and decide: it may name people who spoke."""
    found = queries.one_visible(session(), caller(), case_id)
    return {"items": [_evidence(one) for one in queries.evidence_of(session(), found.id)]}


@blp.route("/exit-cases/<uuid:case_id>/statements", methods=["POST"])
@allow(Role.TEO, Role.COLLEGE)
@blp.arguments(StatementSchema)
@blp.response(201, StatementSchema)
def state(body: dict[str, Any], case_id: uuid.UUID) -> dict[str, Any]:
    """The organization's statement, within its term."""
    return _statement(actions.state(session(), runtime().vault, case_id, body["statement"], by=caller()))


@blp.route("/exit-cases/<uuid:case_id>/statements")
@allow(*READERS)
@blp.response(200, StatementListSchema)
def statements(case_id: uuid.UUID) -> dict[str, Any]:
    """What the organization said for itself."""
    found = queries.one_visible(session(), caller(), case_id)
    return {"items": [_statement(one) for one in queries.statements_of(session(), found.id)]}


@blp.route("/exit-cases/<uuid:case_id>/verification", methods=["POST"])
@allow(*AUTHORITIES)
@blp.arguments(FindingSchema)
@blp.response(200, ExitCaseSchema)
def verify(body: dict[str, Any], case_id: uuid.UUID) -> ExitCase:
    """The ground is verified."""
    return actions.verify(session(), case_id, body["finding"], by=caller())


@blp.route("/exit-cases/<uuid:case_id>/dismissal", methods=["POST"])
@allow(*AUTHORITIES)
@blp.arguments(ReasonsSchema)
@blp.response(200, ExitCaseSchema)
def dismiss(body: dict[str, Any], case_id: uuid.UUID) -> ExitCase:
    """The case ends, the organization goes on."""
    return actions.dismiss(session(), case_id, body["reasons"], by=caller())


@blp.route("/exit-cases/<uuid:case_id>/decision", methods=["POST"])
@allow(*AUTHORITIES)
@blp.arguments(ReasonsSchema)
@blp.response(200, ExitCaseSchema)
def decide(body: dict[str, Any], case_id: uuid.UUID) -> ExitCase:
    """The Ministry ends a TEO's part, a college's own province a college's; nobody else does."""
    return actions.decide(session(), case_id, body["reasons"], by=caller())


@blp.route("/organizations/<uuid:organization_id>/exit-grounds")
@allow(*AUTHORITIES)
@blp.response(200, GroundListSchema)
def exit_grounds(organization_id: uuid.UUID) -> dict[str, Any]:
    """The grounds there are for a TEO or college, each with the orders it has missed."""
    return {"items": grounds.of_organization(session(), caller(), organization_id)}


def _evidence(one: ExitEvidence) -> dict[str, Any]:
    content = runtime().vault.open(one.sealed_content, actions.EVIDENCE).decode()
    return {"id": one.id, "title": one.title, "source": one.source, "content": content, "added_at": one.added_at}


def _statement(one: ExitStatement) -> dict[str, Any]:
    statement = runtime().vault.open(one.sealed_statement, actions.STATEMENT).decode()
    return {"id": one.id, "statement": statement, "made_at": one.made_at}
