"""Where a rule mark may lie, and which marks are problems."""

import textwrap
from pathlib import Path

import pytest

from onex.rules.marks import Marks, read_marks


def read(checkout: Path, source: str, name: str) -> Marks:
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(source), encoding="utf-8")
    return read_marks(checkout)


def marked(checkout: Path, source: str, name: str = "tests/test_it.py") -> set[tuple[str, str]]:
    """(clause, test id) of every mark in a file made of `source`, which must have no problem."""
    marks = read(checkout, source, name)
    assert marks.problems == []
    return {(mark.clause_id, mark.test) for mark in marks.found}


def problems(checkout: Path, source: str, name: str = "tests/test_it.py") -> list[tuple[str, str]]:
    """(place, complaint) of every problem in a file made of `source`."""
    return [(problem.where, problem.what) for problem in read(checkout, source, name).problems]


def test_a_mark_on_a_function_covers_its_clause(checkout: Path) -> None:
    source = """
        @pytest.mark.rule("OP-01")
        def test_a(): ...

        async def test_without_a_mark(): ...
    """
    assert marked(checkout, source) == {("OP-01", "tests/test_it.py::test_a")}


def test_one_mark_may_name_several_clauses_and_a_test_may_have_several_marks(checkout: Path) -> None:
    source = """
        @pytest.mark.rule("OP-01", "PP-01")
        @mark.rule("OP-02")
        async def test_a(): ...
    """
    assert {clause for clause, _ in marked(checkout, source)} == {"OP-01", "OP-02", "PP-01"}


def test_a_mark_on_a_class_or_in_its_pytestmark_covers_every_test_in_it(checkout: Path) -> None:
    source = """
        @pytest.mark.rule("OP-01")
        class TestA:
            pytestmark = [pytest.mark.rule("OP-02"), pytest.mark.slow]
            def test_a(self): ...
            class TestInner:
                def test_b(self): ...
    """
    assert marked(checkout, source) == {
        (clause, f"tests/test_it.py::TestA::{test}")
        for clause in ("OP-01", "OP-02")
        for test in ("test_a", "TestInner::test_b")
    }


@pytest.mark.parametrize(
    "line",
    [
        'pytestmark = pytest.mark.rule("OP-01")',
        'pytestmark = [pytest.mark.slow, pytest.mark.rule("OP-01")]',
        'pytestmark: object = pytest.mark.rule("OP-01")',
    ],
)
def test_a_mark_of_the_module_covers_every_test_in_it(checkout: Path, line: str) -> None:
    source = line + "\ndef test_a(): ...\nclass TestB:\n    def test_b(self): ...\n"
    assert marked(checkout, source) == {
        ("OP-01", "tests/test_it.py::test_a"),
        ("OP-01", "tests/test_it.py::TestB::test_b"),
    }


def test_a_mark_on_one_parameter_counts_for_the_test(checkout: Path) -> None:
    source = """
        @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.rule("OP-01"))])
        def test_a(n): ...
    """
    assert marked(checkout, source) == {("OP-01", "tests/test_it.py::test_a")}


@pytest.mark.parametrize(
    "block",
    ["if WINDOWS:\n{}", "if WINDOWS:\n    pass\nelse:\n{}", "try:\n{}\nfinally:\n    pass", "with warnings():\n{}"],
    ids=["if", "else", "try", "with"],
)
def test_a_test_inside_another_block_is_seen(checkout: Path, block: str) -> None:
    source = block.format('    @pytest.mark.rule("OP-01")\n    def test_a(): ...')
    assert marked(checkout, source) == {("OP-01", "tests/test_it.py::test_a")}


def test_folders_are_read_to_any_depth(checkout: Path) -> None:
    source = '@pytest.mark.rule("OP-01")\ndef test_a(): ...\n'
    name = "tests/certificates/deadlines/test_deep.py"
    assert marked(checkout, source, name) == {("OP-01", f"{name}::test_a")}


@pytest.mark.parametrize(
    "decorator", ["@pytest.mark.rule()", "@pytest.mark.rule", "@mark.rule"], ids=["empty", "bare", "bare_import"]
)
def test_a_mark_that_names_no_clause_is_a_problem(checkout: Path, decorator: str) -> None:
    found = problems(checkout, f"\n{decorator}\ndef test_a(): ...\n")
    assert found == [("tests/test_it.py:2", "a rule mark that names no clause")]


@pytest.mark.parametrize("arguments", ["CLAUSE", "*CLAUSES", 'f"OP-{n}"', "32", 'id="OP-01"', '"OP-01", OTHER'])
def test_ids_that_are_not_written_out_are_a_problem(checkout: Path, arguments: str) -> None:
    [(where, what)] = problems(checkout, f"@pytest.mark.rule({arguments})\ndef test_a(): ...\n")
    assert where == "tests/test_it.py:1"
    assert "cannot be read" in what


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("tests/test_it.py", '@pytest.mark.rule("OP-01")\ndef helper(): ...\n'),
        ("tests/test_it.py", '@pytest.mark.rule("OP-01")\nclass Helper:\n    def test_a(self): ...\n'),
        ("tests/test_it.py", 'op_01 = pytest.mark.rule("OP-01")\n@op_01\ndef test_a(): ...\n'),
        ("tests/test_it.py", 'pytestmark = pytest.mark.rule("OP-01")\n'),
        ("tests/conftest.py", '@pytest.mark.rule("OP-01")\ndef test_a(): ...\n'),
    ],
    ids=["helper", "class_not_collected", "alias", "module_without_tests", "file_not_collected"],
)
def test_a_mark_on_nothing_that_pytest_collects_is_a_problem(checkout: Path, name: str, source: str) -> None:
    [(where, what)] = problems(checkout, source, name)
    assert where == f"{name}:1"
    assert "nothing that pytest collects" in what
    assert read_marks(checkout).found == []


def test_a_marked_test_does_not_excuse_a_stray_mark_beside_it(checkout: Path) -> None:
    source = '@pytest.mark.rule("OP-01")\ndef test_a(): ...\n\n@pytest.mark.rule("OP-02")\ndef helper(): ...\n'
    assert [where for where, _ in problems(checkout, source)] == ["tests/test_it.py:4"]


def test_a_file_that_is_not_python_is_a_problem_and_the_others_are_still_read(checkout: Path) -> None:
    assert marked(checkout, '@pytest.mark.rule("OP-01")\ndef test_a(): ...\n', "tests/test_good.py")
    assert problems(checkout, "def broken(:\n", "tests/test_bad.py") == [
        ("tests/test_bad.py:1", "this file is not Python")
    ]
    assert [mark.test for mark in read_marks(checkout).found] == ["tests/test_good.py::test_a"]


def test_reading_a_test_does_not_run_it(checkout: Path, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    source = f'open({str(trace)!r}, "w").close()\n@pytest.mark.rule("OP-01")\ndef test_a(): ...\n'
    assert marked(checkout, source)
    assert not trace.exists()


def test_a_checkout_without_tests_has_no_marks(checkout: Path) -> None:
    assert read_marks(checkout).found == []
