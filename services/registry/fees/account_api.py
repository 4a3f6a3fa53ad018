"""Doors: cost accounts of sittings."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.fees import account_actions, queries
from services.registry.fees.account_schemas import CorrectedCostAccountSchema, CostAccountSchema
from services.registry.fees.blueprint import blp
from services.registry.fees.models import CostAccount
from services.registry.fees.rules import ACCOUNT
from services.registry.standards.rules import LEVELS

READERS = (Role.TEO, Role.PROVINCE, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY)
ACCOUNTS = Listing(
    CostAccountSchema,
    CostAccount.id,
    filters={
        "state": equal(CostAccount.state, ACCOUNT.states),
        "site_id": equal(CostAccount.site_id),
        "sitting_id": equal(CostAccount.sitting_id),
        "college_id": equal(CostAccount.college_id),
        "teo_id": equal(CostAccount.teo_id),
        "province_code": equal(CostAccount.province_code),
        "level": equal(CostAccount.level, LEVELS),
        "fees_over": equal(CostAccount.fees_over),
        "cost_over": equal(CostAccount.cost_over),
        "held": span(CostAccount.held_on, leads=True),
    },
)


@blp.route("/cost-accounts", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(CostAccountSchema)
@blp.response(201, CostAccountSchema)
def draw_up(body: dict[str, Any]) -> CostAccount:
    """Draw up the account of a sitting at one's site (OP-30)."""
    return account_actions.draw_up(session(), body, by=caller())


@blp.route("/cost-accounts")
@allow(*READERS)
@ACCOUNTS.door(blp)
def cost_accounts(query: dict[str, Any]) -> Any:
    """The accounts the caller may see."""
    return ACCOUNTS.answer(session(), queries.accounts_visible(caller()), query)


@blp.route("/cost-accounts/over-agreed-fee")
@allow(*READERS)
@ACCOUNTS.door(blp)
def over_agreed_fee(query: dict[str, Any]) -> Any:
    """The accounts of sites over their agreed fee: the candidates paid more, or the sitting cost more (OP-30)."""
    return ACCOUNTS.answer(session(), queries.accounts_over(caller()), query)


@blp.route("/cost-accounts/<uuid:account_id>")
@allow(*READERS)
@blp.response(200, CostAccountSchema)
def cost_account(account_id: uuid.UUID) -> CostAccount:
    """One account."""
    visible = queries.accounts_visible(caller())
    return queries.one_of(session(), visible, CostAccount.id, account_id)  # type: ignore[no-any-return]


@blp.route("/cost-accounts/<uuid:account_id>", methods=["PUT"])
@allow(Role.COLLEGE)
@blp.arguments(CorrectedCostAccountSchema)
@blp.response(200, CostAccountSchema)
def correct(body: dict[str, Any], account_id: uuid.UUID) -> CostAccount:
    """Put an open account right."""
    return account_actions.correct(session(), account_id, body, by=caller())


@blp.route("/cost-accounts/<uuid:account_id>/closing", methods=["POST"])
@allow(Role.COLLEGE)
@blp.response(200, CostAccountSchema)
def close(account_id: uuid.UUID) -> CostAccount:
    """Close an account."""
    return account_actions.close(session(), account_id, by=caller())


@blp.route("/cost-accounts/<uuid:account_id>/reopening", methods=["POST"])
@allow(Role.PROVINCE, Role.OPERATOR)
@blp.response(200, CostAccountSchema)
def reopen(account_id: uuid.UUID) -> CostAccount:
    """Have a closed account drawn up anew."""
    return account_actions.reopen(session(), account_id, by=caller())
