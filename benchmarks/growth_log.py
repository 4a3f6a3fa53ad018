"""The log and the status lists over large tables: appending, proving, bundling, setting a bit."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg.rows import scalar_row
from sqlalchemy import select, text

from benchmarks import filling
from benchmarks.large import BATCH, INSERTED, PROVED, Read, Work
from onex.chassis import clock
from onex.chassis.database import Database, UnitOfWork
from onex.chassis.pii import Vault
from onex.transparency import notes, tree
from onex.transparency.notes import Checkpoint
from onex.transparency.tiles import WIDTH, TileName
from services.certificates.credentials.actions import ensure_keys
from services.certificates.log import actions, bundle, entries, keys, queries, rows
from services.certificates.log.models import LogHead
from services.certificates.log.shelf import Shelf
from services.certificates.standing import lists
from services.certificates.standing.bitstring import LIST_BYTES
from services.certificates.standing.entries import PURPOSES
from services.certificates.standing.positions import LIST_SIZE, Position

PUBLIC_URL = "https://onex.example"
ISSUER = "did:web:onex.example:certificates:v1:issuers:"
CHUNK = WIDTH * WIDTH
SET_SHARE = 0.01
"""So many bits of each list are set."""
KNOWN = 5_000
# What the sequencer makes of what waits: the entry of each certificate's issue, with the digests of its credential and row.
_ENTRIES = f"""
    INSERT INTO log_entry (index, certificate_id, entry)
    SELECT row_number() OVER (ORDER BY id) - 1, id, convert_to('{{"credential":"'
        || encode(sha256(convert_to(credential, 'UTF8')), 'hex') || '","issuer":"{ISSUER}' || teo_id
        || '","kind":"issued","row":"' || {rows.DIGEST} || '","time":"2026-11-22T08:00:00.000Z","version":1}}', 'UTF8')
    FROM certificate ORDER BY id
"""
_BITS = text("UPDATE status_list SET bits = :bits WHERE list = :list AND purpose = :purpose")


def fill(connection: filling.Connection, database: Database, vault: Vault, teo_ids: Sequence[uuid.UUID]) -> None:
    """Into the log what all certificates of the table would have put there, and their status lists, some bits of them set."""
    with filling.stripped(connection, "log_entry"):
        connection.execute("SET LOCAL enable_sort = off")  # by the index: rows are sorted with their credentials
        connection.execute(_ENTRIES.encode())
    size = 0
    for chunk in _entries(connection):
        with database.transaction() as session:
            shelf = Shelf(session, size)
            shelf.grow([tree.leaf_hash(entry) for entry in chunk])
            size = shelf.size
    with database.transaction() as session:
        ensure_keys(session, vault, teo_ids)
        head = Checkpoint(keys.origin(PUBLIC_URL), size, Shelf(session, size).root())
        note = notes.sign(head.text, head.origin, keys.key_in_force(session, vault))
        session.add(LogHead(size=size, root_hash=head.root_hash, note=note, signed_at=clock.now()))
    for which in range((size - 1) // LIST_SIZE + 1):
        _fill_list(database, vault, which)


def _entries(connection: filling.Connection) -> Iterator[list[bytes]]:
    """The log's entries in order, whole tiles of the second level at a time."""
    with connection.transaction(), connection.cursor(name="entries", row_factory=scalar_row) as cursor:
        cursor.itersize = CHUNK
        cursor.execute("SELECT entry FROM log_entry ORDER BY index")
        while chunk := cursor.fetchmany(CHUNK):
            yield chunk


def _fill_list(database: Database, vault: Vault, which: int) -> None:
    bits = bytearray(LIST_BYTES)
    for index in random.sample(range(LIST_SIZE), int(LIST_SIZE * SET_SHARE)):
        bits[index >> 3] |= 0x80 >> (index & 7)
    with database.transaction() as session:
        for purpose in PURPOSES:
            lists.shown(session, vault, PUBLIC_URL, which, purpose)
            session.execute(_BITS, {"bits": bytes(bits), "list": which, "purpose": purpose})
        one = random.randrange(LIST_SIZE)
        now = bool(bits[one >> 3] & 0x80 >> (one & 7))
        lists.mark(session, vault, PUBLIC_URL, Position(which, one), dict.fromkeys(PURPOSES, not now))  # signs them


@dataclass
class LogWork:
    """What is timed on the log and the lists of one database, and what of them requests read."""

    database: Database
    vault: Vault
    teo_ids: Sequence[uuid.UUID]
    known: list[uuid.UUID]
    """Ids of certificates from all over the table."""
    fresh: list[uuid.UUID]
    """Ids of BATCH certificates that were inserted last, which the log has not been told of."""

    def works(self) -> dict[str, Work]:
        with self.database.session() as session:
            size = session.scalars(select(LogHead.size).order_by(LogHead.size.desc()).limit(1)).one()
        self._lists = (size - 1) // LIST_SIZE + 1
        self._suspended: Position | None = None
        return {
            "log entry": Work(INSERTED, self._append, 1, BATCH),
            "status bit, list signed anew": Work(INSERTED, self._set_bit, 6),
            "log proof": Work(PROVED, self._prove, 10),
            "bundle of a certificate": Work(PROVED, self._bundle, 3),
        }

    def reads(self) -> dict[str, Read]:
        return {
            "log proof of a certificate": self._proof,
            "log bundle of entries": lambda session: queries.tile(session, TileName(None, 3)),
            "log tile of hashes": lambda session: queries.tile(session, TileName(0, 3)),
            "log consistency": lambda session: queries.consistency(session, _head(session).size // 3, _head(session)),
            "bundle of a certificate": self._bundled,
        }

    def _append(self) -> None:
        """A batch of entries is put among those that wait and taken from there into the log, as two processes do."""
        issuer = ISSUER + str(self.teo_ids[0])
        with self.database.transaction() as session:
            now = clock.now()
            actions.wait(session, [(one, entries.entry("issued", "0" * 64, issuer, now)) for one in self.fresh])
        with self.database.transaction() as session:
            actions.sequence(session, self.vault, PUBLIC_URL)

    def _set_bit(self) -> None:
        """Somebody is suspended, and the next time reinstated: a list stays as full as it was."""
        place, self._suspended = self._suspended, None
        now = place is None
        if place is None:
            place = self._suspended = Position(random.randrange(self._lists), random.randrange(LIST_SIZE))
        with self.database.transaction() as session:
            lists.mark(session, self.vault, PUBLIC_URL, place, {"suspension": now})

    def _prove(self) -> None:
        with self.database.session() as session:
            self._proof(session)

    def _proof(self, session: UnitOfWork) -> str:
        (entry, *_) = queries.entries_of(session, random.choice(self.known))
        return queries.proof(session, entry, _head(session)).text

    def _bundle(self) -> None:
        with self.database.transaction() as session:
            self._bundled(session)

    def _bundled(self, session: UnitOfWork) -> bytes:
        made = bundle.bundle(session, self.vault, PUBLIC_URL, random.choice(self.known), _head(session))
        assert made is not None
        return made


def _head(session: UnitOfWork) -> LogHead:
    found = queries.head(session)
    assert found is not None
    return found


def known(connection: filling.Connection) -> list[uuid.UUID]:
    """Ids of certificates from all over the log."""
    row = connection.execute("SELECT max(index) FROM log_entry").fetchone()
    last = int(row[0]) if row else 0
    places = random.sample(range(last + 1), min(KNOWN, last + 1))
    found = connection.execute("SELECT certificate_id FROM log_entry WHERE index = ANY (%s)", [places]).fetchall()
    return [certificate_id for (certificate_id,) in found]
