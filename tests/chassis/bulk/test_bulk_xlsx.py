"""Workbooks: the kinds of cell, the sheets, and what a spreadsheet does to numbers."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest

from onex.chassis.bulk import Column, Refused, Sheet, read
from onex.demo.rosters import make_roster

PAIR = Sheet((Column("code", ("代码",)), Column("value", ("值",), required=False)))


def book_of(*rows: tuple[Any, ...], title: str = "Sheet") -> Any:
    book: Any = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def rows_of(book: Any, sheet: Sheet = PAIR) -> list[Any]:
    out = io.BytesIO()
    book.save(out)
    return list(read(out.getvalue(), sheet).rows)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("0012", "0012"),
        (" 张三 ", "张三"),
        (12, "12"),
        (12.0, "12"),
        (85.5, "85.5"),
        (0.1 + 0.2, "0.3"),
        (999_999_999_999_999, "999999999999999"),
        (datetime.date(2019, 4, 4), "2019-04-04"),
        (datetime.datetime(2019, 4, 4, 9, 30), "2019-04-04 09:30:00"),
        (True, "TRUE"),
        ("'0012", "0012"),
    ],
)
def test_a_cell_becomes_what_a_person_would_have_typed(cell: object, text: str) -> None:
    assert rows_of(book_of(("代码", "值"), ("x", cell)))[0].values.value == text


@pytest.mark.parametrize("cell", [440106199901010071, 4.40106199901010e17, 10**15])
def test_a_long_number_stored_as_a_number_has_lost_digits(cell: object) -> None:
    (row,) = rows_of(book_of(("代码", "值"), (cell, "x")))
    assert isinstance(row, Refused)
    assert (row.row_number, row.column, row.code) == (2, "code", "number_cell_lost_digits")


def test_an_identity_number_kept_as_text_is_taken(roster: Sheet) -> None:
    made = make_roster(50, seed=3, colleges=("12345",), sites=("K1",), form="xlsx", bad_share=0)
    rows: list[Any] = list(read(made.data, roster).rows)
    assert [row.values.document_number for row in rows] == [one.document_number for one in made.candidates]


def test_rows_keep_the_numbers_the_spreadsheet_shows() -> None:
    rows = rows_of(book_of(("2020年名册",), (), ("代码", "值"), ("a", None), (), (None, None), ("b", 1)))
    assert [(row.row_number, *row.values) for row in rows] == [(4, "a", None), (7, "b", "1")]


def test_the_first_visible_sheet_with_a_known_heading_is_read() -> None:
    book = book_of(("填写说明",), title="说明")
    hidden = book.create_sheet("旧")
    hidden.append(("代码", "值"))
    hidden.append(("hidden", "1"))
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("名册")
    shown.append(("代码", "值"))
    shown.append(("shown", "1"))
    assert [row.values.code for row in rows_of(book)] == ["shown"]


def test_a_cell_where_there_is_no_heading_is_refused() -> None:
    rows = rows_of(book_of(("代码", "值"), ("a", 1, "stray"), ("b", 2, None)))
    assert [getattr(row, "code", "good") for row in rows] == ["too_many_cells", "good"]


def test_reading_begins_where_it_is_told() -> None:
    out = io.BytesIO()
    book_of(("代码", "值"), ("a", 1), ("b", 2), ("c", 3)).save(out)
    assert [row.row_number for row in read(out.getvalue(), PAIR, start_row=3).rows] == [3, 4]
