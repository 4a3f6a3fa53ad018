"""A JSON array read like a sheet: each object is a row, its members are the sheet's columns by name (OP-31).

The array is only cut into its objects at first, and each is read when its turn comes: what is read is never held whole.
A row's number is the object's place in the array; the first is 1.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import msgspec
import orjson

from onex.chassis.bulk import FileRefused, Good, Limits, Reading, Refused, Sheet
from onex.chassis.bulk.excerpt import excerpt
from onex.chassis.bulk.judging import BATCH, judge
from onex.chassis.bulk.sheet import Heading

_BOM = b"\xef\xbb\xbf"


def is_array(data: bytes) -> bool:
    """Whether this can only be meant as a JSON array; no sheet's heading begins with a bracket."""
    return data.removeprefix(_BOM).lstrip().startswith(b"[")


def is_readable(data: bytes) -> bool:
    """Whether it is a JSON array, of whatever items."""
    try:
        cut(data)
    except FileRefused as refusal:
        return refusal.code != "not_json"
    return True


def cut(data: bytes, limits: Limits | None = None) -> list[msgspec.Raw]:
    """The array's items, unread. Raises FileRefused: not_json, no_rows, too_many_rows."""
    limits = limits or Limits()
    try:
        items = msgspec.json.decode(data.removeprefix(_BOM), type=list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise FileRefused(
            "not_json", "The file is not a JSON array in UTF-8.", "该文件不是UTF-8编码的JSON数组。"
        ) from None
    if not items:
        raise FileRefused("no_rows", "The array is empty.", "数组为空。")
    if len(items) > limits.max_rows:
        english, chinese = f"More than {limits.max_rows} rows. Split it.", f"超过{limits.max_rows}行，请拆分后上传。"
        raise FileRefused("too_many_rows", english, chinese)
    return items


def read(data: bytes, sheet: Sheet, *, start_row: int = 0) -> Reading:
    """The array's objects against `sheet`, as `onex.chassis.bulk.read` reads a file. Raises FileRefused as `cut` does."""
    items = cut(data)
    names = tuple(column.name for column in sheet.columns)
    heading = Heading(0, names, tuple(range(len(names))), ())
    return Reading(_batches(items, sheet, heading, max(start_row, 1)), "json", "utf-8", heading, len(items))


def _batches(
    items: Sequence[msgspec.Raw], sheet: Sheet, heading: Heading, start_row: int
) -> Iterator[list[Good | Refused]]:
    for start in range(start_row, len(items) + 1, BATCH):
        rows: list[tuple[int, Any]] = []
        refused: list[Refused] = []
        for number in range(start, min(start + BATCH, len(items) + 1)):
            cells = _cells(number, items[number - 1], heading.titles)
            if isinstance(cells, Refused):
                refused.append(cells)
            else:
                rows.append((number, cells))
        judged = judge(iter(rows), sheet, heading, start_row=0, dirty=True, cut_off=lambda: False)
        yield sorted([*chain.from_iterable(judged), *refused], key=lambda one: one.row_number)


def _cells(number: int, item: msgspec.Raw, names: tuple[str, ...]) -> list[str] | Refused:
    """The members' values in the order of the columns, as a person would have typed them."""
    try:
        row = orjson.loads(bytes(item))
    except orjson.JSONDecodeError:  # what one of the two readers lets pass and the other does not
        return Refused(number, None, "not_json", "This item is not JSON.", "该项不是有效的JSON。")
    if not isinstance(row, dict):
        return Refused(number, None, "not_an_object", "Each item is an object.", "数组的每一项应为对象。")
    if unknown := sorted(row.keys() - set(names)):
        known_en, known_zh = ", ".join(names), "、".join(names)
        english, chinese = (
            f"There are no such columns; these are: {known_en}.",
            f"存在未规定的字段；规定的字段为：{known_zh}。",
        )
        return Refused(number, None, "unknown_member", english, chinese, excerpt(unknown[0]))
    for name in names:
        if not isinstance(row.get(name), str | int | None) or isinstance(row.get(name), bool):
            return Refused(number, name, "not_text", "A text is expected here.", "此处应为文本。", "", name)
    cells = ["" if row.get(name) is None else str(row[name]) for name in names]
    if not "".join(cells).strip():
        return Refused(number, None, "empty_row", "The object is empty.", "该对象为空。")
    return cells
