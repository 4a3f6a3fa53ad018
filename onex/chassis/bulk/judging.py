"""Rows of cells judged against a sheet: every row comes out as Good, or as one Refused for each bad cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import dropwhile, islice, repeat
from operator import itemgetter
from typing import Any

from onex.chassis.bulk.csv_rows import BrokenLine
from onex.chassis.bulk.decoding import BROKEN
from onex.chassis.bulk.excerpt import excerpt
from onex.chassis.bulk.refusals import CellRefused, Good, Refused
from onex.chassis.bulk.sheet import Column, Heading, Sheet

MAX_REFUSALS_A_ROW = 3
BATCH = 500  # rows judged together
GLANCE = 50  # rows of which is asked at once whether they have the right shape; nearly all have

# Signs that a column has apostrophes ('4401…), text formulas (="4401…") or numbers such as 4.40106E+17. All are
# rare, so many cells, joined by line breaks, are asked at once.
_DISGUISES = ("\n'", '\n="', "E+", "e+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")

Record = tuple[int, list[str] | BrokenLine]
Records = Iterable[Record]
NoValues = dict[int, tuple[str, CellRefused]]
"""By the cell's place among its fellows: the cell as it was looked at, and why it has no value."""

_FIRST_CELL = _ROW_NUMBER = itemgetter(0)


def judge(
    records: Records,
    sheet: Sheet,
    heading: Heading,
    *,
    start_row: int,
    dirty: bool,
    cut_off: Callable[[], bool],
) -> Iterator[list[Good | Refused]]:
    """Judge each row from `start_row` on, in the order of the file, some hundreds at a time; no row is in two lists.

    `dirty`: bytes that are no text may occur. `cut_off()` tells of the row just given whether the file ends in it
    and nothing says that the row is whole. Then it is refused even when every cell is right: 8 may be what is left of 85.
    """
    converts = [_convert(column) for column in sheet.columns]
    records = dropwhile(lambda record: record[0] < start_row, records)
    while batch := list(islice(records, BATCH)):
        fitting, misfits = _sorted_out(batch, sheet, heading, dirty, batch[-1][0] if cut_off() else None)
        judged = _judge_batch(fitting, sheet, heading, converts)
        if misfits:  # put them where they stood; sorting leaves the refusals of one row in their order
            judged = sorted([*judged, *misfits], key=_ROW_NUMBER)
        if judged:
            yield judged


def _sorted_out(
    batch: list[Record], sheet: Sheet, heading: Heading, dirty: bool, cut_off_row: int | None
) -> tuple[list[Record], list[Refused]]:
    """The rows that can be judged cell by cell, and what is to be said of those that cannot. Blank rows are left out."""
    fitting: list[Record] = []
    misfits: list[Refused] = []
    for at in range(0, len(batch), GLANCE):
        few = batch[at : at + GLANCE]
        if few[-1][0] != cut_off_row and _all_fit(few, heading, dirty):
            fitting += few
            continue
        for record in few:
            number, cells = record
            if isinstance(cells, list) and not "".join(cells).strip():
                continue
            why_not = _misfits(number, cells, sheet, heading, number == cut_off_row)
            if why_not:
                misfits += why_not
            else:
                fitting.append(record)
    return fitting, misfits


def _all_fit(few: list[Record], heading: Heading, dirty: bool) -> bool:
    """Whether nothing needs to be said of any of the rows as a whole."""
    rows = [cells for _, cells in few if not isinstance(cells, BrokenLine)]
    if len(rows) != len(few) or heading.blank or set(map(len, rows)) != {len(heading.titles)}:
        return False
    return all(map(_FIRST_CELL, rows)) and (not dirty or _is_text("".join(map("".join, rows))))


def _is_text(cells: str) -> bool:
    """Whether BROKEN has nothing to find. The codec and the two searches are far quicker than the pattern."""
    try:
        cells.encode()  # a byte that is no text was decoded to half of a surrogate pair, which no codec takes
    except UnicodeEncodeError:
        return False
    return "\x00" not in cells and "\ufffd" not in cells


def _misfits(
    number: int, cells: list[str] | BrokenLine, sheet: Sheet, heading: Heading, is_cut_off: bool
) -> list[Refused]:
    """Why the row as a whole cannot be taken; if it can, `cells` has been brought to the heading's width."""
    if isinstance(cells, BrokenLine):
        return [_broken_line(number, cells)]
    width = len(heading.titles)
    if is_cut_off:
        return [_truncated(number, ",".join(cells))]
    cells.extend([""] * (width - len(cells)))  # Excel leaves out empty cells at the end of a row
    astray = "".join(cells[width:]) + "".join(cells[at] for at in heading.blank)
    if astray.strip():
        return [_astray(number, astray)]
    del cells[width:]
    return [] if _is_text("".join(cells)) else _not_text(number, cells, sheet, heading)


def _convert(column: Column) -> Callable[[str], Any]:
    """What turns a stripped cell of the column into its value."""
    check, default = column.check, column.default
    if column.required:
        return check or _filled
    return lambda cell: (check(cell) if check else cell) if cell else default


def _filled(cell: str) -> str:
    if not cell:
        raise CellRefused("empty_cell", "The cell is empty.", "该单元格为空。")
    return cell


def _undisguising(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda cell: convert(_undisguised(cell))


def _judge_batch(
    batch: list[Record], sheet: Sheet, heading: Heading, converts: list[Callable[[str], Any]]
) -> list[Good | Refused]:
    """Judge rows of equal width column by column, which is several times as fast as row by row."""
    if not batch:
        return []
    numbers, rows = zip(*batch, strict=True)
    by_position = list(zip(*rows, strict=True))
    refused: dict[int, list[Refused]] = {}
    values: list[Iterable[Any]] = []
    for column, at, convert in zip(sheet.columns, heading.positions, converts, strict=True):
        if at is None:
            values.append(repeat(column.default, len(rows)))
            continue
        converted, no_values = _converted(column, by_position[at], convert)
        values.append(converted)
        for index, (cell, refusal) in no_values.items():
            one = _refused(numbers[index], column.name, heading.titles[at], refusal, cell)
            refused.setdefault(index, []).append(one)
    # tuple.__new__ rather than the classes themselves: the loop then runs without a Python call a row.
    made = map(tuple.__new__, repeat(sheet.row_type), zip(*values, strict=True))
    goods: Iterator[Good] = map(tuple.__new__, repeat(Good), zip(numbers, made, strict=True))  # type: ignore[arg-type]
    if not refused:
        return list(goods)
    judged: list[Good | Refused] = []
    for index, good in enumerate(goods):
        if index in refused:
            judged += refused[index][:MAX_REFUSALS_A_ROW]
        else:
            judged.append(good)
    return judged


def _converted(column: Column, cells: tuple[str, ...], convert: Callable[[str], Any]) -> tuple[list[Any], NoValues]:
    """The cells' values, None for those that have none. What stands in many cells (codes, levels) is looked at once."""
    different = tuple(set(cells))
    if len(different) * 2 > len(cells):
        return _each_converted(column, cells, convert)
    converted, no_values = _each_converted(column, different, convert)
    value_of = dict(zip(different, converted, strict=True))
    if no_values:
        refused = {different[index]: said for index, said in no_values.items()}
        no_values = {index: refused[cell] for index, cell in enumerate(cells) if cell in refused}
    return [value_of[cell] for cell in cells], no_values


def _each_converted(column: Column, cells: Iterable[str], convert: Callable[[str], Any]) -> tuple[list[Any], NoValues]:
    cells = list(map(str.strip, cells))
    joined = "\n" + "\n".join(cells)
    if column.fold and not joined.isascii():
        joined = unicodedata.normalize("NFKC", joined)
        cells = [unicodedata.normalize("NFKC", cell).strip() for cell in cells]
    if any(sign in joined for sign in _DISGUISES):
        convert = _undisguising(convert)
    converted: list[Any] = []
    no_values: NoValues = {}
    remaining = iter(cells)
    while len(converted) < len(cells):
        try:
            converted.extend(map(convert, remaining))  # keeps what came before the one that raises
        except CellRefused as refusal:
            index = len(converted)
            no_values[index] = (cells[index], refusal)
            converted.append(None)
    return converted, no_values


def _undisguised(cell: str) -> str:
    """Take off what people put around a number to keep a spreadsheet from touching it; refuse what it did touch."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1].strip()
    if cell.startswith("'"):
        cell = cell[1:].strip()
    if _SCIENTIFIC.fullmatch(cell):
        raise CellRefused(
            "number_cell_lost_digits",
            "A spreadsheet kept this as a number and lost digits. Format the column as text and enter it again.",
            "电子表格把该单元格当作数值保存，丢失了部分数字。请将该列设为文本格式后重新填写。",
        )
    return cell


def _refused(number: int, name: str, title: str, refusal: CellRefused, cell: str) -> Refused:
    return Refused(number, name, refusal.code, refusal.reason_en, refusal.reason_zh, excerpt(cell), title)


def _not_text(number: int, cells: list[str], sheet: Sheet, heading: Heading) -> list[Refused]:
    names = {at: column.name for column, at in zip(sheet.columns, heading.positions, strict=True)}
    refused: list[Refused] = []
    for at, cell in enumerate(cells):
        found = BROKEN.search(cell)
        if found and len(refused) < MAX_REFUSALS_A_ROW:
            title = heading.titles[at]
            english, chinese = _broken_character(found.group())
            refusal = CellRefused(
                "not_text",
                f"{english} at character {found.start() + 1} of “{title}” is not text.",
                f"“{title}”第{found.start() + 1}个字符{chinese}无法识别为文字。",
            )
            refused.append(_refused(number, names.get(at) or title, title, refusal, cell))
    return refused


def _broken_character(character: str) -> tuple[str, str]:
    if character == "\ufffd":
        return "A lost character", "已丢失，"
    byte = ord(character) & 0xFF  # what surrogateescape made of it, or NUL
    return f"The byte 0x{byte:02X}", f"（字节0x{byte:02X}）"


def _truncated(number: int, text: str) -> Refused:
    return Refused(
        number,
        None,
        "row_truncated",
        "The file ends in this row, which may be cut off. Check it, end it with a line break and send it again.",
        "文件在该行结束，该行可能不完整。请核对后在行末换行，再重新上传。",
        excerpt(text),
    )


def _broken_line(number: int, broken: BrokenLine) -> Refused:
    if broken.last:
        return _truncated(number, broken.line)
    return Refused(
        number,
        None,
        "quote_not_closed",
        "A quotation mark in this row is not closed, or stands where none may.",
        "该行的引号没有成对，或位置不正确。",
        excerpt(broken.line),
    )


def _astray(number: int, text: str) -> Refused:
    return Refused(
        number,
        None,
        "too_many_cells",
        "The row has cells where there is no heading.",
        "该行在没有列标题的位置有内容。",
        excerpt(text),
    )
