"""What a file is, told from its bytes. Neither its name nor what its sender says of it is believed."""

import io
import re
import zipfile
from collections.abc import Collection

from services.registry.policies.errors import FileRefused

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
OFD = "application/ofd"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {PDF: "pdf", PNG: "png", JPEG: "jpg", OFD: "ofd", DOCX: "docx", XLSX: "xlsx"}
"""The types that are kept, and how the name of such a file ends. OFD is the office document format of GB/T 33190."""

_BEGINNINGS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_MEMBERS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
_MOST_MEMBERS = 10_000
_UNFIT = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+')
_LONGEST_NAME = 120


def type_of(data: bytes) -> str:
    """The media type of a file of the library; raise FileRefused for any other, and for documents with macros."""
    for beginning, media_type in _BEGINNINGS:
        if data.startswith(beginning):
            return media_type
    if data.startswith(b"PK\x03\x04"):
        return _type_of_members(_members(data))
    raise FileRefused(_KEPT)


def _members(data: bytes) -> Collection[str]:
    """The names in the archive's directory; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except Exception:  # whatever a broken archive makes of the reader, it is a file that is not kept
        raise FileRefused("The file is damaged.") from None
    if len(names) > _MOST_MEMBERS:
        raise FileRefused("The file has too many parts.")
    return names


def _type_of_members(names: Collection[str]) -> str:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("Documents with macros are not kept.")
    for name, media_type in _MEMBERS:
        if name in names:
            return media_type
    raise FileRefused(_KEPT)


def safe_name(name: str, media_type: str) -> str:
    """The file's name without what is no name, ending as its type does."""
    kept = _UNFIT.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and ending.isascii() and len(ending) <= 5:
        kept = stem
    kept = kept.strip(" .")[:_LONGEST_NAME] or "document"
    return f"{kept}.{ENDINGS[media_type]}"


_KEPT = f"The library keeps files of these kinds: {', '.join(ENDINGS.values())}."
