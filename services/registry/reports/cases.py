"""Good cases are proposed from reports and published; suggestions are collected and decided (OP-44)."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from services.registry.organizations.rules import COLLEGE
from services.registry.reports import activity_queries, activity_rules, queries
from services.registry.reports.activity_models import GoodCase, Suggestion


def propose(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> GoodCase:
    """Propose a case: the caller's own, or that of a report which the caller may read (OP-44)."""
    case = GoodCase(
        **body,
        **_whose(session, body["report_id"], by),
        state=activity_rules.PROPOSED,
        remark="",
        proposed_by=by.client_id,
    )
    session.add(case)
    session.flush()
    session.refresh(case)
    return case


def change_case(session: UnitOfWork, case_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> GoodCase:
    """Put a proposal right before it is decided on."""
    case = activity_queries.case_to_change(session, by, case_id)
    _must_handle(by, case)
    case.state = activity_rules.GOOD_CASE.after(case.state, "change")
    for name, value in body.items():
        setattr(case, name, value)
    return case


def decide_case(session: UnitOfWork, case_id: uuid.UUID, verb: str, remark: str, *, by: Caller) -> GoodCase:
    """Publish or decline: the Ministry and the operator any case, a province those of its colleges (OP-44)."""
    case = activity_queries.case_to_change(session, by, case_id)
    if by.role == Role.PROVINCE and (case.province_code != by.province_code or case.organization_kind != COLLEGE):
        raise OutOfScope()
    case.state = activity_rules.GOOD_CASE.after(case.state, verb)
    case.remark, case.decided_by, case.decided_at = remark, by.client_id, clock.now()
    if verb == "publish":
        case.published_at = case.decided_at
    return case


def withdraw_case(session: UnitOfWork, case_id: uuid.UUID, *, by: Caller) -> GoodCase:
    """Take a proposed or a published case back."""
    case = activity_queries.case_to_change(session, by, case_id)
    _must_handle(by, case)
    case.state = activity_rules.GOOD_CASE.after(case.state, "withdraw")
    case.decided_by, case.decided_at = by.client_id, clock.now()
    return case


def suggest(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> Suggestion:
    """An organization suggests something; out of a report or on its own (OP-06, OP-44)."""
    suggestion = Suggestion(
        **body, **_whose(session, body["report_id"], by), state=activity_rules.RECEIVED, answer="", made_by=by.client_id
    )
    session.add(suggestion)
    session.flush()
    session.refresh(suggestion)
    return suggestion


def change_suggestion(session: UnitOfWork, suggestion_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Suggestion:
    """Put a suggestion right while nobody has looked at it."""
    suggestion = activity_queries.suggestion_to_change(session, by, suggestion_id)
    _must_handle(by, suggestion)
    suggestion.state = activity_rules.SUGGESTION.after(suggestion.state, "change")
    for name, value in body.items():
        setattr(suggestion, name, value)
    return suggestion


def decide_suggestion(
    session: UnitOfWork, suggestion_id: uuid.UUID, verb: str, answer: str, *, by: Caller
) -> Suggestion:
    """The Ministry or the operator looks into a suggestion, adopts or declines it and says why (OP-44)."""
    suggestion = activity_queries.suggestion_to_change(session, by, suggestion_id)
    state = activity_rules.SUGGESTION.after(suggestion.state, verb)
    activity_rules.check_decision(verb, answer)
    suggestion.state, suggestion.answer = state, answer
    suggestion.decided_by, suggestion.decided_at = by.client_id, clock.now()
    return suggestion


def withdraw_suggestion(session: UnitOfWork, suggestion_id: uuid.UUID, *, by: Caller) -> Suggestion:
    """Take a suggestion back that is not decided on."""
    suggestion = activity_queries.suggestion_to_change(session, by, suggestion_id)
    _must_handle(by, suggestion)
    suggestion.state = activity_rules.SUGGESTION.after(suggestion.state, "withdraw")
    suggestion.decided_by, suggestion.decided_at = by.client_id, clock.now()
    return suggestion


def _whose(session: UnitOfWork, report_id: uuid.UUID | None, by: Caller) -> dict[str, Any]:
    """The organization that a case or a suggestion is of: the report's, or the caller's own."""
    if report_id is not None:
        report = queries.one_visible(session, by, report_id)
        return {
            "organization_id": report.organization_id,
            "organization_kind": report.organization_kind,
            "province_code": report.province_code,
        }
    own = queries.sender(session, by)
    return {"organization_id": own.id, "organization_kind": own.kind, "province_code": own.province_code}


def _must_handle(by: Caller, found: GoodCase | Suggestion) -> None:
    """Whose it is, and the province it lies in, may change it; so may the Ministry and the operator."""
    if by.role == Role.PROVINCE:
        if found.province_code != by.province_code:
            raise OutOfScope()
    else:
        by.must_be(found.organization_id)
