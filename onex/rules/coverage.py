"""The clauses, the marks on tests and the citations in code, brought together."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from onex.chassis.settings import SERVICES
from onex.rules.citations import read_citations
from onex.rules.clauses import Clause, read_clauses
from onex.rules.marks import Problem, read_marks


@dataclass(frozen=True, slots=True)
class Covered:
    """A clause with the ids of the tests that cover it and the `path:line` of the code that cites it."""

    clause: Clause
    tests: tuple[str, ...]
    code: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every clause in the order of the list, and what has to be put right."""

    clauses: tuple[Covered, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a service's clauses have a test; a clause of two services counts for each."""

    owner: str
    with_test: int
    clauses: int


def read_coverage(root: Path) -> Coverage:
    """Read the checkout at `root`. Raises ClauseListError when its `docs/rules.md` cannot be read."""
    clauses = read_clauses(root / "docs" / "rules.md")
    marks = read_marks(root)
    problems = list(marks.problems)
    tests: dict[str, dict[str, None]] = {clause.id: {} for clause in clauses}  # a dict keeps order and drops repeats
    code: dict[str, list[str]] = {clause.id: [] for clause in clauses}
    unknown: dict[Problem, None] = {}  # a mark on a class comes once a test
    for mark in marks.found:
        if mark.clause_id in tests:
            tests[mark.clause_id][mark.test] = None
        else:
            unknown[Problem(mark.where, f"a rule mark names {mark.clause_id}, which is no clause")] = None
    for citation in read_citations(root):
        if citation.clause_id in code:
            code[citation.clause_id].append(citation.where)
        else:
            unknown[Problem(citation.where, f"the code cites {citation.clause_id}, which is no clause")] = None
    covered = tuple(Covered(clause, tuple(tests[clause.id]), tuple(code[clause.id])) for clause in clauses)
    return Coverage(covered, (*problems, *unknown))


def tallies(clauses: Iterable[Covered]) -> list[Tally]:
    """One tally a service, in the services' order."""
    known = list(clauses)
    return [
        Tally(owner, sum(bool(item.tests) for item in theirs), len(theirs))
        for owner in SERVICES
        for theirs in [[item for item in known if owner in item.clause.owners]]
    ]
