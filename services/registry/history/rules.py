"""What an entry of the history says, and how the entries are chained (PP-02: the process is recorded; PP-37).

Each entry's hash covers what it says and the hash of the entry before it: nobody alters, removes or swaps one without all that
follow it, and the head, saying something else. Whoever wrote down a head once can tell that the chain still contains it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

CLAUSES = ("PP-02", "PP-37")
START = bytes(32)
"""What stands for the hash before the first entry's."""
CHANGED = "changed"
"""What is recorded of a value that may not be shown."""
_SAFE_INTEGER = 2**53
_HIDDEN_PARTS = ("secret", "password", "private", "token")
_HIDDEN_ENDS = ("_hash", "_index")

UNRECORDED: Mapping[str, str] = {
    "change": "the history itself",
    "change_head": "the history itself",
    "access_key": "a copy of signing_key, as every service keeps one",
    "policy_attachment_body": "a file's bytes; policy_attachment keeps their SHA-256",
    "refresh_token": "given out and spent by machines at every turn; person_session and sign_in say who came and went",
    "sign_in_guard": "a counter of attempts by names that may be nobody's; sign_in says what became of them",
}
"""The tables whose changes are not recorded, with the reason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, and its place in the chain."""

    seq: int
    at: datetime
    actor: str
    role: str | None
    verb: str
    table_name: str
    record_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    prev_hash: bytes
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the chain is broken. `what`: `missing`, `altered`, `unlinked` (it does not follow the one before), or `unknown`
    (it stands behind the head)."""

    seq: int
    what: str


def is_hidden(column: str) -> bool:
    """Whether the history says of a column that it changed, and not from what to what: sealed, hashed or secret."""
    sealed = column.startswith("sealed_") or column.endswith(_HIDDEN_ENDS)
    return sealed or any(part in column for part in _HIDDEN_PARTS)


def shown(column: str, value: Any) -> Any:
    """What the history keeps of a column's value: JSON that says the same after the database has kept it."""
    if value is None:
        return None
    return CHANGED if is_hidden(column) or isinstance(value, bytes | memoryview) else plain(value)


def plain(value: Any) -> Any:
    """A value as JSON that is the same bytes whenever it is read again; numbers that JSON may blur become text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < _SAFE_INTEGER else str(value)
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    return str(value)


def record_id(key: tuple[Any, ...]) -> str:
    """A record's primary key as text."""
    return "/".join(str(part) if not isinstance(part, bytes) else part.hex() for part in key)


def hash_of(entry: Entry) -> bytes:
    """SHA-256 over the entry and the hash before it, as JSON with sorted keys and no spaces."""
    said = {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor,
        "role": entry.role,
        "verb": entry.verb,
        "table": entry.table_name,
        "record_id": entry.record_id,
        "before": entry.before,
        "after": entry.after,
        "prev_hash": entry.prev_hash.hex(),
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


class Chain:
    """Follows the chain from a place in it: the entry `seq` with the hash `hash_`, or its start."""

    def __init__(self, seq: int = 0, hash_: bytes = START) -> None:
        self.seq, self.hash = seq, hash_

    def take(self, entry: Entry) -> Broken | None:
        """Go on to the next entry; what is wrong with it, or with what should stand before it."""
        broken = None
        if entry.seq != self.seq + 1:
            broken = Broken(self.seq + 1, "missing")
        elif bytes(entry.prev_hash) != self.hash:
            broken = Broken(entry.seq, "unlinked")
        elif hash_of(entry) != bytes(entry.hash):
            broken = Broken(entry.seq, "altered")
        self.seq, self.hash = entry.seq, bytes(entry.hash)
        return broken

    def end(self, head: tuple[int, bytes]) -> Broken | None:
        """What is wrong at the end, given the head that was kept beside the chain."""
        seq, hash_ = head
        if self.seq != seq:
            return Broken(self.seq + 1, "missing") if self.seq < seq else Broken(seq + 1, "unknown")
        return None if self.hash == bytes(hash_) else Broken(seq, "altered")
