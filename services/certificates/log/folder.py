"""The log as a folder of static files, `checkpoint` and `tile/…`, that any web server can serve (C2SP `tlog-tiles`).

Only what is new since the folder's own checkpoint is written. Each file appears whole under its name; the checkpoint comes last,
so that whoever reads it finds all that it speaks of. Killed at any point, the next turn goes on from the folder's checkpoint.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from onex.chassis.settings import read
from onex.transparency import tiles
from onex.transparency.notes import Checkpoint
from onex.transparency.tiles import HEIGHT, TileName
from services.certificates.log import queries

TURN_S = 0.5
"""For so long files are written in one turn, as nothing else of the worker goes on meanwhile; then the next turn goes on."""
_NOT_SET = Path()


class FolderOfAnother(Exception):
    """What is in the folder is of another log, or of a longer one than this."""


def folder_in_force() -> Path | None:
    """The folder that `ONEX_LOG_FOLDER` names; None where it is not set, and no files are kept."""
    named = read(os.environ, "ONEX_LOG_FOLDER", Path, "the folder for the log's static files", _NOT_SET)
    return None if named == _NOT_SET else named


def publish(session: Session, folder: Path) -> bool:
    """Bring the folder to the newest head; whether a further turn is needed for that. Raises FolderOfAnother."""
    head = queries.head(session)
    before = _checkpoint(folder)
    old_size = before.size if before else 0
    if head is None or old_size == head.size:
        return False
    if before and (head.size < old_size or before.origin != head.note.partition("\n")[0]):
        raise FolderOfAnother(str(folder))
    names = chain(tiles.grown_bundles(old_size, head.size), tiles.grown(old_size, head.size))
    until = time.monotonic() + TURN_S
    wrote = False
    for name in names:
        path = folder / name.path
        if path.exists():
            continue  # a turn before this one wrote it, and no name ever has two contents
        if wrote and time.monotonic() >= until:
            return True
        content = queries.tile(session, name)
        assert content is not None, f"the log has no {name.path}"
        _write(path, content)
        wrote = True
    _write(folder / tiles.CHECKPOINT, head.note.encode())
    for beginning in _outgrown(folder, old_size, head.size):
        shutil.rmtree(beginning, ignore_errors=True)
    return False


def _checkpoint(folder: Path) -> Checkpoint | None:
    try:
        return Checkpoint.parse((folder / tiles.CHECKPOINT).read_text(encoding="utf-8").partition("\n\n")[0] + "\n")
    except FileNotFoundError:
        return None


def _outgrown(folder: Path, old_size: int, size: int) -> Iterator[Path]:
    """The folders of partial tiles of the head before, whose full tile is there now: no head of this folder needs them."""
    for level in (None, *range(8)):
        shift = HEIGHT * ((level or 0) + 1)
        rightmost = old_size >> shift
        if rightmost < size >> shift:
            yield folder / f"{TileName(level, rightmost).path}.p"


def _write(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it, not even after the machine has stopped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, making = tempfile.mkstemp(prefix=".making-", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(making, 0o644)
        os.replace(making, path)
    except BaseException:
        os.unlink(making)
        raise
