"""The files in a PDF, as the platform's documents have them: an uncompressed dictionary before each stream (ISO 32000-2, 7.11.4).

Not a reader of PDFs: what another program has saved anew may hide its files from it. Nothing here is believed because of where it
was found; whatever is found is checked as if it had come by itself.
"""

import re
import zlib
from collections.abc import Iterator

BEGINNING = b"%PDF-"
MOST_BYTES = 1 << 20
"""A longer file in a PDF is none of ours."""
_STREAM = re.compile(rb"<<((?:[^<>]|<<[^<>]*>>){1,1000})>>\s{0,2}stream\r?\n")
_LENGTH = re.compile(rb"/Length (\d{1,9})(?!\d)")
_EMBEDDED = re.compile(rb"/Type\s?/EmbeddedFile\b")


def files_in(pdf: bytes) -> Iterator[str]:
    """The text of each file in the PDF that is one, in UTF-8."""
    for stream in _STREAM.finditer(pdf):
        length = _LENGTH.search(stream[1])
        if length is None or not _EMBEDDED.search(stream[1]):
            continue
        content = pdf[stream.end() : stream.end() + int(length[1])]
        try:
            if b"/FlateDecode" in stream[1]:
                content = zlib.decompressobj().decompress(content, MOST_BYTES)
            yield content.decode()
        except (zlib.error, UnicodeDecodeError):
            continue
