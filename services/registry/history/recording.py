"""Writes the history: what a flush changes is collected, and put down in the chain right before the commit.

The chain has one order, so whoever puts down something waits for who is doing so. They hold the chain for the commit only, and
then ask the database for nothing that others may hold: nobody waits for long, and nobody for each other.
"""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text, column, insert, inspect, table, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.event import listens_for
from sqlalchemy.orm import SessionTransaction

from onex.chassis import clock
from onex.chassis.acting import acting
from onex.chassis.database import UnitOfWork, savepoint_undone
from services.registry.history import rules
from services.registry.history.rules import Entry

_KEY = "changes"
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('onex.registry.history', 0))")
_HEAD = text("SELECT seq, hash FROM change_head WHERE id = 1")
_MOVE_HEAD = text(
    "INSERT INTO change_head (id, seq, hash) VALUES (1, :seq, :hash)"
    " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
)
_CONTENT = JSONB(none_as_null=True)
# The table as it is written here. Whoever maps any of the registry's tables writes history, so nothing may need `models.py`.
_CHANGE = table(
    "change",
    column("seq", BigInteger),
    column("at", DateTime(timezone=True)),
    column("actor", Text),
    column("role", Text),
    column("verb", Text),
    column("table_name", Text),
    column("record_id", Text),
    column("before", _CONTENT),
    column("after", _CONTENT),
    column("prev_hash", LargeBinary),
    column("hash", LargeBinary),
)
_NAMES = tuple(column.name for column in _CHANGE.columns)


class Collected(NamedTuple):
    """A change that is flushed and not put down yet, and the savepoints that it would be undone with."""

    savepoints: tuple[SessionTransaction, ...]
    table_name: str
    record_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def attach(base: Any) -> None:
    """Record the changes of this base's records, in whichever process they are mapped."""

    @listens_for(UnitOfWork, "after_flush")
    def collect(session: UnitOfWork, _context: Any) -> None:
        found = [
            (one, kind)
            for kind, some in (("new", session.new), ("dirty", session.dirty), ("deleted", session.deleted))
            for one in some
            if isinstance(one, base) and one.__tablename__ not in rules.UNRECORDED
        ]
        if found:
            savepoints = _open_savepoints(session)
            changes = (_change(one, kind, savepoints) for one, kind in found)
            session.info.setdefault(_KEY, []).extend(change for change in changes if change)

    @listens_for(UnitOfWork, "before_commit")
    def put_down(session: UnitOfWork) -> None:
        if session.in_nested_transaction():
            return  # releasing a savepoint is not the commit
        session.flush()
        if changes := session.info.pop(_KEY, []):
            _append(session, changes)

    @listens_for(UnitOfWork, "after_soft_rollback")
    def forget(session: UnitOfWork, rolled_back: SessionTransaction) -> None:
        undone = savepoint_undone(rolled_back)
        if undone is not None and _KEY in session.info:
            session.info[_KEY] = [one for one in session.info[_KEY] if undone not in one.savepoints]


def _open_savepoints(session: UnitOfWork) -> tuple[SessionTransaction, ...]:
    one, found = session.get_nested_transaction(), []
    while one is not None:
        if one.nested:
            found.append(one)
        one = one.parent
    return tuple(found)


def _change(record: Any, kind: str, savepoints: tuple[SessionTransaction, ...]) -> Collected | None:
    """What a flush did to a record, None when nothing. After a flush, what it changed can still be told."""
    state = inspect(record)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        name = str(attribute.columns[0].name)
        if kind == "dirty":
            history = state.attrs[attribute.key].history
            if history.has_changes():
                # Of a value that was not loaded before it was set anew, nobody knows what it was.
                before[name] = rules.shown(name, history.deleted[0]) if history.deleted else None
                after[name] = rules.shown(name, history.added[0]) if history.added else None
        elif attribute.key in state.dict:
            value = rules.shown(name, state.dict[attribute.key])
            if value is not None:
                (before if kind == "deleted" else after)[name] = value
    if not before and not after:
        return None
    key = rules.record_id(state.mapper.primary_key_from_instance(record))
    told = (before if kind != "new" else None, after if kind != "deleted" else None)
    return Collected(savepoints, state.mapper.local_table.name, key, *told)


def _append(session: UnitOfWork, changes: list[Collected]) -> None:
    session.execute(_LOCK)
    head = session.execute(_HEAD).first()
    seq, hash_ = (head.seq, bytes(head.hash)) if head else (0, rules.START)
    at, (actor, role, verb) = clock.now(), acting(session)
    rows = []
    for one in changes:
        seq += 1
        entry = Entry(seq, at, actor, role, verb, one.table_name, one.record_id, one.before, one.after, hash_)
        hash_ = rules.hash_of(entry)
        rows.append({name: getattr(entry, name) for name in _NAMES} | {"hash": hash_})
    session.execute(insert(_CHANGE), rows)
    session.execute(_MOVE_HEAD, {"seq": seq, "hash": hash_})
