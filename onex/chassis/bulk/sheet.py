"""What a sheet must look like: its columns, the headings each may have, and how a heading row is recognised."""

from __future__ import annotations

import re
import unicodedata
from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from onex.chassis.bulk.excerpt import excerpt
from onex.chassis.bulk.refusals import FileRefused

# Columns that schools add for themselves and that say nothing to us.
USUAL_EXTRAS = ("序号", "编号", "No.", "No", "#", "备注", "Remark", "Remarks", "Note", "Notes")

# Spaces, byte order mark, zero-width characters and the star by which templates mark what must be filled in.
_NOISE = re.compile(r"[\s*\ufeff\u200b-\u200d\u2060]+|\((?:必填|选填|required|optional)\)")


def heading_key(title: str) -> str:
    """The form in which headings are compared: NFKC, no case, no spaces, no template marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", title).casefold())


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    name      what the code calls it
    titles    the headings a file may give it, English and Chinese; `name` itself is always one
    required  its heading must be there and its cells filled; the check sees an empty cell and says what is wrong.
              Without it the column may be absent, an empty cell becomes `default`, and no check is called
    check     takes the stripped text, returns the value to keep or raises CellRefused
    fold      NFKC before the check, so that full-width digits and letters count (for codes and numbers)
    """

    name: str
    titles: tuple[str, ...] = ()
    required: bool = True
    check: Callable[[str], Any] | None = None
    fold: bool = False
    default: Any = None

    @property
    def title(self) -> str:
        """How a person is told about the column."""
        return self.titles[0] if self.titles else self.name


@dataclass(frozen=True)
class Heading:
    """Where a file has which column. `positions` follows the sheet's columns; None for one that is absent."""

    row_number: int
    titles: tuple[str, ...]
    positions: tuple[int | None, ...]
    blank: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """The columns of a sheet, in the order in which rows give their values. `ignored` headings are let pass."""

    columns: tuple[Column, ...]
    ignored: tuple[str, ...] = USUAL_EXTRAS
    row_type: Any = field(init=False, compare=False, repr=False)
    _by_key: dict[str, int] = field(init=False, compare=False, repr=False)
    _ignored_keys: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        by_key: dict[str, int] = {}
        for index, column in enumerate(self.columns):
            for key in {heading_key(title) for title in (column.name, *column.titles)}:
                if by_key.setdefault(key, index) != index:
                    raise ValueError(f"two columns of the sheet answer to the heading {key!r}")
        object.__setattr__(self, "row_type", namedtuple("Row", [column.name for column in self.columns]))
        object.__setattr__(self, "_by_key", by_key)
        object.__setattr__(self, "_ignored_keys", frozenset(map(heading_key, self.ignored)) - by_key.keys())

    def known(self, cells: Sequence[str]) -> int:
        """How many different columns of the sheet `cells`, taken as a heading row, would name."""
        return len({self._by_key[key] for key in map(heading_key, cells) if key in self._by_key})

    def match(self, row_number: int, cells: Sequence[str]) -> Heading:
        """Take `cells` as the heading row. Raises FileRefused: wrong_columns or duplicate_heading."""
        while cells and not heading_key(cells[-1]):
            cells = cells[:-1]
        positions: list[int | None] = [None] * len(self.columns)
        blank: list[int] = []
        unknown: list[str] = []
        for at, title in enumerate(cells):
            key = heading_key(title)
            index = self._by_key.get(key)
            if index is not None and positions[index] is None:
                positions[index] = at
            elif index is not None:
                name = self.columns[index].title
                english, chinese = f"Two columns are headed “{name}”.", f"有两列的标题都是“{name}”。"
                raise FileRefused("duplicate_heading", english, chinese)
            elif not key:
                blank.append(at)
            elif key not in self._ignored_keys:
                unknown.append(excerpt(title.strip()))
        missing = [c.title for c, at in zip(self.columns, positions, strict=True) if c.required and at is None]
        if missing or unknown:
            raise _wrong_columns(tuple(missing), tuple(unknown))
        return Heading(row_number, tuple(title.strip() for title in cells), tuple(positions), tuple(blank))


def _wrong_columns(missing: tuple[str, ...], unknown: tuple[str, ...]) -> FileRefused:
    english, chinese = [], []
    if missing:
        english.append(f"Missing columns: {', '.join(missing)}.")
        chinese.append(f"缺少列：{'、'.join(missing)}。")
    if unknown:
        english.append(f"Unknown columns: {', '.join(unknown)}.")
        chinese.append(f"无法识别的列：{'、'.join(unknown)}。")
    return FileRefused("wrong_columns", " ".join(english), "".join(chinese), missing=missing, unknown=unknown)
