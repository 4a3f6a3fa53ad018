"""Tiles as C2SP `tlog-tiles` names and fills them, and proofs read from nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onex.transparency import tiles, tree
from onex.transparency.tiles import TileName


class Site:
    """A web server's folder with a log's tiles, written as the log grows."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.rows: list[list[bytes]] = [[]]
        self.size = 0

    def grow(self, entries: list[bytes]) -> None:
        old = self.size
        self.size += len(entries)
        self.rows[0] += [tree.leaf_hash(entry) for entry in entries]
        level = 0
        while len(self.rows[level]) >= tiles.WIDTH:
            if level + 1 == len(self.rows):
                self.rows.append([])
            done, row = len(self.rows[level + 1]), self.rows[level]
            for at in range(done, len(row) // tiles.WIDTH):
                self.rows[level + 1].append(fold(row[at * tiles.WIDTH : (at + 1) * tiles.WIDTH]))
            level += 1
        for name in tiles.grown(old, self.size):
            assert name.level is not None
            row = self.rows[name.level][name.index * tiles.WIDTH :][: name.width]
            assert name.path not in self.files, "a name has two contents"
            self.files[name.path] = b"".join(row)

    def fetch(self, name: TileName) -> bytes:
        return self.files[name.path]


def fold(row: list[bytes]) -> bytes:
    while len(row) > 1:
        row = [tree.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.data())
def test_a_log_read_from_its_tiles_alone_proves_what_is_in_it(steps: list[int], data: st.DataObject) -> None:
    site, roots = Site(), []
    entries: list[bytes] = []
    for count in steps:
        new = [b"entry %d" % (len(entries) + at) for at in range(count)]
        site.grow(new)
        entries += new
        size = len(entries)
        roots.append((size, tree.root(size, lambda nodes, size=size: tiles.read_nodes(nodes, size, site.fetch))))
    size, root = roots[-1]

    def read(nodes: list[tree.Node]) -> list[bytes]:
        return tiles.read_nodes(nodes, size, site.fetch)

    index = data.draw(st.integers(0, size - 1))
    path = tree.proof(tree.inclusion_nodes(index, size), read)
    tree.check_inclusion(tree.leaf_hash(entries[index]), index, size, path, root)
    for old_size, old_root in roots:
        path = tree.proof(tree.consistency_nodes(old_size, size), read)
        tree.check_consistency(old_size, old_root, size, root, path)


def test_a_tree_of_more_than_65536_leaves_has_three_levels_of_tiles() -> None:
    site = Site()
    site.grow([b"%d" % number for number in range(70_000)])
    assert {tiles.parse(path).level for path in site.files} == {0, 1, 2}
    read = lambda nodes: tiles.read_nodes(nodes, 70_000, site.fetch)  # noqa: E731
    root = tree.root(70_000, read)
    for index in (0, 255, 256, 65_535, 65_536, 69_999):
        path = tree.proof(tree.inclusion_nodes(index, 70_000), read)
        tree.check_inclusion(tree.leaf_hash(b"%d" % index), index, 70_000, path, root)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 0, 5), "tile/0/000.p/5"),
        (TileName(3, 1_234_067), "tile/3/x001/x234/067"),
        (TileName(None, 1_000), "tile/entries/x001/000"),
        (TileName(None, 999, 255), "tile/entries/999.p/255"),
    ],
)
def test_a_tile_lies_where_the_specification_says(name: TileName, path: str) -> None:
    assert name.path == path
    assert tiles.parse(path) == name


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_leads_back_to_its_tile(level: int | None, index: int, width: int) -> None:
    name = TileName(level, index, width)
    assert tiles.parse(name.path) == name


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/05", "tile/64/000", "tile/entry/000", "tile/0/000/", "/tile/0/000",
        "tile/0/../000", "tile/0/x001/x002", "tile/0/٠٠٠", "tile/0/000\n",
    ],
)  # fmt: skip
def test_what_is_no_tiles_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"tile's path"):
        tiles.parse(path)


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert tiles.unbundle(tiles.bundle(entries)) == entries


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=9), st.data())
def test_a_bundle_that_is_cut_off_is_refused_or_has_fewer_entries(entries: list[bytes], data: st.DataObject) -> None:
    ends = {len(tiles.bundle(entries[:count])): count for count in range(len(entries))}
    cut = data.draw(st.integers(0, len(tiles.bundle(entries)) - 1))
    part = tiles.bundle(entries)[:cut]
    if cut in ends:
        assert tiles.unbundle(part) == entries[: ends[cut]]
    else:
        with pytest.raises(ValueError, match="cut off"):
            tiles.unbundle(part)


def test_an_entry_longer_than_its_length_can_say_is_refused() -> None:
    assert tiles.unbundle(tiles.bundle([b"x" * 65_535])) == [b"x" * 65_535]
    with pytest.raises(ValueError, match="65535"):
        tiles.bundle([b"x" * 65_536])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (0, 1, ["tile/0/000.p/1"]),
        (1, 1, []),
        (1, 256, ["tile/0/000", "tile/1/000.p/1"]),
        (256, 257, ["tile/0/001.p/1"]),
        (255, 513, ["tile/0/000", "tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2"]),
    ],
)
def test_only_what_grew_is_written_anew(old: int, new: int, expected: list[str]) -> None:
    assert [name.path for name in tiles.grown(old, new)] == expected


def test_bundles_grow_with_the_entries() -> None:
    assert [name.path for name in tiles.grown_bundles(255, 513)] == [
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/1",
    ]  # fmt: skip
    assert list(tiles.grown_bundles(7, 7)) == []
    assert list(tiles.grown_bundles(0, 0)) == []


def test_a_tile_of_the_wrong_size_is_not_believed() -> None:
    with pytest.raises(ValueError, match="has 31 bytes"):
        tiles.read_nodes([tree.Node(0, 0)], 1, lambda name: b"x" * 31)
    with pytest.raises(ValueError, match="not whole"):
        tiles.tile_of(tree.Node(1, 0), 1)
