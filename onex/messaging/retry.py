"""What becomes of an event that could not be handled: a pure decision."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onex.chassis.problems import NotYetKnown, Refusal
from onex.contracts.event import Undecodable
from onex.messaging.topology import RETRY_DELAYS_S

MAX_STARTS = 3
"""So often may an event be started that was being handled when its process died."""


@dataclass(frozen=True)
class Retry:
    """Hand the event to the delay tier of this many seconds."""

    delay_s: int


@dataclass(frozen=True)
class Park:
    """Set the event aside for an operator."""

    code: str
    reason: str


class DatabaseAway(Exception):
    """The consumer's own database does not answer: nothing can be decided, the messages go back to their queue."""


def decide(error: BaseException, attempts_before: int) -> Retry | Park:
    """Retry what may pass by itself while tiers are left; park the rest. `attempts_before` counts from 0."""
    if is_transient(error):
        if attempts_before < len(RETRY_DELAYS_S):
            return Retry(RETRY_DELAYS_S[attempts_before])
        return Park("retries_exhausted", _say(error))
    if isinstance(error, Refusal):
        return Park(error.code, error.detail)
    if isinstance(error, Undecodable):
        return Park("undecodable", str(error))
    return Park("unexpected_error", _say(error))


def is_transient(error: BaseException) -> bool:
    """What may pass by itself: something not heard of yet, a lock, a serialization failure, a full disk, a time-out.

    Not a limit of PostgreSQL's own (SQLSTATE class 54), such as a value too long for its index: it is there again.
    """
    if isinstance(error, OperationalError) and (getattr(error.orig, "sqlstate", None) or "").startswith("54"):
        return False
    return isinstance(error, NotYetKnown | OperationalError | InterfaceError | PoolTimeout | TimeoutError)


def is_database_away(error: BaseException) -> bool:
    """Whether the connection itself was lost (SQLSTATE class 08 and 57P, or none because nobody answered).

    57014, a statement that took too long, is the statement's own fault and not here.
    """
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P")))


def _say(error: BaseException) -> str:
    """The kind of an unexpected error, and its text only where it is our own: a driver's text may quote personal data."""
    own = isinstance(error, NotYetKnown)
    return f"{type(error).__name__}: {error}" if own else type(error).__name__
