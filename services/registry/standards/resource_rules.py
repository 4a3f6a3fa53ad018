"""Textbooks from qualified publishers (OP-20); case and question banks that are renewed in time, free or at cost (OP-21)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from stdnum import isbn as isbn_standard
from stdnum.exceptions import ValidationError

from onex.chassis.states import Machine
from services.registry.standards.errors import (
    IsbnOfAnother,
    IsbnWrong,
    NotATextbook,
    NothingStale,
    PriceAboveCost,
    PublisherStruck,
    UpdateNotNewer,
)
from services.registry.standards.rules import months_after

TEXTBOOK, CASE_BANK, QUESTION_BANK = KINDS = ("textbook", "case_bank", "question_bank")
RESOURCE = Machine("resource", "OP-21", {"update": ("offered", "offered"), "withdraw": ("offered", "withdrawn")})
OFFERED, WITHDRAWN = RESOURCE.states

# Neither document says how often; this is what the registry asks for unless the resource itself names an interval.
USUAL_INTERVAL_MONTHS = {TEXTBOOK: 36, CASE_BANK: 12, QUESTION_BANK: 12}
LONGEST_INTERVAL_MONTHS = 60


def isbn13(written: str) -> str:
    """OP-20: the ISBN in thirteen digits, of ten or thirteen with a right check digit, however it is spaced."""
    try:
        return str(isbn_standard.validate(written, convert=True))
    except ValidationError:
        raise IsbnWrong() from None


def check_isbn_of(isbn: str, prefixes: Sequence[str]) -> None:
    """OP-20: the ISBN begins with one of the publisher's group and registrant numbers, where they are on record."""
    parts = isbn_standard.split(isbn)
    if prefixes and f"{parts[1]}-{parts[2]}" not in prefixes:
        raise IsbnOfAnother(f"It begins {parts[1]}-{parts[2]}; the publisher's begin {', '.join(prefixes)}.")


def check_qualified(struck_at: datetime | None) -> None:
    """OP-20: a publisher that was struck off the list publishes no textbook any more."""
    if struck_at is not None:
        raise PublisherStruck()


def check_textbook(kind: str, isbn: str | None, edition: str | None, publisher: Any) -> None:
    """OP-20: a textbook has its ISBN, edition and publisher; what is no book has none of them."""
    given = [one is not None for one in (isbn, edition, publisher)]
    if not (all(given) if kind == TEXTBOOK else not any(given)):
        raise NotATextbook()


def check_price(price_fen: int, users: int, cost_items: Sequence[Mapping[str, Any]]) -> None:
    """OP-21: free, or at cost: what all users pay together is not more than the sum of the cost items, to the fen."""
    cost_fen = sum(int(item["amount_fen"]) for item in cost_items)
    if price_fen * users > cost_fen:
        raise PriceAboveCost(f"{users} × {price_fen} fen are more than the cost of {cost_fen} fen.", cost_fen=cost_fen)


def due_on(updated_on: date, interval_months: int) -> date:
    """OP-21: the last day on which a resource is up to date."""
    return months_after(updated_on, interval_months)


def is_stale(due: date, on: date) -> bool:
    """OP-21, OP-41 (d): from the day after its due day a resource is stale."""
    return on > due


def check_update(updated_on: date, last_update: date | None, today: date) -> None:
    """OP-21: an update comes after the one before it, and nothing is updated in the future."""
    if updated_on > today or (last_update is not None and updated_on <= last_update):
        raise UpdateNotNewer()


def check_something_stale(how_many: int) -> None:
    """OP-41 (d): a case on stale standards, textbooks and question banks needs one that is stale."""
    if how_many == 0:
        raise NothingStale()
