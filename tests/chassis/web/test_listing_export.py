"""A list is exported whole, in bounded memory, as a file that runs nothing where it is opened."""

import csv
import io
import tempfile
import tracemalloc
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from onex.chassis.web import exporting
from tests.chassis.web.conftest import Shop

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", "=cmd|' /C calc'!A0"]
HEADING = ["id", "code", "name", "state", "size_cm", "kept", "price", "day", "made_at", "parts"]


def lines(answer: Any) -> list[list[str]]:
    text_ = answer.get_data().decode()
    assert text_.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text_[1:], newline="")))


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book.active is not None
    return list(book.active.iter_rows())


def test_everything_that_matches_is_exported_in_the_lists_order(shop: Shop) -> None:
    ids = shop.fill(1_203, state=lambda n: "new" if n < 1_100 else "gone")
    answer = shop.ask("?state=new&sort=code&format=csv&size=2")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=thing_of_a_test-")
    heading, *rows = lines(answer)
    assert heading == HEADING
    assert [row[0] for row in rows] == [str(one) for one in ids[:1_100]]
    found = sheet(shop.ask("?state=new&sort=code&format=xlsx"))
    assert [cell.value for cell in found[0]] == HEADING
    assert [row[0].value for row in found[1:]] == [str(one) for one in ids[:1_100]]


def test_a_file_holds_what_the_page_shows(shop: Shop) -> None:
    shop.fill(1, parts="钥匙\n“two”, three")
    (item,) = shop.get("")["items"]
    (row,) = lines(shop.ask("?format=csv"))[1:]
    assert dict(zip(HEADING, row, strict=True)) == {name: _text(item[name]) for name in HEADING}
    (cells,) = sheet(shop.ask("?format=xlsx"))[1:]
    assert {name: cell.value for name, cell in zip(HEADING, cells, strict=True)} == item


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else "" if value is None else str(value)


def test_no_list_is_too_short_to_be_exported(shop: Shop) -> None:
    assert lines(shop.ask("?format=csv")) == [HEADING]
    assert len(sheet(shop.ask("?format=xlsx"))) == 1


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_taken_for_a_formula(shop: Shop, formula: str) -> None:
    shop.fill(1, name=formula)
    (row,) = lines(shop.ask("?format=csv"))[1:]
    assert row[2] == "'" + formula
    (cells,) = sheet(shop.ask("?format=xlsx"))[1:]
    assert cells[2].data_type == "s"
    assert cells[2].value == formula


def test_characters_that_a_spreadsheet_cannot_hold_are_left_out_of_it(shop: Shop) -> None:
    shop.fill(1, name="a\x01\x1fb")
    (cells,) = sheet(shop.ask("?format=xlsx"))[1:]
    assert cells[2].value == "ab"


def test_an_export_holds_nobody_elses_rows(shop: Shop) -> None:
    mine = shop.fill(3)
    shop.fill(3, owner_id=uuid.uuid4())
    for sort in ("", "&sort=code"):
        rows = lines(shop.ask(f"?format=csv{sort}", Role.TEO))[1:]
        assert {row[0] for row in rows} == {str(one) for one in mine}
        assert len(sheet(shop.ask(f"?format=xlsx{sort}", Role.TEO))) == 4


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_view_may_use_the_session_and_the_caller(shop: Shop, kind: str) -> None:
    shop.fill(2)
    answer = shop.ask(f"/shouted?format={kind}")
    found = lines(answer) if kind == "csv" else [[cell.value for cell in row] for row in sheet(answer)]
    assert found == [["name", "asked_by"], ["THING 1", "operator"], ["THING 0", "operator"]]


@pytest.mark.parametrize("read_all", [True, False])
def test_the_connection_is_given_back_though_the_client_goes_away(shop: Shop, read_all: bool) -> None:
    shop.fill(1_500)
    answer = shop.ask("?format=csv")
    if read_all:
        answer.get_data()
    else:
        next(iter(answer.response))
    answer.close()
    with shop.service.database.session() as session:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname=current_database()"
        )
        assert session.scalar(waiting) == 0


def test_a_spreadsheet_file_has_a_bound_and_csv_has_none(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "XLSX_ROWS", 10)
    shop.fill(10)
    shop.ask("?format=xlsx").get_data()
    shop.fill(1)
    assert shop.get("?format=xlsx", expect=413)["code"] == "export_too_large"
    assert len(lines(shop.ask("?format=csv"))) == 12


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files are made, and nothing else is."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_no_spreadsheet_leaves_a_file_behind(shop: Shop, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "XLSX_ROWS", 10)
    shop.fill(10)
    shop.ask("?format=xlsx").get_data()
    assert list(temporary.iterdir()) == []
    shop.fill(1)
    shop.ask("?format=xlsx", expect=413)
    assert list(temporary.iterdir()) == []


def test_a_spreadsheet_that_breaks_leaves_no_file_behind(temporary: Path) -> None:
    def broken() -> Iterator[list[dict[str, Any]]]:
        yield [{"name": "a"}]
        raise LookupError

    with pytest.raises(LookupError):
        exporting.xlsx_pieces(["name"], broken())
    with pytest.raises(ValueError):  # no cell holds such a thing
        exporting.xlsx_pieces(["name"], [[{"name": "a"}, {"name": object()}]])
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_list(shop: Shop, kind: str) -> None:
    """Four times as many rows need no more memory: less than a fifth more, where whole lists would need four times as much."""
    needed = []
    for rows in (2_000, 6_000):
        shop.fill(rows, name="x" * 500)
        shop.ask(f"?format={kind}").get_data()  # what is loaded once
        tracemalloc.start()
        for _ in shop.ask(f"?format={kind}").response:
            pass
        needed.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert needed[1] < needed[0] * 1.2, needed
