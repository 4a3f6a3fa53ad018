"""The log is appended to in two steps, so that nobody who issues waits for it.

1. wait      with the certificate's own change, in its transaction, the entry is put among those that wait
2. sequence  one process at a time gives the waiting entries the next numbers, grows the tiles, signs the new head, COMMIT

A process that dies before a COMMIT leaves nothing of that step: an entry waits on, a head that was signed in it was never
seen. The head is shown by reading what is committed, so no two heads of one size can ever be shown.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, text

from onex.chassis import clock
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.pii import Vault
from onex.transparency import notes, tree
from onex.transparency.notes import Checkpoint
from services.certificates.log import entries, keys, rows
from services.certificates.log.models import LogHead
from services.certificates.log.shelf import Shelf

STEP = 5_000
"""So many entries are sequenced in one transaction."""
_PENDING = ("certificate_id", "entry")
_COLUMNS = ("index", "certificate_id", "entry")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('onex.log.sequence'))")
# As an array the places are looked up once. Joined, they may be looked up again for every row: PostgreSQL takes this table for
# empty, as it mostly is. The row's digest by a look-up each: a join might read the whole table for the few rows of a step.
_TAKE = text(
    "WITH taken AS (DELETE FROM log_pending WHERE ctid = ANY(ARRAY(SELECT ctid FROM log_pending ORDER BY place LIMIT :step))"
    " RETURNING place, certificate_id, entry) SELECT certificate_id, entry,"
    f" (SELECT {rows.DIGEST} FROM certificate WHERE certificate.id = certificate_id) AS row FROM taken ORDER BY place"
)


def wait(session: UnitOfWork, said: Iterable[tuple[Any, ...]]) -> None:
    """Put entries among those that wait; the last two of each are the certificate's id and the entry's bytes."""
    copy_in(session, "log_pending", _PENDING, (one[-2:] for one in said))


def sequence(session: UnitOfWork, vault: Vault, public_url: str) -> bool:
    """Take up to STEP waiting entries into the log and sign its new head; whether there may be more."""
    session.execute(_ALONE)
    taken = session.execute(_TAKE, {"step": STEP}).all()
    if not taken:
        return False
    size = session.scalar(select(LogHead.size).order_by(LogHead.size.desc()).limit(1)) or 0
    # A row that is gone seals nothing: the audit says that there is no such certificate.
    logged = [entries.with_row(one.entry, one.row) if one.row else bytes(one.entry) for one in taken]
    numbered = ((size + at, one.certificate_id, logged[at]) for at, one in enumerate(taken))
    copy_in(session, "log_entry", _COLUMNS, numbered)
    shelf = Shelf(session, size)
    shelf.grow([tree.leaf_hash(entry) for entry in logged])
    head = Checkpoint(keys.origin(public_url), shelf.size, shelf.root())
    note = notes.sign(head.text, head.origin, keys.key_in_force(session, vault))
    session.add(LogHead(size=head.size, root_hash=head.root_hash, note=note, signed_at=clock.now()))
    return len(taken) == STEP
