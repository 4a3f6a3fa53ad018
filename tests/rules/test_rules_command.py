"""`python -m onex.rules` as a caller sees it, and the real checkout as it finds it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from onex.rules.coverage import read_coverage

REAL_CHECKOUT = Path(__file__).resolve().parents[2]
SUMMARY = (
    "1 of 3 clauses have a test: registry 0/2 · assessment 1/1 · certificates 1/1 · creditbank 0/0 · notifications 0/0"
)


def write(checkout: Path, name: str, text: str) -> None:
    path = checkout / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "onex.rules", "--root", str(checkout), *arguments]
    return subprocess.run(command, cwd=REAL_CHECKOUT, capture_output=True, text=True, check=False)


@pytest.fixture
def covered_checkout(checkout: Path) -> Path:
    """OP-02 has a test and a line of code; the other two clauses have neither."""
    write(checkout, "tests/test_it.py", '@pytest.mark.rule("OP-02")\ndef test_a(): ...\n')
    write(checkout, "services/certificates/issuing/rules.py", '"""Pure."""\n\n# OP-02: who passes gets it.\n')
    return checkout


def test_in_a_pipe_every_clause_comes_with_its_tests_and_code_in_plain_lines(covered_checkout: Path) -> None:
    answer = run(covered_checkout)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines() == [
        "OP-01  1.1  [registry]  Provinces oversee.",
        "       no test yet",
        "OP-02  1.2  [assessment, certificates]  Certificates are issued.",
        "       test  tests/test_it.py::test_a",
        "       code  services/certificates/issuing/rules.py:3",
        "PP-01  head  [registry]  Four ministries.",
        "       no test yet",
        SUMMARY,
    ]


def test_uncovered_leaves_out_what_has_a_test_and_keeps_the_summary_over_all(covered_checkout: Path) -> None:
    lines = run(covered_checkout, "--uncovered").stdout.splitlines()
    assert [line[:5] for line in lines[:-1:2]] == ["OP-01", "PP-01"]
    assert lines[-1].startswith("1 of 3 clauses")


def test_one_clause_can_be_asked_for_in_either_case(covered_checkout: Path) -> None:
    for asked in ("OP-02", "op-02"):
        lines = run(covered_checkout, "--id", asked).stdout.splitlines()
        assert len(lines) == 4
        assert lines[0].startswith("OP-02  ")


def test_a_clause_that_is_not_in_the_list_cannot_be_asked_for(covered_checkout: Path) -> None:
    answer = run(covered_checkout, "--id", "OP-99")
    assert (answer.returncode, answer.stdout, answer.stderr.strip()) == (2, "", "No such clause: OP-99")


def test_json_holds_what_the_lines_hold(covered_checkout: Path) -> None:
    document = json.loads(run(covered_checkout, "--json").stdout)
    assert document["clauses"][1] == {
        "id": "OP-02",
        "section": "1.2",
        "rule": "Certificates are issued.",
        "software": "Issues.",
        "owners": ["assessment", "certificates"],
        "tests": ["tests/test_it.py::test_a"],
        "code": ["services/certificates/issuing/rules.py:3"],
    }
    assert document["summary"]["with_test"] == 1
    assert document["summary"]["owners"]["registry"] == {"with_test": 0, "clauses": 2}
    assert document["problems"] == []


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--uncovered",), ("--id", "OP-01")])
def test_a_mark_that_names_no_clause_fails_the_command_whatever_was_asked(
    covered_checkout: Path, arguments: tuple[str, ...]
) -> None:
    write(
        covered_checkout,
        "tests/test_other.py",
        '@pytest.mark.rule("OP-01", "OP-99")\nclass TestA:\n    def test_b(self): ...\n',
    )
    answer = run(covered_checkout, *arguments)
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == ["tests/test_other.py:1: a rule mark names OP-99, which is no clause"]


def test_a_mark_over_several_tests_is_one_problem(checkout: Path) -> None:
    write(
        checkout, "tests/test_it.py", 'pytestmark = pytest.mark.rule("XX-01")\ndef test_a(): ...\ndef test_b(): ...\n'
    )
    assert len(run(checkout).stderr.splitlines()) == 1


def test_code_that_cites_no_clause_fails_the_command(checkout: Path) -> None:
    write(checkout, "onex/audit/passes.py", "# PP-77 does not exist\n")
    answer = run(checkout)
    assert answer.returncode == 1
    assert answer.stderr.strip() == "onex/audit/passes.py:1: the code cites PP-77, which is no clause"


def test_the_tool_does_not_count_the_examples_in_its_own_code(checkout: Path) -> None:
    write(checkout, "onex/rules/marks.py", "# OP-01, and OP-99\n")
    write(checkout, "onex/audit/passes.py", "# OP-02\n")
    document = json.loads(run(checkout, "--json").stdout)
    assert [clause["code"] for clause in document["clauses"]] == [[], ["onex/audit/passes.py:1"], []]
    assert document["problems"] == []


def test_a_missing_list_fails_with_a_sentence_and_no_traceback(checkout: Path) -> None:
    (checkout / "docs" / "rules.md").unlink()
    answer = run(checkout)
    assert answer.returncode == 1
    assert answer.stderr.startswith("The list of clauses cannot be read.")
    assert "Traceback" not in answer.stderr


def test_the_real_checkout_has_no_mark_or_citation_that_names_no_clause() -> None:
    assert read_coverage(REAL_CHECKOUT).problems == ()
