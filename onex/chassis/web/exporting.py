"""A list as a file that opens well in a spreadsheet and runs nothing there (OWASP, CSV injection)."""

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, TypeVar

import orjson
from flask import Response
from marshmallow import fields, validate
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from onex.chassis.bulk.report import harmless
from onex.chassis.bulk.sheet import Sheet
from onex.chassis.problems import Refusal
from onex.chassis.web.arguments import Blueprint

CSV_TYPE = "text/csv"
FORMATS = {"csv": CSV_TYPE, "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
XLSX_ROWS = 100_000
_LONGEST_CELL = 32_767
_PIECE_BYTES = 65_536
Door = TypeVar("Door", bound=Callable[..., Any])


class ExportTooLarge(Refusal):
    status, code, title = (
        413,
        "export_too_large",
        f"A spreadsheet file holds {XLSX_ROWS} rows at most; CSV holds any number",
    )


def offered(blp: Blueprint) -> Callable[[Door], Door]:
    """Decorate a door that answers with a file too: the OpenAPI document says so for each format."""

    def decorate(view: Door) -> Door:
        for kind in FORMATS.values():
            view = blp.alt_response(
                200, schema={"type": "string", "format": "binary"}, content_type=kind, success=True
            )(view)
        return view

    return decorate


def format_field() -> fields.String:
    """The query argument that asks for a file."""
    told = {"description": "export everything that matches, in one file"}
    return fields.String(load_default=None, allow_none=False, validate=validate.OneOf(tuple(FORMATS)), metadata=told)


def attachment(name: str, body: bytes | Iterable[bytes] | Iterable[str]) -> Response:
    """The answer with a file whose name ends as one of FORMATS."""
    form = name.rpartition(".")[2]
    kind = FORMATS[form] + ("; charset=utf-8" if form == "csv" else "")
    return Response(body, content_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"})


def template(name: str, sheet: Sheet) -> Response:
    """An empty file of the sheet's columns, to fill in."""
    return attachment(f"{name}.csv", csv_pieces([column.title for column in sheet.columns], ()))


def csv_pieces(heading: Sequence[str], chunks: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    """Pieces of a CSV file, one a chunk of rows; the first begins with a byte order mark, for Excel."""
    yield _lines([heading], "\ufeff")
    for chunk in chunks:
        yield _lines([[_csv_cell(row.get(name)) for name in heading] for row in chunk])


def xlsx_pieces(heading: Sequence[str], chunks: Iterable[list[dict[str, Any]]]) -> Iterator[bytes]:
    """Pieces of an XLSX file, written to the disk before the first of them is given. Raises ExportTooLarge."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("list")
    rows = 0
    try:
        sheet.append(list(heading))
        for chunk in chunks:
            rows += len(chunk)
            if rows > XLSX_ROWS:
                raise ExportTooLarge()
            for row in chunk:
                sheet.append([_xlsx_cell(sheet, row.get(name)) for name in heading])
        return _kept(book.save)
    finally:
        _removed(sheet)


def written_first(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a file, all of them written to the disk before the first is given: what goes wrong does so in time."""
    return _kept(lambda file: file.writelines(pieces))


def _kept(write: Callable[[IO[bytes]], Any]) -> Iterator[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (it is closed when it has been sent)
    try:
        write(file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return _pieces_of(file)


def _pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _removed(sheet: Any) -> None:
    """Remove the file openpyxl keeps a sheet's rows in: it does so itself only when it has saved the book."""
    writer = sheet._writer
    if writer is None or not os.path.exists(writer.out):
        return
    try:
        if not sheet.closed:
            sheet.close()
    finally:
        writer.cleanup()


def _lines(rows: Iterable[Sequence[Any]], before: str = "") -> bytes:
    piece = io.StringIO()
    piece.write(before)
    csv.writer(piece).writerows(rows)
    return piece.getvalue().encode("utf-8", "replace")


def _flat(value: Any) -> Any:
    """A value that one cell holds: a list or an object as JSON."""
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def _csv_cell(value: Any) -> Any:
    value = _flat(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else "" if value is None else value


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    value = _flat(value)
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL])
    cell.data_type = "s"  # a text, whatever it begins with
    return cell
