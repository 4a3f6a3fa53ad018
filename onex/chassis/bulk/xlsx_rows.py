"""XLSX to rows of cells as text, with what an attacker or a broken disk may have put into the archive kept out."""

from __future__ import annotations

import datetime
import io
import re
import time
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import openpyxl

from onex.chassis.bulk.decoding import HEADING_SEARCH_ROWS
from onex.chassis.bulk.refusals import FileRefused
from onex.chassis.bulk.sheet import Sheet

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number and puts zeros for the others
MAX_COLUMNS = 500

# How far an archive's part may be packed; spreadsheets are at 10 to 30. And what openpyxl may have to hold at a time:
# Excel's widest row has 16,384 cells; a million candidates have four million different texts at most.
_MAX_RATIO = 200
_MAX_TAGS_OF_A_ROW = 500_000
_MAX_TAGS_OF_TEXTS = 16_000_000
_BLOCK = 1 << 20
_END_OF_ROW = re.compile(rb"</(?:[^<>/:\s]+:)?row\s*>|<(?:[^<>/:\s]+:)?row\s[^<>]*/>")
_SHARED_TEXTS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*<(?:[^<>/:\s]+:)?sst[\s>]")
_NOT_ELEMENTS = re.compile(rb"<[!?]")


class _Polite(io.BytesIO):
    """A file whose readers stop for a moment at every piece they take.

    Parsing is the one thing here that takes long without a row coming of it (blank rows, shared texts). In a worker this
    gives the other green threads their turn, and elsewhere it costs nothing.
    """

    def read(self, size: int | None = -1) -> bytes:
        time.sleep(0)
        return super().read(size)


class XlsxRows:
    """Rows of the first visible worksheet that has a known heading."""

    def __init__(self, data: bytes, sheet: Sheet, *, max_uncompressed_bytes: int) -> None:
        """Raises FileRefused: xlsx_damaged, xlsx_too_big, not_csv_nor_xlsx, no_heading."""
        _inspect_archive(data, max_uncompressed_bytes)
        try:
            book = openpyxl.load_workbook(_Polite(data), read_only=True, data_only=True, keep_links=False)
            worksheets = [one for one in book.worksheets if one.sheet_state == "visible"]
        except MemoryError:
            raise
        except Exception as error:  # openpyxl raises whatever it stumbles over; the file is not ours
            raise _damaged() from error
        best = 0
        for worksheet in worksheets:
            # The size a sheet claims is only a claim, and a false one makes every row 16,384 cells wide.
            claimed_rows = worksheet.max_row
            worksheet.reset_dimensions()
            self._worksheet = worksheet
            for number, cells in islice(self, HEADING_SEARCH_ROWS):
                known = sheet.known(cells)
                if known > best:
                    best, found = known, worksheet
                    self.heading_row, self.heading, self.line_count = number, tuple(cells), claimed_rows
            if best:
                break
        if not best:
            raise FileRefused(
                "no_heading",
                f"None of the expected headings is in the first {HEADING_SEARCH_ROWS} rows of any sheet.",
                f"所有工作表的前{HEADING_SEARCH_ROWS}行中都没有找到规定的列标题。",
            )
        self._worksheet = found

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        rows = self._worksheet.iter_rows(values_only=True)
        number = 0
        while True:
            try:
                values = next(rows)
            except StopIteration:
                return
            except MemoryError:
                raise
            except Exception as error:
                raise _damaged() from error
            number += 1
            yield number, [value if type(value) is str else _as_text(value) for value in values[:MAX_COLUMNS]]


def _as_text(value: Any) -> str:
    """A cell's value as a person would have typed it. A number with lost digits shows as 4.40106199901010E+17."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= EXACT_BELOW:
            return format(Decimal(value), ".14E")
        return str(int(value)) if float(value).is_integer() else format(value, ".15g")
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _inspect_archive(data: bytes, max_uncompressed_bytes: int) -> None:
    """Look at the archive before anything is parsed: size, checksums, what it is, and no document type."""
    try:
        with zipfile.ZipFile(_Polite(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > max_uncompressed_bytes or any(map(_is_bomb, parts)):
                limit_mib = max_uncompressed_bytes // 2**20
                raise _too_big(f"it is larger than {limit_mib} MiB", f"超过{limit_mib} MiB")
            if "xl/workbook.xml" not in archive.namelist():
                raise FileRefused(
                    "not_csv_nor_xlsx",
                    "This archive is not an XLSX workbook. Save the table as .xlsx or .csv.",
                    "该压缩文件不是XLSX工作簿，请另存为.xlsx或.csv后上传。",
                )
            for part in parts:
                with archive.open(part) as stream:
                    _inspect_part(stream)
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error …
        raise _damaged() from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _MAX_RATIO * max(part.compress_size, 2**20 // _MAX_RATIO)


def _inspect_part(stream: IO[bytes]) -> None:
    """Read a part to its end, where zipfile compares the checksum, and refuse what would take openpyxl all our memory.

    It keeps every shared text, every cell of the row it is at, and every element that belongs to no row.
    """
    block = stream.read(_BLOCK)
    # Entities need a document type, no honest workbook has one, and it can only stand at the top.
    if b"<!DOCTYPE" in block[:4096]:
        raise _damaged()
    is_texts = _SHARED_TEXTS.match(block) is not None
    tags_allowed = _MAX_TAGS_OF_TEXTS if is_texts else _MAX_TAGS_OF_A_ROW
    tags = blocks = 0
    while block:
        blocks += 1
        if blocks > 1 and _NOT_ELEMENTS.search(block):
            raise _damaged()  # a comment may hold what looks like the end of a row; no program writes one so far down
        ends = [found.end() for found in _END_OF_ROW.finditer(block)]
        if ends and is_texts:
            raise _damaged()
        tags = block.count(b"<", ends[-1]) if ends else tags + block.count(b"<")
        if tags > tags_allowed:
            raise _too_big("one part of it holds too much", "其中某一部分内容过多")
        block = stream.read(_BLOCK)


def ole_refusal(data: bytes) -> FileRefused:
    """What to say of a file in Microsoft's old container: an .xls, or an .xlsx locked with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return FileRefused(
            "password_protected",
            "The workbook is protected by a password. Remove the password and send it again.",
            "该工作簿设有密码保护，请取消密码后重新上传。",
        )
    return FileRefused(
        "old_xls",
        "This is an old .xls file. Save it as .xlsx or .csv and send it again.",
        "这是旧版.xls文件，请另存为.xlsx或.csv后重新上传。",
    )


def _too_big(english: str, chinese: str) -> FileRefused:
    return FileRefused(
        "xlsx_too_big",
        f"Unpacked, the file is too big: {english}. Split it, or send it as CSV.",
        f"该文件解压后过大（{chinese}），请拆分后上传，或改用CSV格式。",
    )


def _damaged() -> FileRefused:
    return FileRefused(
        "xlsx_damaged",
        "The XLSX file is incomplete or damaged. Save it again, or send it as CSV.",
        "该XLSX文件不完整或已损坏，请重新保存后上传，或改用CSV格式。",
    )
