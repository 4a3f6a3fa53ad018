"""The exceptions file: every refused row with its reason, as a CSV that opens well in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from onex.chassis.bulk.refusals import Refused

HEADING = ("row", "column", "code", "reason", "原因", "value excerpt")
_LINES_A_PIECE = 500

# What a spreadsheet takes for a formula (OWASP, CSV injection), the full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text as a cell of a CSV file that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def report_csv(refused: Iterable[Refused]) -> Iterator[str]:
    """Pieces of the exceptions file, to be sent as UTF-8; the first begins with a byte order mark, for Excel."""
    piece = io.StringIO()
    writer = csv.writer(piece)
    piece.write("\ufeff")
    writer.writerow(HEADING)
    lines = 1
    for one in refused:
        column = one.heading or one.column or ""
        texts = (column, one.code, one.reason, one.reason_zh, one.value_excerpt)
        writer.writerow([one.row_number, *map(harmless, texts)])
        lines += 1
        if lines % _LINES_A_PIECE == 0:
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
    if piece.tell():
        yield piece.getvalue()
