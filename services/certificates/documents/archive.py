"""A ZIP file that is written piece by piece: as much of it is in memory as one document is long."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple


class Entry(NamedTuple):
    """A file of the archive, dated with a day, so that equal files make equal archives."""

    name: str
    day: date
    content: bytes


def pieces(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive's bytes. Nothing is compressed: a PDF is already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, (entry.day.year, entry.day.month, entry.day.day, 0, 0, 0))
            info.external_attr = 0o644 << 16
            archive.writestr(info, entry.content)
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where a ZIP file is written. One may seek back as far as to what was not taken yet: to an entry's own header."""

    def __init__(self) -> None:
        self._held = io.BytesIO()
        self._gone = 0

    def taken(self) -> bytes:
        """What was written since the last time; it cannot be changed any more."""
        piece = self._held.getvalue()
        self._gone += len(piece)
        self._held = io.BytesIO()
        return piece

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._gone + self._held.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        at = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._gone + len(self._held.getbuffer())}[whence]
        if at + offset < self._gone:
            raise io.UnsupportedOperation("that was sent already")
        self._held.seek(at + offset - self._gone)
        return self.tell()

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._held.write(data)
