"""Secrets are kept as argon2id hashes (RFC 9106, its low-memory recommendation: 64 MiB and some 50 ms for each).

A process works at few of them at once, so that a flood of sign-ins takes neither its memory nor all its time; and few wait
for their turn, so that it does not take every web thread either.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from services.registry.identity.errors import Busy

AT_ONCE = 2
MAY_WAIT = 4  # of the eight web threads two are left for every other door
WAIT_AT_MOST_S = 10.0
LONGEST_SECRET = 1024

_hasher = PasswordHasher()
_inside = threading.BoundedSemaphore(AT_ONCE + MAY_WAIT)
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _place() -> Iterator[None]:
    if not _inside.acquire(blocking=False):
        raise Busy(retry_after_s=1)
    try:
        if not _places.acquire(timeout=WAIT_AT_MOST_S):
            raise Busy(retry_after_s=int(WAIT_AT_MOST_S))
        try:
            yield
        finally:
            _places.release()
    finally:
        _inside.release()


def hashed(secret: str) -> str:
    """The hash of a secret; raise Busy when there is no turn for it, at once when enough others wait."""
    with _place():
        return _hasher.hash(secret)


def is_right(kept: str | None, secret: str) -> bool:
    """Whether `secret` is the one that `kept` is the hash of; without a hash it is not, at the same cost. May raise Busy."""
    with _place():
        try:
            return _hasher.verify(kept or _nobodys(), secret[:LONGEST_SECRET]) and (
                kept is not None and len(secret) <= LONGEST_SECRET
            )
        except (Argon2Error, InvalidHashError, UnicodeEncodeError):
            return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
