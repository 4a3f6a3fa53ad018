"""How often a name may be tried. Counted for names that nobody has too: an answer tells no stranger who is known here.

Each step is a short transaction of its own: what is refused must still be counted, and no connection waits for a hash.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.registry.identity import rules
from services.registry.identity.models import SignInGuard
from services.registry.identity.rules import Tries

FORGOTTEN_AT_A_TIME = 1000


def name_index(vault: Vault, username: str) -> bytes:
    """By which attempts with a name are counted, without the name."""
    return vault.blind_index(username, "user name")


def count(session: UnitOfWork, name_index: bytes, now: datetime) -> Tries:
    """Count one more attempt; raise SignInLocked, and count nothing, while the name is locked."""
    key = {"name_index": name_index}
    blank = key | asdict(Tries(failures=0, total=0, counted_from=now, tried_at=now))
    session.execute(insert(SignInGuard).values(blank).on_conflict_do_nothing())
    columns = select(SignInGuard.__table__).where(SignInGuard.name_index == name_index).with_for_update()
    row = dict(session.execute(columns).mappings().one())
    del row["name_index"]
    after = rules.tried(Tries(**row), now)
    session.execute(update(SignInGuard).where(SignInGuard.name_index == name_index).values(asdict(after)))
    return after


def forget(session: UnitOfWork, name_index: bytes) -> int:
    """The password was right, or an operator unlocked the name: how many attempts there had been."""
    gone = delete(SignInGuard).where(SignInGuard.name_index == name_index).returning(SignInGuard.total)
    return session.execute(gone).scalar() or 0


def forget_old(session: UnitOfWork, now: datetime) -> bool:
    """Forget names that were not tried for long; whether there may be more of them."""
    calm = SignInGuard.tried_at < now - rules.CALM_AFTER
    never_locked = (SignInGuard.locks == 0) & (SignInGuard.tried_at < now - rules.TRIED_WITHIN)
    some = select(SignInGuard.name_index).where(or_(calm, never_locked)).limit(FORGOTTEN_AT_A_TIME)
    gone = session.execute(delete(SignInGuard).where(SignInGuard.name_index.in_(some)))
    return gone.rowcount >= FORGOTTEN_AT_A_TIME  # type: ignore[attr-defined, no-any-return]
