"""RFC 6962's tree: its published hashes, and proofs that hold for what is there and for nothing else."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onex.transparency import tree
from onex.transparency.tree import Node, ProofWrong

# The entries and roots with which implementations of RFC 6962 are commonly checked (certificate-transparency's own tests).
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Leaves:
    """A tree kept as its leaves, hashed as section 2.1 of the RFC says it, word for word."""

    def __init__(self, count: int) -> None:
        self.hashes = [tree.leaf_hash(b"%d" % number) for number in range(count)]

    def root(self, first: int, last: int) -> bytes:
        if last - first == 0:
            return tree.EMPTY_ROOT
        if last - first == 1:
            return self.hashes[first]
        k = 1
        while k * 2 < last - first:
            k *= 2
        return tree.node_hash(self.root(first, first + k), self.root(first + k, last))

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        return [self.root(node.index << node.level, (node.index + 1) << node.level) for node in nodes]


LEAVES = Leaves(200)
SIZES = st.integers(1, 200)


def test_the_roots_are_those_of_other_implementations() -> None:
    leaves = Leaves(0)
    for entry, expected in zip(ENTRIES, ROOTS, strict=True):
        leaves.hashes.append(tree.leaf_hash(bytes.fromhex(entry)))
        assert tree.root(len(leaves.hashes), leaves.read).hex() == expected
    assert tree.root(0, leaves.read).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 70))
def test_every_leaf_of_every_small_tree_is_proved_and_no_other_leaf_is(size: int) -> None:
    root = LEAVES.root(0, size)
    for index in range(size):
        path = tree.proof(tree.inclusion_nodes(index, size), LEAVES.read)
        tree.check_inclusion(LEAVES.hashes[index], index, size, path, root)
        for wrong in {0, index - 1, index + 1, size - 1, size} - {index}:
            with pytest.raises(ProofWrong):
                tree.check_inclusion(LEAVES.hashes[index], wrong, size, path, root)


@pytest.mark.parametrize("size", range(1, 40))
def test_every_small_tree_is_proved_to_begin_with_every_smaller_one(size: int) -> None:
    for old_size in range(1, size + 1):
        path = tree.proof(tree.consistency_nodes(old_size, size), LEAVES.read)
        tree.check_consistency(old_size, LEAVES.root(0, old_size), size, LEAVES.root(0, size), path)
        for wrong in {old_size - 1, old_size + 1}:
            with pytest.raises(ProofWrong):
                tree.check_consistency(wrong, LEAVES.root(0, old_size), size, LEAVES.root(0, size), path)


@settings(max_examples=200)
@given(SIZES, st.data())
def test_a_proof_of_inclusion_with_anything_altered_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    root = LEAVES.root(0, size)
    path = tree.proof(tree.inclusion_nodes(index, size), LEAVES.read)
    altered = data.draw(st.sampled_from(altered_forms(path)))
    with pytest.raises(ProofWrong):
        tree.check_inclusion(LEAVES.hashes[index], index, size, altered, root)
    with pytest.raises(ProofWrong):
        tree.check_inclusion(tree.leaf_hash(b"another"), index, size, path, root)
    with pytest.raises(ProofWrong):
        tree.check_inclusion(LEAVES.hashes[index], index, size, path, tree.EMPTY_ROOT)


@settings(max_examples=200)
@given(SIZES, st.data())
def test_a_proof_of_consistency_with_anything_altered_is_refused(size: int, data: st.DataObject) -> None:
    old_size = data.draw(st.integers(1, size))
    old_root, root = LEAVES.root(0, old_size), LEAVES.root(0, size)
    path = tree.proof(tree.consistency_nodes(old_size, size), LEAVES.read)
    altered = data.draw(st.sampled_from(altered_forms(path)))
    with pytest.raises(ProofWrong):
        tree.check_consistency(old_size, old_root, size, root, altered)
    with pytest.raises(ProofWrong):
        tree.check_consistency(old_size, tree.leaf_hash(b"another"), size, root, path)


def altered_forms(path: list[bytes]) -> list[list[bytes]]:
    """The proof cut, lengthened, with two hashes changing places, and with one bit of each hash turned."""
    turned = [[*path[:at], bytes([path[at][0] ^ 1]) + path[at][1:], *path[at + 1 :]] for at in range(len(path))]
    swapped = [path[1::-1] + path[2:]] if len(path) > 1 else []
    return [
        [*path, tree.EMPTY_ROOT],
        [tree.EMPTY_ROOT, *path],
        *([path[:-1], path[1:]] if path else []),
        *turned,
        *swapped,
    ]


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        tree.inclusion_nodes(index, size)


@pytest.mark.parametrize(("old_size", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_proof_that_a_tree_begins_with_a_larger_one_or_none(old_size: int, size: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        tree.consistency_nodes(old_size, size)
