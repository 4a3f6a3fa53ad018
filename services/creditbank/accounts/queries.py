"""Reads of accounts and what was booked to them."""

import uuid

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from onex.chassis.owned import owned_by
from services.creditbank.accounts.models import Account
from services.creditbank.ledger.models import Entry
from services.creditbank.ledger.standing_models import Hold


def account_of(session: Session, learner_id: uuid.UUID) -> Account | None:
    """A learner's account; None before anything was booked to it."""
    return session.scalar(select(Account).where(Account.learner_id == learner_id))


def balance_hundredths(session: Session, account_id: uuid.UUID) -> int:
    """The sum of the account's entries: the only balance there is."""
    query = select(func.coalesce(func.sum(Entry.amount_hundredths), 0)).where(Entry.account_id == account_id)
    return int(session.scalar(query) or 0)


def held_hundredths(session: Session, learner_id: uuid.UUID) -> int:
    """How much of a learner's credit is held, as its certificates are suspended."""
    query = select(func.coalesce(func.sum(Hold.credit_hundredths), 0))
    return int(session.scalar(query.where(Hold.learner_id == learner_id, Hold.released_at.is_(None))) or 0)


def entries_of(account_id: uuid.UUID) -> Select[Entry]:
    """The account's entries, as a list to page through."""
    return owned_by(select(Entry), Entry.account_id, account_id)
