"""Which bit of which status list is a certificate's: drawn once, never given to another, and telling nothing.

A position is the next number of a sequence, so processes that draw at once never get the same one and never wait for each
other; a number that is drawn and not used stays a gap. The number's quotient by the size of a list says which list, its
remainder goes through a permutation of the list's places that only the holder of the vault's key can tell. So a place is found
without a search, and who sees the places of two certificates does not learn which was issued first.

The permutation is a Feistel network of ten rounds (as FF1 has, NIST SP 800-38G) over 9 and 8 bits. Each round's function is a
table of random bytes, drawn from SHAKE-256 under a key of the list's own.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import text

from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault

LIST_SIZE = 131_072
"""Places in a list: 16 KiB of bits, the fewest that the Bitstring Status List allows, so that a place hides among many."""
_PAIRS_OF_ROUNDS = 5
_LEFT_BITS, _RIGHT_BITS = 9, 8
_LEFT, _RIGHT = 1 << _LEFT_BITS, 1 << _RIGHT_BITS
_NEXT = text("SELECT array_agg(nextval('status_position')) FROM generate_series(1, :count)")
_Rounds = tuple[tuple[tuple[int, ...], bytes], ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A bit: the list, counted from 0, and the index in it."""

    list: int
    index: int


def draw(session: UnitOfWork, vault: Vault, count: int) -> list[Position]:
    """`count` positions that nobody has and nobody else will get, in one query. Raises ValueError for a negative count."""
    if count < 0:
        raise ValueError(f"cannot draw {count} positions")
    drawn: list[int] = session.scalar(_NEXT, {"count": count}) or []
    return [position(vault, number) for number in drawn]


def position(vault: Vault, number: int) -> Position:
    """The position that the sequence's `number` (from 0) stands for."""
    which, place = divmod(number, LIST_SIZE)
    return Position(which, _permuted(place, _order(vault, which)))


def _permuted(place: int, rounds: _Rounds) -> int:
    left, right = place >> _RIGHT_BITS, place & (_RIGHT - 1)
    for of_right, of_left in rounds:
        left ^= of_right[right]
        right ^= of_left[left]
    return left << _RIGHT_BITS | right


@lru_cache(maxsize=64)  # a batch lies in one list, rarely in two
def _order(vault: Vault, which: int) -> _Rounds:
    return _rounds(vault.blind_index(str(which), "status list order"))


def _rounds(key: bytes) -> _Rounds:
    """Of each pair of rounds the two tables: 9 bits for each right half, 8 bits for each left half."""
    size = 2 * _RIGHT + _LEFT
    stream = hashlib.shake_256(key).digest(size * _PAIRS_OF_ROUNDS)
    rounds = []
    for start in range(0, len(stream), size):
        wide, narrow = stream[start : start + 2 * _RIGHT], stream[start + 2 * _RIGHT : start + size]
        nine = tuple(int.from_bytes(wide[at : at + 2]) & (_LEFT - 1) for at in range(0, len(wide), 2))
        rounds.append((nine, narrow))
    return tuple(rounds)
