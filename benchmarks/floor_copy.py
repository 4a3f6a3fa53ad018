"""Rows as PostgreSQL's binary COPY reads them, packed by hand."""

from collections.abc import Iterable
from datetime import date, datetime
from struct import Struct
from typing import Any

_LENGTH = Struct(">i")
_LONG = Struct(">q")
_INT = Struct(">i")
_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_DAY_0 = date(2000, 1, 1)
NULL = _LENGTH.pack(-1)
UUID_NEXT = _LENGTH.pack(16)  # before the 16 bytes of a UUID


def columns(count: int) -> bytes:
    """What a row of so many columns begins with."""
    return count.to_bytes(2, "big")


def raw(value: bytes) -> bytes:
    """A text in UTF-8, a bytea or a UUID."""
    return _LENGTH.pack(len(value)) + value


def integer(value: int) -> bytes:
    return _LENGTH.pack(4) + _INT.pack(value)


def boolean(value: bool | None) -> bytes:
    return NULL if value is None else _LENGTH.pack(1) + bytes((value,))


def day(value: date | None) -> bytes:
    return NULL if value is None else integer((value - _DAY_0).days)


def moment(value: datetime) -> bytes:
    """`value` is aware."""
    microseconds = round((value.timestamp() - 946_684_800) * 1_000_000)
    return _LENGTH.pack(8) + _LONG.pack(microseconds)


def copy(cursor: Any, table: str, names: str, rows: Iterable[bytes]) -> None:
    """One COPY of packed rows."""
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as writing:
        writing.write(b"".join((_HEADER, *rows, _TRAILER)))
