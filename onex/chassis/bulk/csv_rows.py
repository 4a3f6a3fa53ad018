"""CSV text to rows of cells, in which a broken quotation mark costs its own line and no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

# A cell may contain line breaks, but one that seems to go on for longer is a quotation mark nobody closed.
# The bound also keeps the work linear: no line is read more often than this.
MAX_LINES_A_ROW = 16


class BrokenLine(NamedTuple):
    """A line that cannot be cut into cells."""

    line: str
    last: bool


class _Window:
    """The lines of a file, as many as one row may have; then it claims to be at the end until it is reset."""

    def __init__(self, buffer: io.StringIO) -> None:
        self._buffer = buffer
        self.taken = 0

    def __iter__(self) -> _Window:
        return self

    def __next__(self) -> str:
        line = self._buffer.readline() if self.taken < MAX_LINES_A_ROW else ""
        if not line:
            raise StopIteration
        self.taken += 1
        return line


class CsvRows:
    """Rows of a CSV text with their numbers. Line ends may be \\r\\n, \\n or \\r.

    A row's number is that of the line it begins on, so below a cell with line breaks the numbers are those of
    a text editor, not of a spreadsheet.
    """

    def __init__(self, text: str, delimiter: str, width: int) -> None:
        self._text = text
        self._delimiter = delimiter
        self._width = width
        self._buffer = io.StringIO(text, newline="")  # keeps line ends and knows all three
        self._may_be_cut = not text.endswith(("\n", "\r", '"'))
        self.line_count = max(text.count("\n"), text.count("\r")) + (not text.endswith(("\n", "\r")))

    def ends_here_unfinished(self) -> bool:
        """Whether the row just given is the last one and nothing says that it is whole: no line end, no closing quote."""
        return self._may_be_cut and self._at_end()

    def _at_end(self) -> bool:
        return self._buffer.tell() >= len(self._text)

    def __iter__(self) -> Iterator[tuple[int, list[str] | BrokenLine]]:
        return self._quoted() if '"' in self._text else self._plain()

    def _plain(self) -> Iterator[tuple[int, list[str] | BrokenLine]]:
        # Without quotation marks a line is a row, whatever is in it, and csv can run at its own speed.
        reader = csv.reader(self._buffer, delimiter=self._delimiter)
        while True:
            try:
                yield from enumerate(reader, reader.line_num + 1)
                return
            except csv.Error:  # a cell of more than 128 KiB
                yield reader.line_num, BrokenLine("", last=self._at_end())

    def _quoted(self) -> Iterator[tuple[int, list[str] | BrokenLine]]:
        buffer, window = self._buffer, _Window(self._buffer)
        reader = csv.reader(window, delimiter=self._delimiter, strict=True)
        number = 1
        while True:
            start, window.taken = buffer.tell(), 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = None
            # A row of several lines that has the wrong shape has swallowed its neighbours: give them back.
            if cells is None or (window.taken > 1 and len(cells) != self._width):
                buffer.seek(start)
                line = buffer.readline()
                yield number, BrokenLine(line, last=self._at_end())
                number += 1
            else:
                yield number, cells
                number += window.taken
