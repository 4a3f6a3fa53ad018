"""The exceptions file that goes back to the school."""

from __future__ import annotations

import csv
import io

import pytest

from onex.chassis.bulk import Refused, report_csv
from onex.chassis.bulk.excerpt import excerpt
from onex.chassis.bulk.report import HEADING


def parsed(refused: list[Refused]) -> list[list[str]]:
    data = "".join(report_csv(refused)).encode()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_every_refusal_is_a_line_in_both_languages() -> None:
    one = Refused(7, "name", "empty_name", "The name is empty.", "姓名为空。", "", "姓名")
    row = Refused(9, None, "row_truncated", "Cut off.", "中断。", "a,b")
    assert parsed([one, row]) == [
        list(HEADING),
        ["7", "姓名", "empty_name", "The name is empty.", "姓名为空。", ""],
        ["9", "", "row_truncated", "Cut off.", "中断。", "a,b"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    cells = parsed([Refused(2, "x", "c", start + "r", start + "z", start + "1+1", start + "h")])[1]
    assert all(cell.startswith("'" + start) for cell in (cells[1], *cells[3:]))


def test_a_long_report_comes_in_pieces_and_whole() -> None:
    refused = [Refused(number, "x", "c", "r", "z", "v") for number in range(2, 3002)]
    assert len(list(report_csv(refused))) > 1
    assert [line[0] for line in parsed(refused)[1:]] == [str(number) for number in range(2, 3002)]
    assert parsed([]) == [list(HEADING)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三", "张三"),
        ("85.5", "85.5"),
        ("440106199901010071", "4401**********0071"),
        ("44010619990101007X", "4401**********007X"),
        ("no 440106 19990101 0071!", "no 4401************0071!"),
        ("a\udcffb\x00\nc", "a\ufffdb\ufffd\ufffdc"),
        ("张" * 50, "张" * 39 + "…"),
    ],
)
def test_an_excerpt_is_short_printable_and_masked(value: str, shown: str) -> None:
    assert excerpt(value) == shown
