"""What can be said of a file, a row and a cell: taken, or refused with a stable code and a reason in two languages."""

from __future__ import annotations

from typing import Any, NamedTuple


class FileRefused(Exception):
    """The whole file cannot be read. Nothing of it was taken, unless it was raised while `Reading.rows` was running.

    `code` is stable; `reason_en` and `reason_zh` are for the person who sent the file.
    `missing` and `unknown` name columns when the heading is what is wrong.
    """

    def __init__(
        self,
        code: str,
        reason_en: str,
        reason_zh: str,
        *,
        missing: tuple[str, ...] = (),
        unknown: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {reason_en}")
        self.code = code
        self.reason_en = reason_en
        self.reason_zh = reason_zh
        self.missing = missing
        self.unknown = unknown


class CellRefused(Exception):
    """One cell is not what its column asks for. Raised by a column's check; the reasons never repeat the value."""

    def __init__(self, code: str, reason_en: str, reason_zh: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason_en = reason_en
        self.reason_zh = reason_zh


class Good(NamedTuple):
    """A row that passed. `values` is a named tuple with the sheet's columns, in the sheet's order."""

    row_number: int
    values: Any


class Refused(NamedTuple):
    """One reason why a row was not taken; a row with several bad cells has several.

    `row_number` is the one a person sees in the file. `column` is the sheet's name of the column, or None when
    the row as a whole is wrong; `heading` is what the file calls it. `value_excerpt` is short and masked.
    """

    row_number: int
    column: str | None
    code: str
    reason: str
    reason_zh: str
    value_excerpt: str = ""
    heading: str = ""
