"""Which tests carry `@pytest.mark.rule("OP-32")`, read from their source.

Nothing is imported, so it takes a moment and needs no server. A mark that cannot be read, or that lies on nothing
pytest collects, is a problem rather than a silence: otherwise a clause could look covered, or lose its test, unseen.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TEST_FILES = ("test_*.py", "*_test.py")  # pytest's own defaults
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Mark:
    """A test and one clause id that it, its class or its module is marked with; `where` is the mark's `path:line`."""

    clause_id: str
    test: str
    where: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person has to put right, at `path:line`."""

    where: str
    what: str


@dataclass(slots=True)
class Marks:
    """Everything found under a folder of tests."""

    found: list[Mark] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_marks(root: Path) -> Marks:
    """Read the rule marks of every Python file under `root/tests`; paths in the answer are relative to `root`."""
    marks = Marks()
    for path in sorted((root / "tests").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        try:
            tree = ast.parse(path.read_bytes(), filename=name)
        except (SyntaxError, ValueError) as error:
            line = error.lineno if isinstance(error, SyntaxError) else None
            marks.problems.append(Problem(f"{name}:{line or 1}", "this file is not Python"))
            continue
        _read_file(tree, name, marks, collected=any(path.match(pattern) for pattern in _TEST_FILES))
    return marks


def _read_file(tree: ast.Module, name: str, marks: Marks, *, collected: bool) -> None:
    on_tests: set[ast.expr] = set()
    if collected:
        for test, calls in _tests(tree.body, name, _pytestmarks(tree.body)):
            for call in calls:
                on_tests.add(call)
                ids = _ids(call)
                marks.found.extend(Mark(clause_id, test, f"{name}:{call.lineno}") for clause_id in dict.fromkeys(ids))
    for mark in _rule_marks(tree):
        what = _fault(mark, lies_on_a_test=mark in on_tests)
        if what:
            marks.problems.append(Problem(f"{name}:{mark.lineno}", what))


def _tests(body: Iterable[ast.stmt], prefix: str, outer: list[ast.expr]) -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield (test id, marks on it or around it) for what pytest collects by default."""
    for statement in _flat(body):
        if isinstance(statement, _FUNCTIONS) and statement.name.startswith("test"):
            yield f"{prefix}::{statement.name}", outer + _marks_in(statement.decorator_list)
        elif isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
            around = outer + _marks_in(statement.decorator_list) + _pytestmarks(statement.body)
            yield from _tests(statement.body, f"{prefix}::{statement.name}", around)


def _flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block and of the `if`, `try` and `with` blocks in it, where tests may be defined too."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            yield from _flat(statement.body)
        if isinstance(statement, ast.If | ast.Try):
            yield from _flat(statement.orelse)


def _pytestmarks(body: Iterable[ast.stmt]) -> list[ast.expr]:
    """The rule marks of `pytestmark = ...` in a module's or a class's body."""
    values: list[ast.expr] = []
    for statement in body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in targets):
            values.append(value)
    return _marks_in(values)


def _marks_in(expressions: Iterable[ast.expr]) -> list[ast.expr]:
    """The rule marks anywhere in the expressions, so those in `pytest.param(..., marks=...)` count too."""
    return [mark for expression in expressions for mark in _rule_marks(expression)]


def _rule_marks(tree: ast.AST) -> list[ast.expr]:
    """Every `pytest.mark.rule(...)`, `mark.rule(...)`, and either without its brackets."""
    nodes = list(ast.walk(tree))
    calls: list[ast.expr] = [node for node in nodes if isinstance(node, ast.Call) and _names_rule(node.func)]
    called = {call.func for call in calls if isinstance(call, ast.Call)}
    bare: list[ast.expr] = [n for n in nodes if isinstance(n, ast.Attribute) and _names_rule(n) and n not in called]
    return calls + bare


def _names_rule(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Attribute) and node.attr == "rule"):
        return False
    owner = node.value
    return (isinstance(owner, ast.Attribute) and owner.attr == "mark") or (
        isinstance(owner, ast.Name) and owner.id == "mark"
    )


def _ids(mark: ast.expr) -> list[str]:
    arguments = mark.args if isinstance(mark, ast.Call) else []
    return [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def _fault(mark: ast.expr, *, lies_on_a_test: bool) -> str | None:
    if not isinstance(mark, ast.Call) or not (mark.args or mark.keywords):
        return "a rule mark that names no clause"
    if mark.keywords or len(_ids(mark)) != len(mark.args):
        return 'a rule mark whose ids cannot be read: write them out, as in pytest.mark.rule("OP-32", "OP-33")'
    if not lies_on_a_test:
        return "a rule mark on nothing that pytest collects: put it on a test, on a Test class, or in pytestmark"
    return None
