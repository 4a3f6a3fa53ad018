"""One upload read: what form it has, where its heading is, and its rows, judged as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from onex.chassis.bulk.csv_rows import CsvRows
from onex.chassis.bulk.decoding import decode
from onex.chassis.bulk.excerpt import excerpt
from onex.chassis.bulk.judging import judge
from onex.chassis.bulk.refusals import FileRefused, Good, Refused
from onex.chassis.bulk.sheet import Heading, Sheet
from onex.chassis.bulk.xlsx_rows import OLE_MAGIC, ZIP_MAGIC, XlsxRows, ole_refusal


@dataclass(frozen=True)
class Limits:
    """How much a file may hold. Rows are counted as lines of the file, the heading and blank ones included."""

    max_bytes: int = 64 * 2**20
    max_rows: int = 1_000_000
    max_uncompressed_bytes: int = 512 * 2**20


@dataclass(frozen=True)
class Reading:
    """A file that can be read.

    batches     an iterator, to be used up once: Good or Refused, in the order of the file, some hundreds at a time,
                never cut within a row; an import that was interrupted goes on with `start_row` = a batch's last
                `row_number` + 1
    rows        the same one by one
    form        "csv" or "xlsx"
    encoding    of a CSV: "utf-8", "utf-8-sig", "utf-16" or "gb18030"; None for XLSX
    heading     where the heading row is and which column is where
    line_count  the number of the last row, for showing progress; None if an XLSX does not say
    """

    batches: Iterator[list[Good | Refused]]
    form: str
    encoding: str | None
    heading: Heading
    line_count: int | None

    @property
    def rows(self) -> Iterator[Good | Refused]:
        return chain.from_iterable(self.batches)


def read(
    data: bytes,
    sheet: Sheet,
    *,
    filename: str | None = None,
    start_row: int = 0,
    limits: Limits | None = None,
) -> Reading:
    """Read a CSV or XLSX file against `sheet`.

    The form is told by the content; `filename` only words the refusal of a file of another kind. Rows before
    `start_row` are passed over unjudged. Blank rows are left out; extra empty cells are ignored. The heading is
    row 1, or what a person sees as its number when titles stand above it.

    Raises FileRefused (empty, too_big, too_many_rows, not_csv_nor_xlsx, no_heading, wrong_columns,
    duplicate_heading, no_rows, old_xls, password_protected, xlsx_damaged, xlsx_too_big). An XLSX whose XML turns
    out to be broken, or to have too many rows, further down raises it from `rows`.

    Refusals of rows: row_truncated, quote_not_closed, too_many_cells. Of cells: not_text, empty_cell,
    number_cell_lost_digits, and those of the column's check; at most 3 of one row.
    """
    limits = limits or Limits()
    if len(data) > limits.max_bytes:
        mib = limits.max_bytes // 2**20
        english, chinese = f"The file is larger than {mib} MiB. Split it.", f"文件超过{mib} MiB，请拆分后上传。"
        raise FileRefused("too_big", english, chinese)
    if not data.strip():
        raise FileRefused("empty", "The file is empty.", "文件为空。")
    if data.startswith(OLE_MAGIC):
        raise ole_refusal(data)
    if data.startswith(b"%PDF"):
        raise _wrong_kind("PDF")
    if data.startswith(ZIP_MAGIC):
        return _read_xlsx(data, sheet, start_row, limits)
    try:
        return _read_csv(data, sheet, start_row, limits)
    except FileRefused as refusal:
        if refusal.code == "not_csv_nor_xlsx" and filename and "." in filename:
            raise _wrong_kind("." + excerpt(filename.rpartition(".")[2])) from refusal
        raise


def _read_csv(data: bytes, sheet: Sheet, start_row: int, limits: Limits) -> Reading:
    found = decode(data, sheet)
    heading = sheet.match(found.heading_row, found.heading)
    source = CsvRows(found.text, found.delimiter, width=len(heading.titles))
    if source.line_count > limits.max_rows:
        raise _too_many_rows(limits.max_rows)
    if source.line_count <= heading.row_number:
        raise _no_rows()
    batches = judge(
        source,
        sheet,
        heading,
        start_row=max(start_row, heading.row_number + 1),
        dirty=found.dirty,
        cut_off=source.ends_here_unfinished,
    )
    return Reading(batches, "csv", found.encoding, heading, source.line_count)


def _read_xlsx(data: bytes, sheet: Sheet, start_row: int, limits: Limits) -> Reading:
    source = XlsxRows(data, sheet, max_uncompressed_bytes=limits.max_uncompressed_bytes)
    heading = sheet.match(source.heading_row, source.heading)
    # Only rows with something in them count: a sheet claims a million rows when somebody coloured a column.
    if not any(any(cells) for number, cells in _bounded(source, limits.max_rows) if number > heading.row_number):
        raise _no_rows()
    batches = judge(
        _bounded(source, limits.max_rows),
        sheet,
        heading,
        start_row=max(start_row, heading.row_number + 1),
        dirty=True,
        cut_off=lambda: False,
    )
    return Reading(batches, "xlsx", None, heading, source.line_count)


def _bounded(source: XlsxRows, max_rows: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in source:
        if number > max_rows:
            raise _too_many_rows(max_rows)
        yield number, cells


def _wrong_kind(kind: str) -> FileRefused:
    return FileRefused(
        "not_csv_nor_xlsx",
        f"This is neither a CSV nor an XLSX file ({kind}).",
        f"该文件（{kind}）既不是CSV文件，也不是XLSX文件。",
    )


def _too_many_rows(max_rows: int) -> FileRefused:
    return FileRefused(
        "too_many_rows",
        f"The file has more than {max_rows:,} rows. Split it.",
        f"文件超过{max_rows:,}行，请拆分后上传。",
    )


def _no_rows() -> FileRefused:
    return FileRefused("no_rows", "There is nothing below the heading row.", "标题行下面没有数据。")
