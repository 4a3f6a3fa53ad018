"""Tiles: the hashes and entries of a log as static files that any web server can serve (C2SP `tlog-tiles`).

A tile of level L holds up to 256 hashes of subtrees of 256**L leaves; an entry bundle holds up to 256 entries. A full one never
changes. The rightmost ones are partial and bear their width in their name, so that no name ever has two contents.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from onex.transparency.tree import HASH_SIZE, Node, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
CHECKPOINT = "checkpoint"
MAX_ENTRY = 0xFFFF
"""The longest entry in bytes: its length is written with 16 bits."""


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile; `level` None names a bundle of entries. `width` is 256 for a full one."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's address, such as `tile/0/x001/x234/067.p/5`."""
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{_written(self.index)}{partial}"


_PATH = re.compile(r"tile/(?P<kind>entries|0|[1-9]\d?)/(?P<index>(x\d{3}/)*\d{3})(\.p/(?P<width>[1-9]\d{0,2}))?")


def parse(path: str) -> TileName:
    """The tile that lies at a path; raise ValueError when none can."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise ValueError("This is no tile's path.")
    level = None if match["kind"] == "entries" else int(match["kind"])
    width = int(match["width"]) if match["width"] else WIDTH
    name = TileName(level, int(match["index"].replace("x", "").replace("/", "")), width)
    if name.path != path or (match["width"] and width >= WIDTH) or (level or 0) > 63:
        raise ValueError("A tile's path is written in one way only.")
    return name


def _written(index: int) -> str:
    """1234067 as `x001/x234/067`."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return "/".join(groups)


def tile_of(node: Node, size: int) -> tuple[TileName, int, int]:
    """The tile that holds a subtree's hash in a log of `size` leaves, and the range of the tile's hashes to fold for it."""
    level, up = divmod(node.level, HEIGHT)
    first = node.index << up
    index, start = divmod(first, WIDTH)
    there = size >> (level * HEIGHT)
    if first + (1 << up) > there:
        raise ValueError(f"{node} is not whole in a log of {size} leaves.")
    return TileName(level, index, min(WIDTH, there - index * WIDTH)), start, start + (1 << up)


def read_nodes(nodes: Sequence[Node], size: int, fetch: Callable[[TileName], bytes]) -> list[bytes]:
    """The hashes of subtrees, from the tiles of a log of `size` leaves; each tile is fetched once."""
    kept: dict[TileName, bytes] = {}
    found: list[bytes] = []
    for node in nodes:
        name, start, end = tile_of(node, size)
        if name not in kept:
            kept[name] = fetch(name)
            if len(kept[name]) != name.width * HASH_SIZE:
                raise ValueError(f"{name.path} has {len(kept[name])} bytes.")
        found.append(fold(kept[name][start * HASH_SIZE : end * HASH_SIZE]))
    return found


def fold(hashes: bytes) -> bytes:
    """The root of a whole subtree from the hashes at its foot."""
    row = [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def grown(old_size: int, size: int) -> Iterator[TileName]:
    """The tiles that are new or wider when a log grows from `old_size` to `size` leaves, level by level, without entries."""
    level = 0
    while (there := size >> (level * HEIGHT)) > 0:
        before = old_size >> (level * HEIGHT)
        if there > before:
            for index in range(before // WIDTH, (there - 1) // WIDTH + 1):
                yield TileName(level, index, min(WIDTH, there - index * WIDTH))
        level += 1


def grown_bundles(old_size: int, size: int) -> Iterator[TileName]:
    """The bundles of entries that are new or wider when a log grows."""
    for index in range(old_size // WIDTH, (size - 1) // WIDTH + 1 if size > old_size else 0):
        yield TileName(None, index, min(WIDTH, size - index * WIDTH))


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after another, each behind its length in 16 bits, big-endian."""
    if any(len(entry) > MAX_ENTRY for entry in entries):
        raise ValueError(f"An entry has at most {MAX_ENTRY} bytes.")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; raise ValueError when it is cut off."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2])
        entry = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(entry) != length:
            raise ValueError("The bundle is cut off.")
        entries.append(entry)
        at += 2 + length
    return entries
