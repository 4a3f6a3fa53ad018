"""Which lines of the code cite a clause: `OP-32` written anywhere in a Python file of a service or of `onex`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from onex.rules.clauses import CLAUSE_ID

# This package talks about ids in general, and would otherwise cite its own examples.
_NOT_READ = "onex/rules/"


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause id and the `path:line` that cites it."""

    clause_id: str
    where: str


def read_citations(root: Path) -> list[Citation]:
    """Every citation under `root/services` and `root/onex`, in the order of path and line, once a line."""
    return [citation for folder in ("services", "onex") for citation in _citations(root, root / folder)]


def _citations(root: Path, folder: Path) -> Iterator[Citation]:
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith(_NOT_READ):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            for clause_id in dict.fromkeys(CLAUSE_ID.findall(line)):
                yield Citation(clause_id, f"{name}:{number}")
