"""In whose name a transaction works: who asked for it, and by which door."""

from typing import NamedTuple

from onex.chassis.database import UnitOfWork

_KEY = "acting"


class Acting(NamedTuple):
    """`actor` is a client's or a person's id, `public` for a door that is open to anyone, or the name of a door that an event
    or the time opens; `verb` is the door."""

    actor: str
    role: str | None
    verb: str


NOBODY_SAID = Acting("system", None, "system")


def work_as(session: UnitOfWork, actor: str, role: str | None, verb: str) -> None:
    """Say in whose name the session's transaction works; the last word before its commit counts."""
    session.info[_KEY] = Acting(actor, role, verb)


def acting(session: UnitOfWork) -> Acting:
    """In whose name it works; the system's, such as when it plants its seeds, where nobody said."""
    return session.info.get(_KEY, NOBODY_SAID)
