"""The log's tiles in this database: read for hashes and proofs, and grown with the log."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from onex.transparency import tiles, tree
from onex.transparency.tiles import WIDTH, TileName
from onex.transparency.tree import HASH_SIZE, Node
from services.certificates.log.models import LogTile

_KEEP = text(
    "INSERT INTO log_tile (level, index, hashes) SELECT * FROM unnest(CAST(:levels AS smallint[]),"
    " CAST(:indexes AS bigint[]), CAST(:hashes AS bytea[])) ON CONFLICT (level, index) DO UPDATE SET hashes = excluded.hashes"
)


class Shelf:
    """The tiles of a log of `size` entries. Each tile is read once, and all that one question needs in one query."""

    def __init__(self, session: Session, size: int) -> None:
        self._session, self.size = session, size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        """The hashes of whole subtrees of the log."""
        self._fetch({tiles.tile_of(node, self.size)[0] for node in nodes})
        return tiles.read_nodes(nodes, self.size, self._tile)

    def grow(self, entry_hashes: Sequence[bytes]) -> None:
        """Put the hashes of new entries on their tiles, and on the tiles above those that became full."""
        old_size, self.size = self.size, self.size + len(entry_hashes)
        added = list(entry_hashes)
        grown: dict[tuple[int, int], bytes] = {}
        level = 0
        while added:
            before = old_size >> (level * tiles.HEIGHT)
            if before % WIDTH:
                self._fetch([TileName(level, before // WIDTH, before % WIDTH)])
            full: list[bytes] = []
            for index, hashes in _laid_out(level, before, added, self._tiles):
                grown[level, index] = hashes
                if len(hashes) == WIDTH * HASH_SIZE:
                    full.append(tiles.fold(hashes))
            added, level = full, level + 1
        self._tiles |= grown
        if grown:
            self._session.execute(
                _KEEP,
                {
                    "levels": [level for level, _ in grown],
                    "indexes": [index for _, index in grown],
                    "hashes": list(grown.values()),
                },
            )

    def root(self) -> bytes:
        """The root hash over all entries."""
        return tree.root(self.size, self.read)

    def _fetch(self, names: Iterable[TileName]) -> None:
        wanted = {(name.level, name.index) for name in names} - self._tiles.keys()
        if wanted:
            found = select(LogTile.level, LogTile.index, LogTile.hashes)
            rows = self._session.execute(found.where(tuple_(LogTile.level, LogTile.index).in_(sorted(wanted))))
            self._tiles |= {(level, index): bytes(hashes) for level, index, hashes in rows}

    def _tile(self, name: TileName) -> bytes:
        # A later head may have made the tile wider: the log as it was at this size is its beginning.
        assert name.level is not None
        return self._tiles[name.level, name.index][: name.width * HASH_SIZE]


def _laid_out(
    level: int, before: int, added: Sequence[bytes], kept: dict[tuple[int, int], bytes]
) -> Iterable[tuple[int, bytes]]:
    """The tiles that hold the hashes `added` to a level that had `before`."""
    at = 0
    while at < len(added):
        index, width = divmod(before + at, WIDTH)
        part = added[at : at + WIDTH - width]
        start = kept[level, index][: width * HASH_SIZE] if width else b""
        yield index, start + b"".join(part)
        at += len(part)
