"""Bytes to text: which encoding a school's file is in, without letting one broken byte refuse the whole file."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from onex.chassis.bulk.refusals import FileRefused
from onex.chassis.bulk.sheet import Sheet

DELIMITERS = (",", "\t", ";")
HEADING_SEARCH_ROWS = 10  # a title or two may stand above the heading row
_HEAD_BYTES = 64 * 1024
_SAMPLE_LINES = 2_000

# A byte that is no text in the encoding (surrogateescape), NUL, and what an earlier program has already lost.
BROKEN = re.compile("[\udc80-\udcff\x00\ufffd]")
_NOT_PRINTED = re.compile("[\udc80-\udcff\x00-\x08\x0e-\x1f\ufffd]")


@dataclass(frozen=True)
class Text:
    """A decoded file. `dirty`: somewhere in it a byte is no text; the rows have to be looked at one by one."""

    text: str
    encoding: str
    delimiter: str
    heading_row: int
    heading: tuple[str, ...]
    dirty: bool


def decode(data: bytes, sheet: Sheet) -> Text:
    """Find encoding, delimiter and heading row together: the pair that makes the most known headings appear.

    UTF-8 with and without byte order mark, UTF-16 with one, GB18030 (which contains GBK and GB2312).
    Raises FileRefused: no_heading, not_csv_nor_xlsx.
    """
    candidates = _candidates(data)
    best: tuple[int, str, str, int, tuple[str, ...]] | None = None
    seen: dict[str, int] = {}
    for encoding in candidates:
        head = _decode(data[:_HEAD_BYTES], encoding)
        for delimiter in DELIMITERS:
            for number, cells in _first_rows(head, delimiter):
                known = sheet.known(cells)
                seen[encoding] = max(seen.get(encoding, 0), known)
                if known and (best is None or known > best[0]):
                    best = (known, encoding, delimiter, number, tuple(cells))
    if best is None:
        raise _no_heading(_decode(data[:_HEAD_BYTES], candidates[0]))
    known, encoding, delimiter, number, heading = best
    if [seen.get(name) for name in candidates].count(known) > 1:  # headings in plain ASCII say nothing
        encoding = _by_broken_lines(data)
    text = _decode(data, encoding)
    return Text(text, encoding, delimiter, number, heading, dirty=BROKEN.search(text) is not None)


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _decode(data: bytes, encoding: str) -> str:
    # UTF-16 has no bytes to escape: a broken unit becomes U+FFFD, which counts as broken too.
    return data.decode(encoding, "replace" if encoding == "utf-16" else "surrogateescape")


def _first_rows(head: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for cells in islice(reader, HEADING_SEARCH_ROWS):
            yield reader.line_num, cells
    except csv.Error:  # a "cell" of more than 128 KiB: this is no heading
        return


def _by_broken_lines(data: bytes) -> str:
    """UTF-8 unless GB18030 leaves fewer broken lines and most of the lines that matter are no UTF-8.

    The second condition is needed because UTF-8 text is often valid GB18030 by chance, hardly ever the other way.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    lines = [line for line in data.splitlines() if not line.isascii()][:_SAMPLE_LINES]
    broken = {name: sum(BROKEN.search(_decode(line, name)) is not None for line in lines) for name in _candidates(b"")}
    mostly_utf8 = broken["utf-8"] * 2 < len(lines)
    return "utf-8" if mostly_utf8 or broken["utf-8"] <= broken["gb18030"] else "gb18030"


def _no_heading(head: str) -> FileRefused:
    if "\x00" in head or len(_NOT_PRINTED.findall(head)) * 10 > len(head):
        return FileRefused(
            "not_csv_nor_xlsx",
            "This is neither a CSV nor an XLSX file.",
            "该文件既不是CSV文件，也不是XLSX文件。",
        )
    return FileRefused(
        "no_heading",
        f"None of the expected headings is in the first {HEADING_SEARCH_ROWS} rows.",
        f"前{HEADING_SEARCH_ROWS}行中没有找到任何规定的列标题。",
    )
