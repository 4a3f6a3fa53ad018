"""Merkle trees as RFC 6962 hashes them, and the two proofs that nobody has to take a log's word: inclusion and consistency.

Section 2.1 of the RFC defines every hash and proof here; it was taken over by RFC 9162 and C2SP `tlog-tiles` unchanged. A proof
is the list of hashes of whole subtrees, so both sides need only know which subtrees: `inclusion_nodes` and `consistency_nodes`
name them, a log fetches them from wherever it keeps hashes, and the `check_` functions put them together again.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a log without entries."""


class ProofWrong(ValueError):
    """A proof does not lead to the root it should."""


@dataclass(frozen=True, slots=True)
class Node:
    """The subtree of 2**level leaves that begins at leaf `index * 2**level`."""

    level: int
    index: int


Hashes = Callable[[Sequence[Node]], Sequence[bytes]]
"""Gives the hash of each whole subtree that is asked for, in the order asked."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 of 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: SHA-256 of 0x01 and their hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_nodes(size: int) -> list[Node]:
    """The whole subtrees that a tree of `size` leaves consists of, from left to right: one for each bit of its size."""
    return _span(0, size)


def root(size: int, hashes: Hashes) -> bytes:
    """The root of the tree's first `size` leaves."""
    return _fold(hashes(root_nodes(size))) if size else EMPTY_ROOT


def inclusion_nodes(index: int, size: int) -> list[list[Node]]:
    """For each hash of the proof that leaf `index` is in a tree of `size` leaves, the subtrees it is folded from."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} among {size}.")
    path: list[list[Node]] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(_span(middle, last))
            last = middle
        else:
            path.append(_span(first, middle))
            first = middle
    return path[::-1]


def consistency_nodes(old_size: int, size: int) -> list[list[Node]]:
    """For each hash of the proof that a tree of `size` leaves begins with one of `old_size`, the subtrees it is folded from."""
    if not 0 < old_size <= size:
        raise ValueError(f"A tree of {size} leaves does not begin with one of {old_size}.")
    path: list[list[Node]] = []
    first, last, whole = 0, size, True
    while old_size < last:
        middle = first + _split(last - first)
        if old_size <= middle:
            path.append(_span(middle, last))
            last = middle
        else:
            path.append(_span(first, middle))
            first, whole = middle, False
    return ([] if whole else [_span(first, last)]) + path[::-1]


def proof(nodes: Sequence[Sequence[Node]], hashes: Hashes) -> list[bytes]:
    """The hashes of a proof, whose subtrees are fetched with one call."""
    flat = iter(hashes([node for part in nodes for node in part]))
    return [_fold([next(flat) for _ in part]) for part in nodes]


def check_inclusion(entry_hash: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> None:
    """Raise ProofWrong unless `path` proves that the leaf with this hash is number `index` of the tree with this root."""
    if not 0 <= index < size:
        raise ProofWrong(f"There is no leaf {index} among {size}.")
    at, end, result, left = index, size - 1, entry_hash, list(path)
    while end:
        if at % 2 or at < end:
            if not left:
                raise ProofWrong("The proof is too short.")
            sibling = left.pop(0)
            result = node_hash(sibling, result) if at % 2 else node_hash(result, sibling)
        at, end = at // 2, end // 2
    if left:
        raise ProofWrong("The proof is too long.")
    if result != root_hash:
        raise ProofWrong("The proof leads to another root.")


def check_consistency(old_size: int, old_root: bytes, size: int, root_hash: bytes, path: Sequence[bytes]) -> None:
    """Raise ProofWrong unless `path` proves that the tree of `size` leaves begins with the one of `old_size`.

    Follows RFC 9162, section 2.1.4.2, which says how to check what RFC 6962 says how to make.
    """
    if not 0 < old_size <= size:
        raise ProofWrong(f"A tree of {size} leaves does not begin with one of {old_size}.")
    if old_size == size:
        if path:
            raise ProofWrong("The proof is too long.")
        if old_root != root_hash:
            raise ProofWrong("Two roots for one size.")
        return
    left = list(path)
    if old_size & (old_size - 1) == 0:
        left.insert(0, old_root)
    if not left:
        raise ProofWrong("The proof is too short.")
    at, end = old_size - 1, size - 1
    while at % 2:
        at, end = at // 2, end // 2
    old = new = left.pop(0)
    while end:
        if at % 2 or at < end:
            if not left:
                raise ProofWrong("The proof is too short.")
            sibling = left.pop(0)
            if at % 2:
                old, new = node_hash(sibling, old), node_hash(sibling, new)
            else:
                new = node_hash(new, sibling)
        at, end = at // 2, end // 2
    if left:
        raise ProofWrong("The proof is too long.")
    if old != old_root or new != root_hash:
        raise ProofWrong("The proof leads to another root.")


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _span(first: int, last: int) -> list[Node]:
    """The whole subtrees of the leaves from `first` to before `last`, where `first` begins a subtree as large as they need."""
    nodes: list[Node] = []
    while first < last:
        level = (last - first).bit_length() - 1
        nodes.append(Node(level, first >> level))
        first += 1 << level
    return nodes


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over subtrees that stand side by side, each smaller than the one before it."""
    result = hashes[-1]
    for one in reversed(hashes[:-1]):
        result = node_hash(one, result)
    return result
