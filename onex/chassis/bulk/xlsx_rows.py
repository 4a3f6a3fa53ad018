"""XLSX to rows of cells as text, with what an attacker or a broken disk may have put into the archive kept out."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

import openpyxl

from onex.chassis.bulk.decoding import HEADING_SEARCH_ROWS
from onex.chassis.bulk.refusals import FileRefused
from onex.chassis.bulk.sheet import Sheet

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number and puts zeros for the others
MAX_COLUMNS = 500


class XlsxRows:
    """Rows of the first visible worksheet that has a known heading."""

    def __init__(self, data: bytes, sheet: Sheet, *, max_uncompressed_bytes: int) -> None:
        """Raises FileRefused: xlsx_damaged, xlsx_too_big, not_csv_nor_xlsx, no_heading."""
        _inspect_archive(data, max_uncompressed_bytes)
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
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
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > max_uncompressed_bytes:
                limit_mib = max_uncompressed_bytes // 2**20
                raise FileRefused(
                    "xlsx_too_big",
                    f"Unpacked, the file is larger than {limit_mib} MiB. Split it, or send it as CSV.",
                    f"该文件解压后超过{limit_mib} MiB，请拆分后上传，或改用CSV格式。",
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise FileRefused(
                    "not_csv_nor_xlsx",
                    "This archive is not an XLSX workbook. Save the table as .xlsx or .csv.",
                    "该压缩文件不是XLSX工作簿，请另存为.xlsx或.csv后上传。",
                )
            for part in parts:
                with archive.open(part) as stream:
                    # Entities need a document type, no honest workbook has one, and it can only stand at the top.
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise _damaged()
                    while stream.read(1 << 20):  # to the end, where zipfile compares the checksum
                        pass
    except (FileRefused, MemoryError):
        raise
    except Exception as error:  # BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error …
        raise _damaged() from error


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


def _damaged() -> FileRefused:
    return FileRefused(
        "xlsx_damaged",
        "The XLSX file is incomplete or damaged. Save it again, or send it as CSV.",
        "该XLSX文件不完整或已损坏，请重新保存后上传，或改用CSV格式。",
    )
