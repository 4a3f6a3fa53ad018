"""Where a page ended: the sort column's value and the id of its last row, good for the same sort and filters only."""

import base64
import binascii
import hashlib
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from onex.chassis.problems import Malformed

_PRINT_BYTES, _ID_BYTES = 8, 16
_MOST_DIGITS = 30


class Place(NamedTuple):
    """After this row the next page begins. `value` is the sort column's, None where ids alone order the rows."""

    id: UUID | int
    value: Any = None


def print_of(*what: Any) -> bytes:
    """A short fingerprint of a list's table, sort and filters: a cursor of another list does not fit."""
    return hashlib.sha256(orjson.dumps(what, default=str)).digest()[:_PRINT_BYTES]


def encode(print_: bytes, place: Place) -> str:
    """The place as text that fits into a query string."""
    value = place.value
    told = b"" if value is None else str(value.isoformat() if isinstance(value, date) else value).encode()
    id_bytes = place.id.bytes if isinstance(place.id, UUID) else place.id.to_bytes(_ID_BYTES, signed=True)
    return base64.urlsafe_b64encode(print_ + id_bytes + told).decode().rstrip("=")


def decode(cursor: str, print_: bytes, id_kind: type[Any], kind: type[Any] | None) -> Place:
    """The place that `encode` wrote; `kind` is the type of the sort column. Raises Malformed for anything else."""
    try:
        data = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==")
        if data[:_PRINT_BYTES] != print_:
            raise ValueError
        told = data[_PRINT_BYTES + _ID_BYTES :].decode()
        id_bytes = data[_PRINT_BYTES : _PRINT_BYTES + _ID_BYTES]
        id_ = UUID(bytes=id_bytes) if id_kind is UUID else int.from_bytes(id_bytes, signed=True)
        if isinstance(id_, int) and abs(id_) >= 2**63:
            raise ValueError
        return Place(id_, _value(told, kind))
    except (ValueError, binascii.Error, InvalidOperation):
        raise Malformed("The cursor is not one that this list gave out for this sort and these filters.") from None


def _value(told: str, kind: type[Any] | None) -> Any:
    if kind is None:
        if told:
            raise ValueError
        return None
    if "\x00" in told or (kind in (int, Decimal) and len(told) > _MOST_DIGITS):
        raise ValueError
    if kind is bool:
        if told not in ("True", "False"):
            raise ValueError
        return told == "True"
    if kind is datetime:
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if kind is Decimal and not Decimal(told).is_finite():
        raise ValueError
    return date.fromisoformat(told) if kind is date else kind(told)
