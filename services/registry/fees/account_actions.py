"""Sites account for each sitting: what came in, what it cost, and how both stand to the agreed fee (OP-30)."""

import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from services.registry.fees import queries, rules
from services.registry.fees.errors import AccountExists, SiteNeverFiled, SiteUnknown
from services.registry.fees.models import CostAccount
from services.registry.sites.models import Site


def draw_up(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> CostAccount:
    """A college draws up the account of a sitting at its site (OP-30)."""
    site = session.get(Site, body["site_id"])
    if site is None or by.organization_id != site.college_id:
        raise SiteUnknown()
    if site.filed_at is None:
        raise SiteNeverFiled()
    rules.check_held(body["held_on"], clock.today())
    account = CostAccount(
        sitting_id=body["sitting_id"],
        site_id=site.id,
        college_id=site.college_id,
        province_code=site.province_code,
        teo_id=site.teo_id,
        certificate_type_id=site.certificate_type_id,
        level=body["level"],
        held_on=body["held_on"],
        state=rules.OPEN,
        created_by=by.client_id,
    )
    _fill(session, account, body)
    session.add(account)
    try:
        session.flush()
    except IntegrityError:
        raise AccountExists() from None
    session.refresh(account)
    return account


def correct(session: UnitOfWork, account_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> CostAccount:
    """The college puts an open account right."""
    account = _own(session, account_id, by)
    account.state = rules.ACCOUNT.after(account.state, "correct")
    _fill(session, account, body)
    account.changed_at = clock.now()
    return account


def close(session: UnitOfWork, account_id: uuid.UUID, *, by: Caller) -> CostAccount:
    """The college closes an account: it stands, beside the fee that was agreed for the day."""
    account = _own(session, account_id, by)
    account.state = rules.ACCOUNT.after(account.state, "close")
    _judge(session, account)
    account.closed_at, account.closed_by = clock.now(), by.client_id
    return account


def reopen(session: UnitOfWork, account_id: uuid.UUID, *, by: Caller) -> CostAccount:
    """The province, or the operator, has an account drawn up anew."""
    account: CostAccount = queries.to_change(session, CostAccount, account_id)
    if by.role == Role.PROVINCE and by.province_code != account.province_code:
        raise OutOfScope()
    account.state = rules.ACCOUNT.after(account.state, "reopen")
    account.closed_at = account.closed_by = None
    return account


def _fill(session: UnitOfWork, account: CostAccount, body: dict[str, Any]) -> None:
    rules.check_sum(body["income_fen"], body["income_items"])
    rules.check_sum(body["cost_fen"], body["cost_items"])
    for name in ("candidates", "income_items", "income_fen", "cost_items", "cost_fen"):
        setattr(account, name, body[name])
    _judge(session, account)


def _judge(session: UnitOfWork, account: CostAccount) -> None:
    """Hold the account against the fee agreed for its day."""
    agreed = queries.fee_in_force(
        session, account.college_id, account.certificate_type_id, account.level, account.held_on
    )
    fee_fen = account.agreed_fee_fen = agreed.amount_fen if agreed else None
    account.fees_over = rules.is_over(rules.fees_of(account.income_items), account.candidates, fee_fen)
    account.cost_over = fee_fen is not None and rules.is_over(account.cost_fen, account.candidates, fee_fen)


def _own(session: UnitOfWork, account_id: uuid.UUID, by: Caller) -> CostAccount:
    account: CostAccount = queries.to_change(session, CostAccount, account_id)
    by.must_be(account.college_id)
    return account
