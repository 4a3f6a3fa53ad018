"""The file that proves that an entry is in a log, without the log (C2SP `tlog-proof`)."""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onex.transparency import notes, tree
from onex.transparency.notes import Checkpoint, VerifierKey
from onex.transparency.tree import HASH_SIZE

HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,19})", re.ASCII)


class ProofFileWrong(ValueError):
    """The file is not well formed, or does not prove what it should."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof as it is kept beside a certificate. `extra` is the entry itself in our files; the format lets it be left out."""

    extra: bytes | None
    index: int
    path: Sequence[bytes]
    note: str

    @property
    def text(self) -> str:
        """The file."""
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(_base64, self.path)]
        return "\n".join(lines) + "\n\n" + self.note

    @classmethod
    def parse(cls, text: str) -> "ProofFile":
        """Read a file; raise ProofFileWrong when it is not one."""
        head, gap, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        if not gap or first != HEADER:
            raise ProofFileWrong("This is no proof of a transparency log.")
        extra = _bytes(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        index = _INDEX.fullmatch(lines[0]) if lines else None
        if index is None or int(index[1]) > notes.LARGEST:
            raise ProofFileWrong("The index is no decimal number.")
        path = [_bytes(line) for line in lines[1:]]
        if any(len(one) != HASH_SIZE for one in path):
            raise ProofFileWrong("A hash has 32 bytes.")
        return cls(extra, int(index[1]), path, note)

    def check(self, trusted: Iterable[VerifierKey], entry: bytes | None = None) -> Checkpoint:
        """The head under which the entry is proved to be; raise ProofFileWrong when the proof does not hold.

        The entry is the file's own where none is given. Raises NoteWrong when no trusted key signed the head.
        """
        proved = self.extra if entry is None else entry
        if proved is None:
            raise ProofFileWrong("The file does not hold its entry, and none was given.")
        head = Checkpoint.parse(notes.open_note(self.note.encode(), trusted))
        try:
            tree.check_inclusion(tree.leaf_hash(proved), self.index, head.size, self.path, head.root_hash)
        except tree.ProofWrong as error:
            raise ProofFileWrong(str(error)) from None
        return head


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    data = notes.from_base64(text)
    if data is None:
        raise ProofFileWrong("Something is not in base64, which is written in one way only.")
    return data
