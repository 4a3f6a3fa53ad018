"""Doors: a learner's statement."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.problems import there
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, session
from services.creditbank.accounts import queries
from services.creditbank.accounts.schemas import StatementSchema
from services.creditbank.ledger.models import Entry

blp = Blueprint("accounts", "accounts", description="Learners' accounts and statements")


@blp.route("/my-statement")
@allow(Role.LEARNER)
@blp.arguments(PageQuery, location="query")
@blp.response(200, StatementSchema)
def my_statement(arguments: dict[str, Any]) -> dict[str, Any]:
    """The caller's own account (PP-23); empty before anything was booked to it."""
    learner_id = caller().learner_id
    statement = _statement(learner_id, arguments) if learner_id else None
    return statement or {"account": None, **_figures(0, 0), "items": [], "next": None}


@blp.route("/accounts/<uuid:learner_id>/statement")
@allow(Role.OPERATOR)
@blp.arguments(PageQuery, location="query")
@blp.response(200, StatementSchema)
def statement(arguments: dict[str, Any], learner_id: uuid.UUID) -> dict[str, Any]:
    """A learner's account, for the operator."""
    return there(_statement(learner_id, arguments))


def _statement(learner_id: uuid.UUID, arguments: dict[str, Any]) -> dict[str, Any] | None:
    account = queries.account_of(session(), learner_id)
    if account is None:
        return None
    balance = queries.balance_hundredths(session(), account.id)
    held = queries.held_hundredths(session(), learner_id)
    entries = page(session(), queries.entries_of(account.id), Entry.id, arguments["cursor"], arguments["size"])
    return {"account": account} | _figures(balance, held) | entries


def _figures(balance: int, held: int) -> dict[str, int]:
    return {"balance_hundredths": balance, "held_hundredths": held, "available_hundredths": balance - held}
