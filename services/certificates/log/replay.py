"""The log replayed from its entries, for the audit: whatever was altered, left out or slipped in is found.

Entry by entry the hashes are made again and compared with the tiles, with the root of each head that was ever signed, and
with what the certificate's row and credential say. In memory there is one page, and one tile and one hash a level, however
long the log is.
"""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from onex.chassis.invariants import Connection, Fault, Kind, none_found, stream
from onex.transparency import tree
from onex.transparency.notes import Checkpoint, NoteWrong, VerifierKey, open_note
from onex.transparency.tiles import HEIGHT, WIDTH
from onex.transparency.tree import HASH_SIZE
from services.certificates.log import rows
from services.certificates.log.entries import MAY_FOLLOW, STATE_AFTER

PAGE = 8 * WIDTH
# OFFSET 0 has each certificate looked up by its key: a join might read the whole table for each page.
_ENTRIES = (
    "SELECT log_entry.index, certificate_id, entry, credential, state, row_digest, EXISTS (SELECT FROM log_entry AS other"
    " WHERE other.certificate_id = log_entry.certificate_id AND other.index <> log_entry.index) FROM log_entry"
    f" LEFT JOIN LATERAL (SELECT credential, state, {rows.DIGEST} AS row_digest FROM certificate"
    " WHERE certificate.id = log_entry.certificate_id OFFSET 0) AS kept ON true"
    " WHERE log_entry.index >= %s ORDER BY log_entry.index LIMIT %s"
)
_HISTORIES = (
    "SELECT certificate_id, index, entry FROM (SELECT certificate_id, index, entry, 0 AS place FROM log_entry"
    " UNION ALL SELECT certificate_id, NULL, entry, place FROM log_pending) AS said"
    " WHERE certificate_id = ANY(%s::uuid[]) ORDER BY certificate_id, index NULLS LAST, place"
)
_WAITING = (
    "SELECT certificate_id, entry, credential, state FROM log_pending LEFT JOIN certificate"
    " ON certificate.id = certificate_id ORDER BY certificate_id, place"
)
_KEYS = "SELECT public FROM log_key"
_HEADS = "SELECT size, root_hash, note FROM log_head WHERE size > %s AND size <= %s ORDER BY size"
_HEADS_BEYOND = "SELECT size FROM log_head WHERE size > %s OR size < 1 ORDER BY size LIMIT 1"
_TILES = (
    "SELECT level, index, hashes FROM log_tile JOIN unnest(%s::smallint[], %s::bigint[]) AS asked (level, index)"
    " USING (level, index)"
)
_TILES_BEYOND = (
    "SELECT level, index FROM log_tile WHERE index < 0 OR index * 256 >= %s::bigint >> least(level * 8, 63) LIMIT 1"
)

complete = none_found(
    """
    SELECT 'missing', id, 'the log does not hold its issue, nor does it wait to' FROM certificate
    WHERE NOT EXISTS (SELECT FROM log_entry WHERE certificate_id = certificate.id)
        AND NOT EXISTS (SELECT FROM log_pending WHERE certificate_id = certificate.id)
    """
)


class Logged(NamedTuple):
    """An entry, with its certificate as it is in the table (None where it is not there)."""

    place: int
    certificate_id: uuid.UUID | str
    entry: bytes
    credential: str | None
    state: str | None
    row: str | None
    has_others: bool
    """Whether the log says more of this certificate."""


class Regrown:
    """The log's hashes, made again from its entries: the root, and each tile as it is filled."""

    def __init__(self) -> None:
        self.size = 0
        self.filling: list[bytearray] = [bytearray()]
        """By level, the hashes of the rightmost tile."""
        self.full: list[tuple[int, int, bytes]] = []
        """Tiles that were filled and that nobody took yet: level, index, hashes."""
        self._roots: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        self._put(0, leaf)
        level, found = 0, leaf
        while self._roots and self._roots[-1][0] == level:
            found = tree.node_hash(self._roots.pop()[1], found)
            level += 1
            if level % HEIGHT == 0:
                self._put(level // HEIGHT, found)
        self._roots.append((level, found))
        self.size += 1

    def root(self) -> bytes:
        found = self._roots[-1][1] if self._roots else tree.EMPTY_ROOT
        for _, left in reversed(self._roots[:-1]):
            found = tree.node_hash(left, found)
        return found

    def _put(self, level: int, one: bytes) -> None:
        if level == len(self.filling):
            self.filling.append(bytearray())
        row = self.filling[level]
        row += one
        if len(row) == WIDTH * HASH_SIZE:
            # The leaf that fills it is not counted yet, so this is the tile's own number.
            self.full.append((level, self.size >> (HEIGHT * (level + 1)), bytes(row)))
            row.clear()

    def take(self) -> list[tuple[int, int, bytes]]:
        """The tiles that were filled since, and the beginnings of those that are not full yet."""
        taken, self.full = self.full, []
        begun = [(at, self.size >> (HEIGHT * (at + 1)), bytes(row)) for at, row in enumerate(self.filling) if row]
        return taken + begun


def faults(connection: Connection) -> Iterator[Fault]:
    """What in the log is not what was logged. About 30 µs of CPU an entry. In short transactions, as in `genuine.faults`."""
    again, signed = Regrown(), 0
    while page := [Logged._make(row) for row in connection.execute(_ENTRIES, [again.size, PAGE]).fetchall()]:
        yield from _disagreeing(connection, page)
        heads = {
            size: (bytes(root_hash), note) for size, root_hash, note in _heads(connection, again.size, page[-1].place)
        }
        keys = [bytes(public) for (public,) in connection.execute(_KEYS).fetchall()]
        for one in page:
            if one.place != again.size:
                yield Fault(Kind.MISSING, f"entry {again.size}", f"the log has no entries from here to {one.place - 1}")
                return
            again.add(tree.leaf_hash(one.entry))
            if head := heads.get(again.size):
                signed = again.size
                if why := _wrong_head(signed, again.root(), *head, keys):
                    yield Fault(Kind.ALTERED, f"head {signed}", why)
        yield from _wrong_tiles(connection, again.take())
        connection.rollback()
    yield from _wrong_tiles(connection, again.take(), whole=True)
    if signed < again.size:
        yield Fault(
            Kind.ORPHANED, f"entry {signed}", f"no head was signed for the entries from here to {again.size - 1}"
        )
    for (size,) in connection.execute(_HEADS_BEYOND, [again.size]).fetchall():
        yield Fault(Kind.MISSING, f"entry {again.size}", f"a head of {size} entries was signed")
    for level, index in connection.execute(_TILES_BEYOND, [again.size]).fetchall():
        yield Fault(Kind.ORPHANED, f"tile {level}/{index}", "there are no entries below it")


def waiting(connection: Connection) -> Iterator[Fault]:
    """What waits to be logged and does not say what its certificate says."""
    for certificate_id, some in groupby(stream(connection, _WAITING), key=lambda row: row[0]):
        said = list(some)
        for _, entry, credential, _ in said:
            if why := _wrong(_read(entry), credential):
                yield Fault(Kind.ALTERED, str(certificate_id), f"an entry that waits to be logged: {why}")
        last = _read(said[-1][1])
        if "kind" in last and said[-1][3] is not None and STATE_AFTER.get(last["kind"]) != said[-1][3]:
            yield Fault(
                Kind.ALTERED, str(certificate_id), f"it is {said[-1][3]}; what waits to be logged says otherwise"
            )


def _heads(connection: Connection, after: int, last: int) -> Sequence[Any]:
    return connection.execute(_HEADS, [after, last + 1]).fetchall()


def _disagreeing(connection: Connection, page: Sequence[Logged]) -> Iterator[Fault]:
    """The entries that do not say what their certificates say."""
    unusual: dict[Any, tuple[int, str | None]] = {}
    for one in page:
        said = _read(one.entry)
        why = _wrong(said, one.credential)
        if why is None and said.get("row") != one.row:
            why = "its certificate's row is another"
        if why:
            yield Fault(Kind.ALTERED, str(one.certificate_id), f"entry {one.place} of the log: {why}")
        elif one.has_others or said["kind"] != "issued" or one.state != "valid":
            unusual[one.certificate_id] = one.place, one.state
    if not unusual:
        return
    said_of = connection.execute(_HISTORIES, [[str(one) for one in unusual]]).fetchall()
    for certificate_id, some in groupby(said_of, key=lambda row: row[0]):
        history, (index, state) = list(some), unusual[certificate_id]
        if index != max(row[1] for row in history if row[1] is not None):
            continue  # looked at where the log says the last of it
        kinds: list[Any] = [_read(entry).get("kind") for _, _, entry in history]
        if any(kind not in MAY_FOLLOW.get(before, ()) for before, kind in zip([None, *kinds], kinds, strict=False)):
            yield Fault(Kind.ALTERED, str(certificate_id), f"the log says of it, one after another: {kinds}")
        elif STATE_AFTER.get(kinds[-1]) != state:
            yield Fault(Kind.ALTERED, str(certificate_id), f"it is {state}; what the log said last is {kinds[-1]}")


def _read(entry: bytes) -> dict[str, Any]:
    """What an entry says; nothing where it cannot be read."""
    try:
        said = orjson.loads(entry)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _wrong(said: dict[str, Any], credential: str | None) -> str | None:
    """What is wrong with an entry, or None."""
    if credential is None:
        return "there is no such certificate"
    if not {"credential", "kind"} <= said.keys():
        return "it cannot be read"
    digest = hashlib.sha256(credential.encode()).hexdigest()
    return None if said["credential"] == digest else "it is of another credential"


def _wrong_head(size: int, root: bytes, root_hash: bytes, note: str, keys: Sequence[bytes]) -> str | None:
    """What is wrong with a head, or None."""
    origin = note.partition("\n")[0]
    try:
        said = Checkpoint.parse(open_note(note.encode(), [VerifierKey.of(origin, public) for public in keys]))
    except (NoteWrong, ValueError) as error:
        return str(error)
    if root_hash != root or said != Checkpoint(origin, size, root):
        return "its root is not that of the entries before it"
    return None


def _wrong_tiles(
    connection: Connection, made: Sequence[tuple[int, int, bytes]], *, whole: bool = False
) -> Iterator[Fault]:
    """The tiles that do not hold the hashes that were made again; before the `whole` log was read, begin with them."""
    asked = [level for level, _, _ in made], [index for _, index, _ in made]
    kept = {(level, index): bytes(hashes) for level, index, hashes in connection.execute(_TILES, asked).fetchall()}
    for level, index, hashes in made:
        found = kept.get((level, index), b"")
        exact = whole or len(hashes) == WIDTH * HASH_SIZE
        if found == hashes or (not exact and found.startswith(hashes)):
            continue
        yield Fault(Kind.ALTERED, f"tile {level}/{index}", "its hashes are not those of what is below it")
        for at in range(0, len(hashes) if level == 0 else 0, HASH_SIZE):
            if found[at : at + HASH_SIZE] != hashes[at : at + HASH_SIZE]:
                entry = index * WIDTH + at // HASH_SIZE
                yield Fault(Kind.ALTERED, f"entry {entry}", "its hash is not that of its tile")
