"""The list of clauses: what the reader accepts, and what the real list holds."""

import re
from pathlib import Path

import pytest

from onex.rules.clauses import Clause, ClauseListError, read_clauses

REAL_LIST = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
GOOD_ROW = "| OP-01 | 1.1 | Provinces oversee. | Limits scope. | registry |"


def listed(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "rules.md"
    path.write_text("# Rules\n\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_real_list_has_the_45_and_46_clauses_of_the_two_documents_in_order() -> None:
    ids = [clause.id for clause in read_clauses(REAL_LIST)]
    assert ids == [f"OP-{n:02}" for n in range(1, 46)] + [f"PP-{n:02}" for n in range(1, 47)]


def test_every_clause_of_the_real_list_says_what_is_asked_what_is_done_and_by_whom() -> None:
    for clause in read_clauses(REAL_LIST):
        assert re.fullmatch(r"head|end|\d(\.\d)?", clause.section), clause
        assert clause.rule.endswith("."), clause
        assert clause.software.endswith("."), clause
        assert clause.owners, clause


def test_a_row_becomes_a_clause(tmp_path: Path) -> None:
    assert read_clauses(listed(tmp_path, GOOD_ROW)) == [
        Clause("OP-01", "1.1", "Provinces oversee.", "Limits scope.", ("registry",))
    ]


def test_services_on_both_sides_of_an_arrow_own_the_clause(tmp_path: Path) -> None:
    row = "| OP-41 | 5.4 | Exit. | A case. | registry → assessment, certificates |"
    assert read_clauses(listed(tmp_path, row))[0].owners == ("registry", "assessment", "certificates")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ([], "no clause in it"),
        ([GOOD_ROW, GOOD_ROW], "OP-01 is listed twice"),
        (["| OP-01 | 1.1 | Provinces oversee. | registry |"], "4 cells"),
        (["| OP-01 | 1.1 | either | or | Limits scope. | registry |"], "6 cells"),
        (["| OP-one | 1.1 | Provinces oversee. | Limits scope. | registry |"], "is not an id"),
        (["| OP-01 | 1.1 | Provinces oversee. | Limits scope. | treasury |"], "'treasury' is not one of"),
        (["| OP-01 | 1.1 | Provinces oversee. | Limits scope. |  |"], "'' is not one of"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused(tmp_path: Path, rows: list[str], complaint: str) -> None:
    with pytest.raises(ClauseListError, match=re.escape(complaint)):
        read_clauses(listed(tmp_path, *rows))


def test_a_refusal_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ClauseListError, match=r"rules\.md:4: OP-01 is listed twice"):
        read_clauses(listed(tmp_path, GOOD_ROW, GOOD_ROW))


def test_a_missing_list_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ClauseListError, match=r"nowhere\.md"):
        read_clauses(tmp_path / "nowhere.md")
