"""Doors: good cases proposed and published, suggestions made and decided."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.callers import caller_or_none
from onex.chassis.web.listing import Listing, equal, span
from services.registry.reports import activity_queries as queries
from services.registry.reports import activity_rules as rules
from services.registry.reports import cases as actions
from services.registry.reports.activity_models import GoodCase, Suggestion
from services.registry.reports.activity_schemas import (
    GoodCaseChangesSchema,
    GoodCaseDecisionSchema,
    GoodCaseSchema,
    NewGoodCaseSchema,
    NewSuggestionSchema,
    PublicGoodCaseSchema,
    SuggestionChangesSchema,
    SuggestionDecisionSchema,
    SuggestionSchema,
)
from services.registry.reports.doors import blp
from services.registry.reports.rules import REPORTERS

SENDERS = (Role.PROVINCE, Role.TEO, Role.COLLEGE)
EVERY_PARTY = (*SENDERS, Role.MINISTRY, Role.OPERATOR)

CASES = Listing(
    PublicGoodCaseSchema,
    GoodCase.id,
    filters={
        "organization_id": equal(GoodCase.organization_id),
        "organization_kind": equal(GoodCase.organization_kind, REPORTERS),
        "province_code": equal(GoodCase.province_code),
        "state": equal(GoodCase.state, rules.GOOD_CASE.states),
        "published": span(GoodCase.published_at, leads=True),
    },
)
SUGGESTIONS = Listing(
    SuggestionSchema,
    Suggestion.id,
    filters={
        "organization_id": equal(Suggestion.organization_id),
        "organization_kind": equal(Suggestion.organization_kind, REPORTERS),
        "province_code": equal(Suggestion.province_code),
        "state": equal(Suggestion.state, rules.SUGGESTION.states),
        "made": span(Suggestion.made_at, leads=True),
    },
)


@blp.route("/good-cases", methods=["POST"])
@allow(*SENDERS)
@blp.arguments(NewGoodCaseSchema)
@blp.response(201, GoodCaseSchema)
def propose_case(body: dict[str, Any]) -> GoodCase:
    """Propose a case, from a report or not (OP-44)."""
    return actions.propose(session(), body, by=caller())


@blp.route("/good-cases")
@public
@CASES.door(blp)
def good_cases(query: dict[str, Any]) -> Any:
    """The published cases, for anyone; with a token also those not published that the caller may see."""
    return CASES.answer(session(), queries.cases_visible(caller_or_none()), query)


@blp.route("/good-cases/<uuid:case_id>")
@public
@blp.response(200, PublicGoodCaseSchema)
def good_case(case_id: uuid.UUID) -> GoodCase:
    """One case."""
    return queries.one_case(session(), caller_or_none(), case_id)


@blp.route("/good-cases/<uuid:case_id>", methods=["PUT"])
@allow(*EVERY_PARTY)
@blp.arguments(GoodCaseChangesSchema)
@blp.response(200, GoodCaseSchema)
def change_case(body: dict[str, Any], case_id: uuid.UUID) -> GoodCase:
    """Put a proposal right before it is decided on."""
    return actions.change_case(session(), case_id, body, by=caller())


@blp.route("/good-cases/<uuid:case_id>/decision", methods=["POST"])
@allow(Role.PROVINCE, Role.MINISTRY, Role.OPERATOR)
@blp.arguments(GoodCaseDecisionSchema)
@blp.response(200, GoodCaseSchema)
def decide_case(body: dict[str, Any], case_id: uuid.UUID) -> GoodCase:
    """Publish or decline a case; a province decides on those of its colleges."""
    return actions.decide_case(session(), case_id, body["decision"], body["remark"], by=caller())


@blp.route("/good-cases/<uuid:case_id>/withdrawal", methods=["POST"])
@allow(*EVERY_PARTY)
@blp.response(200, GoodCaseSchema)
def withdraw_case(case_id: uuid.UUID) -> GoodCase:
    """Take a case back, also a published one."""
    return actions.withdraw_case(session(), case_id, by=caller())


@blp.route("/suggestions", methods=["POST"])
@allow(*SENDERS)
@blp.arguments(NewSuggestionSchema)
@blp.response(201, SuggestionSchema)
def suggest(body: dict[str, Any]) -> Suggestion:
    """Suggest something (OP-06, OP-44)."""
    return actions.suggest(session(), body, by=caller())


@blp.route("/suggestions")
@allow(*EVERY_PARTY)
@SUGGESTIONS.door(blp)
def suggestions(query: dict[str, Any]) -> Any:
    """The suggestions the caller may read, newest first."""
    return SUGGESTIONS.answer(session(), queries.suggestions_visible(caller()), query)


@blp.route("/suggestions/<uuid:suggestion_id>")
@allow(*EVERY_PARTY)
@blp.response(200, SuggestionSchema)
def suggestion(suggestion_id: uuid.UUID) -> Suggestion:
    """One suggestion."""
    return queries.one(session(), queries.suggestions_visible(caller()).where(Suggestion.id == suggestion_id))


@blp.route("/suggestions/<uuid:suggestion_id>", methods=["PUT"])
@allow(*SENDERS)
@blp.arguments(SuggestionChangesSchema)
@blp.response(200, SuggestionSchema)
def change_suggestion(body: dict[str, Any], suggestion_id: uuid.UUID) -> Suggestion:
    """Put a suggestion right while nobody has looked at it."""
    return actions.change_suggestion(session(), suggestion_id, body, by=caller())


@blp.route("/suggestions/<uuid:suggestion_id>/decision", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(SuggestionDecisionSchema)
@blp.response(200, SuggestionSchema)
def decide_suggestion(body: dict[str, Any], suggestion_id: uuid.UUID) -> Suggestion:
    """Look into a suggestion, adopt or decline it; an answer says why."""
    return actions.decide_suggestion(session(), suggestion_id, body["decision"], body["answer"], by=caller())


@blp.route("/suggestions/<uuid:suggestion_id>/withdrawal", methods=["POST"])
@allow(*SENDERS)
@blp.response(200, SuggestionSchema)
def withdraw_suggestion(suggestion_id: uuid.UUID) -> Suggestion:
    """Take a suggestion back that is not decided on."""
    return actions.withdraw_suggestion(session(), suggestion_id, by=caller())
