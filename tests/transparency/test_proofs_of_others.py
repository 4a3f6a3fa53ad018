"""Proofs that another implementation made, and each way in which it breaks them to see that a verifier notices.

The proofs, the roots they lead to and the ways of breaking them are those of transparency-dev/merkle, proof/verify_test.go
(Apache-2.0), at commit 02194e9a, which took them from certificate-transparency's tests. Leaves are counted from 0 here.
"""

from typing import NamedTuple

import pytest

from onex.transparency import tree
from onex.transparency.tree import EMPTY_ROOT, ProofWrong
from tests.transparency.test_tree import ENTRIES, ROOTS, Leaves

SOME = bytes.fromhex("abacaba000000000000000000000000000000000000000000060061e00123456")
LEAVES = Leaves(0)
LEAVES.hashes = [tree.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]


def path_of(*hashes: str) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]


class Inclusion(NamedTuple):
    index: int
    size: int
    path: list[bytes]


class Consistency(NamedTuple):
    old_size: int
    size: int
    path: list[bytes]


OF_1_IN_8 = path_of(
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
INCLUSIONS = [
    Inclusion(0, 1, []),
    Inclusion(0, 8, OF_1_IN_8),
    Inclusion(
        5,
        8,
        path_of(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    Inclusion(2, 3, path_of("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")),
    Inclusion(
        1,
        5,
        path_of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
]
CONSISTENCIES = [
    Consistency(1, 8, OF_1_IN_8),
    Consistency(
        6,
        8,
        path_of(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
    Consistency(
        2,
        5,
        path_of(
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ),
    ),
    Consistency(
        6,
        7,
        path_of(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ),
    ),
]


def root(size: int) -> bytes:
    return bytes.fromhex(ROOTS[size - 1])


def turned(path: list[bytes], bit: int) -> list[list[bytes]]:
    """The path with one bit of each of its hashes turned."""
    return [[*path[:at], bytes([path[at][0] ^ bit]) + path[at][1:], *path[at + 1 :]] for at in range(len(path))]


@pytest.mark.parametrize("proof", INCLUSIONS)
def test_the_proofs_of_inclusion_are_made_and_hold(proof: Inclusion) -> None:
    index, size, path = proof
    assert tree.proof(tree.inclusion_nodes(index, size), LEAVES.read) == path
    tree.check_inclusion(LEAVES.hashes[index], index, size, path, root(size))


@pytest.mark.parametrize("proof", INCLUSIONS)
def test_what_they_break_of_a_proof_of_inclusion_is_noticed(proof: Inclusion) -> None:
    index, size, path = proof
    leaf, right = LEAVES.hashes[index], root(size)
    broken = [
        *((wrong, size, path, right, leaf) for wrong in (index - 1, index + 1, index ^ 2)),
        *((index, wrong, path, right, leaf) for wrong in (size * 2, size // 2)),
        (index, size, path, right, b"WrongLeaf"),
        *((index, size, path, wrong, leaf) for wrong in (EMPTY_ROOT, SOME)),
        *((index, size, wrong, right, leaf) for wrong in ([*path, b""], [*path, right], [b"", *path], [right, *path])),
        *((index, size, wrong, right, leaf) for wrong in turned(path, 8)),
    ]
    if path:
        broken.append((index, size, path[:-1], right, leaf))
    if len(path) > 1:
        broken.append((index, size, [path[0], SOME, *path[1:]], right, leaf))
    for at, of, hashes, to, what in broken:
        with pytest.raises(ProofWrong):
            tree.check_inclusion(what, at, of, hashes, to)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (0, 1), (1, 0), (2, 1)])
def test_nothing_is_included_by_no_proof(index: int, size: int) -> None:
    for leaf, of in ((SOME, b""), (b"", EMPTY_ROOT), (SOME, EMPTY_ROOT)):
        with pytest.raises(ProofWrong):
            tree.check_inclusion(leaf, index, size, [], of)


@pytest.mark.parametrize("proof", CONSISTENCIES)
def test_the_proofs_of_consistency_are_made_and_hold(proof: Consistency) -> None:
    old_size, size, path = proof
    assert tree.proof(tree.consistency_nodes(old_size, size), LEAVES.read) == path
    tree.check_consistency(old_size, root(old_size), size, root(size), path)


@pytest.mark.parametrize("proof", CONSISTENCIES)
def test_what_they_break_of_a_proof_of_consistency_is_noticed(proof: Consistency) -> None:
    old_size, size, path = proof
    old, new = root(old_size), root(size)
    broken = [
        *((wrong, size, old, new, path) for wrong in (old_size - 1, old_size + 1, old_size ^ 2)),
        *((old_size, wrong, old, new, path) for wrong in (size * 2, size // 2)),
        (old_size, size, b"WrongRoot", new, path),
        (old_size, size, old, b"WrongRoot", path),
        (old_size, size, new, old, path),
        *(
            (old_size, size, old, new, wrong)
            for wrong in (
                [], [*path, b""], [*path, old], [*path, new], [b"", *path], [old, *path], [new, *path], [path[0], *path],
                path[:-1], *turned(path, 16),
            )
        ),
    ]  # fmt: skip
    for before, of, first, to, hashes in broken:
        with pytest.raises(ProofWrong):
            tree.check_consistency(before, first, of, to, hashes)


@pytest.mark.parametrize(
    ("old_size", "size", "old", "new", "path"),
    [
        (1, 1, b"one", b"another", []), (1, 0, b"one", b"another", []), (2, 1, b"one", b"another", []),
        (1, 2, b"one", b"another", []), (1, 1, EMPTY_ROOT, b"another", []), (1, 1, EMPTY_ROOT, EMPTY_ROOT, [EMPTY_ROOT]),
        (0, 1, EMPTY_ROOT, EMPTY_ROOT, [EMPTY_ROOT]),
    ],
)  # fmt: skip
def test_trees_that_do_not_agree_are_not_proved_to(
    old_size: int, size: int, old: bytes, new: bytes, path: list[bytes]
) -> None:
    with pytest.raises(ProofWrong):
        tree.check_consistency(old_size, old, size, new, path)


def test_a_tree_agrees_with_itself() -> None:
    tree.check_consistency(1, root(1), 1, root(1), [])
