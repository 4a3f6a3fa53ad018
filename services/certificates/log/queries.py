"""Reads of the log: its head, its tiles and bundles, and proofs."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.transparency import tiles, tree
from onex.transparency.proofs import ProofFile
from onex.transparency.tiles import WIDTH, TileName
from onex.transparency.tree import HASH_SIZE
from services.certificates.log import entries
from services.certificates.log.models import LogEntry, LogHead, LogPending, LogTile
from services.certificates.log.shelf import Shelf


def head(session: Session) -> LogHead | None:
    """The newest signed head; None while nothing is logged."""
    return session.scalars(select(LogHead).order_by(LogHead.size.desc()).limit(1)).first()


def tile(session: Session, name: TileName) -> bytes | None:
    """The bytes of a tile or a bundle; None where the log does not reach so far."""
    if name.level is None:
        return _bundle(session, name)
    hashes = session.scalar(select(LogTile.hashes).where(LogTile.level == name.level, LogTile.index == name.index))
    if hashes is None or len(hashes) < name.width * HASH_SIZE:
        return None
    return bytes(hashes[: name.width * HASH_SIZE])


def entries_of(session: Session, certificate_id: uuid.UUID) -> list[LogEntry]:
    """What the log says of a certificate, oldest first."""
    mine = select(LogEntry).where(LogEntry.certificate_id == certificate_id).order_by(LogEntry.index)
    return list(session.scalars(mine))


def proof(session: Session, entry: LogEntry, under: LogHead) -> ProofFile:
    """What proves, without the log, that an entry is in it; with the credential it is all that is needed."""
    path = tree.proof(tree.inclusion_nodes(entry.index, under.size), Shelf(session, under.size).read)
    return ProofFile(bytes(entry.entry), entry.index, path, under.note)


def consistency(session: Session, old_size: int, under: LogHead) -> list[bytes]:
    """The proof that the log of `under` begins with the log of `old_size` entries."""
    return tree.proof(tree.consistency_nodes(old_size, under.size), Shelf(session, under.size).read)


def oldest_waiting_s(session: Session) -> float:
    """For how many seconds the oldest entry has waited to be taken into the log; 0 where none waits."""
    first = session.scalar(select(LogPending.entry).order_by(LogPending.place).limit(1))
    return max((clock.now() - entries.time_of(first)).total_seconds(), 0.0) if first is not None else 0.0


def _bundle(session: Session, name: TileName) -> bytes | None:
    first = name.index * WIDTH
    found = select(LogEntry.entry).where(LogEntry.index >= first, LogEntry.index < first + name.width)
    entries = [bytes(entry) for entry in session.scalars(found.order_by(LogEntry.index))]
    return tiles.bundle(entries) if len(entries) == name.width else None
