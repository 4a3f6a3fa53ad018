"""Reads of the history."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, false, select, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.invariants import Connection, Fault, Kind, stream
from onex.chassis.owned import owned_by
from services.registry.history.models import Change
from services.registry.history.rules import START, Broken, Chain, Entry
from services.registry.organizations.models import Organization
from services.registry.organizations.rules import PROVINCE

MOST_VERIFIED = 10_000
"""Entries verified for one request; the next request goes on."""
_ROWS_A_TIME = 1_000
_COLUMNS = "seq, at, actor, role, verb, table_name, record_id, before, after, prev_hash, hash"
# In one statement, and so of one moment.
_HEAD = (
    "SELECT coalesce(h.seq, 0) AS seq, h.hash, coalesce((SELECT max(seq) FROM change), 0) AS last"
    " FROM (SELECT 1) AS one LEFT JOIN change_head h ON true"
)
_ENTRIES = text(f"SELECT {_COLUMNS} FROM change WHERE seq > :after AND seq <= :to ORDER BY seq")


def visible(session: Session, by: Caller) -> Select[Any]:
    """Ministry and operator see all; everyone else what became of their own organization's record."""
    query = select(Change)
    if by.sees_everything:
        return query
    own = by.organization_id
    if by.role is Role.PROVINCE:
        own = session.scalars(
            select(Organization.id).where(Organization.kind == PROVINCE, Organization.code == by.province_code)
        ).first()
    return owned_by(query, Change.record_id, str(own)) if own else query.where(false())


def verification(session: Session, from_seq: int, size: int = MOST_VERIFIED) -> dict[str, Any]:
    """Whether the chain holds from entry `from_seq` on, for `size` entries at most; `next` is where to go on, None at its end.

    `length` and `head` are the whole chain's.
    """
    head = session.execute(text(_HEAD)).one()
    head_hash = bytes(head.hash) if head.hash is not None else START
    chain, broken = Chain(), None
    if from_seq > 1:
        before = next(_entries(session, from_seq - 2, from_seq - 1), None)
        chain = Chain(from_seq - 1, bytes(before.hash) if before else START)
        if before is None and from_seq - 1 <= head.seq:
            broken = Broken(from_seq - 1, "missing")
    last = min(from_seq + size - 1, head.seq)
    for entry in _entries(session, from_seq - 1, last) if broken is None else ():
        broken = chain.take(entry)
        if broken:
            break
    if broken is None and last == head.seq and from_seq <= head.seq + 1:
        broken = chain.end((head.seq, head_hash))
    if broken is None and head.last > head.seq:
        broken = Broken(head.seq + 1, "unknown")
    return {
        "length": head.seq,
        "head": head_hash,
        "verified_from": from_seq,
        "verified_to": min(chain.seq, head.seq) if broken is None else broken.seq - 1,
        "next": last + 1 if broken is None and last < head.seq else None,
        "broken": broken,
    }


def _entries(session: Session, after: int, to: int) -> Iterator[Entry]:
    rows = session.execute(_ENTRIES.execution_options(yield_per=_ROWS_A_TIME), {"after": after, "to": to})
    return (Entry(*row) for row in rows)


def faults(connection: Connection) -> Iterator[Fault]:
    """Every place where the chain is broken, for the audit."""
    ((seq, hash_, last),) = stream(connection, _HEAD)
    chain = Chain()
    for row in stream(connection, f"SELECT {_COLUMNS} FROM change WHERE seq <= %s ORDER BY seq", (seq,)):
        if broken := chain.take(Entry(*row)):
            yield _fault(broken)
    if broken := chain.end((seq, bytes(hash_) if hash_ is not None else START)):
        yield _fault(broken)
    if last > seq:
        yield _fault(Broken(seq + 1, "unknown"))


def _fault(broken: Broken) -> Fault:
    kind = {"missing": Kind.MISSING, "unknown": Kind.ORPHANED}.get(broken.what, Kind.ALTERED)
    return Fault(kind, f"entry {broken.seq}", f"the entry is {broken.what}")
