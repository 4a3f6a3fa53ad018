"""The clauses, read from the tables of `docs/rules.md`: the list people read is the list the tool checks against."""

import re
from dataclasses import dataclass
from pathlib import Path

from onex.chassis.settings import SERVICES

CLAUSE_ID = re.compile(r"\b(?:OP|PP)-\d+\b")
_ROW = re.compile(r"^\|\s*(?:OP|PP)-")
_CELLS_IN_A_ROW = 5


class ClauseListError(Exception):
    """`docs/rules.md` cannot be read as a list of clauses; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One row: `section` is the clause's number in its document, `owners` the services that carry it out."""

    id: str
    section: str
    rule: str
    software: str
    owners: tuple[str, ...]


def read_clauses(path: Path) -> list[Clause]:
    """Read every clause of the list at `path`, in the order written.

    Raises ClauseListError for a missing file, a row that is not five cells, a malformed or repeated id, an owner that
    is no service, or a list without clauses.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ClauseListError(f"{path}: {error.strerror or error}") from error
    clauses: dict[str, Clause] = {}
    for number, line in enumerate(lines, start=1):
        if not _ROW.match(line):
            continue
        clause = _clause(line, where=f"{path}:{number}")
        if clause.id in clauses:
            raise ClauseListError(f"{path}:{number}: {clause.id} is listed twice")
        clauses[clause.id] = clause
    if not clauses:
        raise ClauseListError(f"{path}: no clause in it")
    return list(clauses.values())


def _clause(line: str, *, where: str) -> Clause:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if len(cells) != _CELLS_IN_A_ROW:
        raise ClauseListError(f"{where}: {len(cells)} cells where a clause has {_CELLS_IN_A_ROW}")
    clause_id, section, rule, software, owner_cell = cells
    if not CLAUSE_ID.fullmatch(clause_id):
        raise ClauseListError(f"{where}: {clause_id!r} is not an id such as OP-32")
    # "registry → assessment" says who tells whom; for the list of owners both count.
    owners = tuple(name.strip() for name in re.split(r"[,→]", owner_cell))
    for owner in owners:
        if owner not in SERVICES:
            raise ClauseListError(f"{where}: {owner!r} is not one of {', '.join(SERVICES)}")
    return Clause(clause_id, section, rule, software, owners)
