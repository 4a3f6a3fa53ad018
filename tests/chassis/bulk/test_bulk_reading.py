"""Files that are in order, or whose rows are partly not: what comes out of `read`."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import Any

import pytest

from onex.chassis.bulk import CellRefused, Column, Good, Refused, Sheet, read
from onex.chassis.bulk.checks import decimal_score, integer
from onex.demo.rosters import make_roster

COLLEGES, SITES = ("12345", "10866"), ("GD-0001",)
PAIR = Sheet((Column("code", ("代码",), fold=True), Column("name", ("姓名",))))


def rows_of(text: str | bytes, sheet: Sheet = PAIR) -> list[Any]:
    data = text.encode() if isinstance(text, str) else text
    return list(read(data, sheet).rows)


def codes(rows: list[Good | Refused]) -> list[tuple[int, str]]:
    return [(row.row_number, row.code if isinstance(row, Refused) else "good") for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_every_encoding_that_schools_send_gives_the_same_rows(roster: Sheet, encoding: str) -> None:
    made = make_roster(300, seed=5, colleges=COLLEGES, sites=SITES, bad_share=0, social_share=0)
    text = made.data.decode().replace("João", "Joao").replace("ü", "u").replace("ç", "c")
    rows = rows_of(text.encode(encoding, "replace" if encoding == "gbk" else "strict"), roster)
    assert [row.values.document_number for row in rows] == [one.document_number for one in made.candidates]
    if encoding != "gbk":
        assert rows == rows_of(text, roster)


def test_utf16_of_the_other_byte_order_is_read() -> None:
    assert rows_of("\ufeff代码,姓名\r\n1,张三\r\n".encode("utf-16-be"))[0].values == ("1", "张三")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_with_english_headings_the_rows_tell_the_encoding(encoding: str) -> None:
    text = "code,name\n" + "".join(f"{number},张小{surname}\n" for number, surname in enumerate("王李张刘陈杨"))
    reading = read(text.encode(encoding), PAIR)
    assert reading.encoding == encoding
    assert [row.values.name for row in reading.rows if isinstance(row, Good)] == [
        f"张小{surname}" for surname in "王李张刘陈杨"
    ]


def test_a_stray_byte_does_not_turn_a_utf8_file_into_gb18030() -> None:
    # Names of two characters are valid GB18030 by accident, so fewer lines would be broken in it than in UTF-8.
    data = "code,name\n1,张三\n2,李四\n3,王五\n".encode().replace("李".encode(), b"\xff")
    rows = rows_of(data)
    assert codes(rows) == [(2, "good"), (3, "not_text"), (4, "good")]
    assert rows[0].values.name == "张三"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_every_delimiter_and_line_end_is_read(delimiter: str, line_end: str) -> None:
    lines = [delimiter.join(cells) for cells in (("代码", "姓名"), ("1", "张三"), ("2", "李四"))]
    rows = rows_of(line_end.join(lines) + line_end)
    assert [(row.row_number, *row.values) for row in rows] == [(2, "1", "张三"), (3, "2", "李四")]


def test_headings_are_known_without_regard_to_case_spaces_and_template_marks() -> None:
    assert rows_of("＊ ＣＯＤＥ（必填）,* Name \n1,a\n")[0].values == ("1", "a")


def test_a_title_may_stand_above_the_heading_and_rows_keep_their_numbers() -> None:
    assert codes(rows_of("2020年考核名册,\n\n代码,姓名\n1,张三\n")) == [(4, "good")]


def test_blank_rows_and_empty_cells_at_the_end_are_left_out() -> None:
    rows = rows_of("代码,姓名,,\n1,张三,,,,\n\n ,\t,\n,,\n2,李四\n")
    assert codes(rows) == [(2, "good"), (6, "good")]


def test_a_cell_where_there_is_no_heading_is_refused() -> None:
    rows = rows_of("代码,,姓名\n1,,张三\n2,x,李四\n3,,王五,y\n")
    assert codes(rows) == [(2, "good"), (3, "too_many_cells"), (4, "too_many_cells")]


def test_columns_that_schools_add_for_themselves_are_ignored() -> None:
    assert rows_of("序号,代码,姓名,备注\n1,A1,张三,=x\n")[0].values == ("A1", "张三")


def test_an_optional_column_that_is_absent_or_empty_has_its_default() -> None:
    sheet = Sheet((Column("code"), Column("kind", required=False, default="RIC", check=str.upper)))
    assert rows_of("code\n1\n", sheet)[0].values == ("1", "RIC")
    assert [row.values.kind for row in rows_of("kind,code\n,1\nx,2\n", sheet)] == ["RIC", "X"]


def test_a_required_cell_that_is_empty_is_refused_in_its_column() -> None:
    rows = rows_of("代码,姓名\n1,\n2,李四\n")
    assert codes(rows) == [(2, "empty_cell"), (3, "good")]
    assert (rows[0].column, rows[0].heading) == ("name", "姓名")


def test_full_width_text_is_folded_only_where_the_column_asks() -> None:
    assert rows_of("代码,姓名\n　Ａ１２　,　ＡＢ　\n")[0].values == ("A12", "ＡＢ")


def test_what_people_put_around_a_number_is_taken_off() -> None:
    rows = rows_of('代码,姓名\n\'0012,O\'Brien\n="0013",张三\n"=""0014""",李四\n')
    assert [tuple(row.values) for row in rows] == [("0012", "O'Brien"), ("0013", "张三"), ("0014", "李四")]


@pytest.mark.parametrize("cell", ["4.40106E+17", "4.40106199901011e+17", "'4E+17"])
def test_a_number_in_scientific_notation_has_lost_its_digits(cell: str) -> None:
    rows = rows_of(f"代码,姓名\n1,张三\n{cell},李四\n")
    assert codes(rows) == [(2, "good"), (3, "number_cell_lost_digits")]
    assert "440106199901" not in rows[1].value_excerpt


@pytest.mark.parametrize("bad", [b"\xff", b"\x00", "\ufffd".encode()])
def test_a_byte_that_is_no_text_refuses_its_own_row_and_is_named(bad: bytes) -> None:
    rows = rows_of("代码,姓名\n1,张三\n2,李四\n3,王五\n".encode().replace("李".encode(), bad))
    assert codes(rows) == [(2, "good"), (3, "not_text"), (4, "good")]
    assert rows[1].column == "name"
    assert "“姓名”" in rows[1].reason
    if len(bad) == 1:
        assert f"0x{bad[0]:02X}" in rows[1].reason
        assert f"0x{bad[0]:02X}" in rows[1].reason_zh


def test_a_row_with_many_bad_cells_has_three_refusals() -> None:
    sheet = Sheet(tuple(Column(name, check=integer(0, 9)) for name in ("a", "b", "c", "d")))
    rows = rows_of("a,b,c,d\nx,x,1,x\nx,x,x,x\n1,2,3,4\n", sheet)
    assert [row.column for row in rows[:-1]] == ["a", "b", "d", "a", "b", "c"]
    assert rows[-1] == Good(4, (1, 2, 3, 4))


def test_refusals_and_good_rows_come_in_the_order_of_the_file() -> None:
    sheet = Sheet((Column("score", check=decimal_score(0, 100)), Column("name")))
    lines = [("x,n", "not_a_number"), ("5,n,m", "too_many_cells"), ("7,n", "good"), ("101,n", "out_of_range")] * 400
    rows = rows_of("score,name\n" + "".join(line + "\n" for line, _ in lines), sheet)
    assert codes(rows) == [(number, code) for number, (_, code) in enumerate(lines, 2)]


def test_a_cell_with_line_breaks_counts_its_lines() -> None:
    rows = rows_of('代码,姓名\n1,"张\n三"\n2,李四\n')
    assert [(row.row_number, *row.values) for row in rows] == [(2, "1", "张\n三"), (4, "2", "李四")]


def test_a_quotation_mark_nobody_closed_costs_only_its_own_line() -> None:
    text = "代码,姓名\n" + "".join(f"{number},张三\n" for number in range(2, 60))
    for broken in ('9,"张三\n', '9,"张"三\n'):
        rows = rows_of(text.replace("9,张三\n", broken, 1))
        assert codes(rows) == [(n, "quote_not_closed" if n == 9 else "good") for n in range(2, 60)]


def test_two_quotation_marks_astray_do_not_swallow_what_stands_between() -> None:
    rows = rows_of('代码,姓名\n1,"张三\n2,李四\n3,王五",\n4,赵六\n5,钱七\n')
    assert {row.row_number for row in rows if isinstance(row, Good)} >= {3, 5, 6}
    assert codes(rows)[0] == (2, "quote_not_closed")


@pytest.mark.parametrize("tail", ["3", "3,王", '3,"王', '3,"王\n'])
def test_a_file_cut_off_in_its_last_row_loses_only_that_row(tail: str) -> None:
    assert codes(rows_of("代码,姓名\n1,张三\n2,李四\n" + tail)) == [(2, "good"), (3, "good"), (4, "row_truncated")]


def test_ten_thousand_bad_rows_are_all_reported_and_the_rest_taken(roster: Sheet) -> None:
    made = make_roster(12_000, seed=6, colleges=COLLEGES, sites=SITES, bad_share=0, levels=("primary",))
    lines = made.data.decode().splitlines()
    spoilt = [line.replace("居民身份证,", "居民身份证,9", 1) if n % 6 else line for n, line in enumerate(lines[1:])]
    rows = rows_of("\n".join([lines[0], *spoilt, ""]), roster)
    refused = [row for row in rows if isinstance(row, Refused)]
    assert len(refused) == 10_000
    assert {row.code for row in refused} == {"wrong_length"}
    assert [row.row_number for row in rows if isinstance(row, Good)] == list(range(2, 12_002, 6))


def test_reading_can_go_on_where_it_was_interrupted(roster: Sheet) -> None:
    made = make_roster(2_500, seed=7, colleges=COLLEGES, sites=SITES, bad_share=0.2)
    whole = rows_of(made.data, roster)
    pieces: list[Any] = []
    reads = 0
    while piece := next(read(made.data, roster, start_row=pieces[-1].row_number + 1 if pieces else 0).batches, None):
        pieces += piece
        reads += 1
    assert pieces == whole
    assert reads > 2


def test_a_batch_never_ends_within_a_row() -> None:
    sheet = Sheet(tuple(Column(name, check=integer(0, 9)) for name in ("a", "b", "c")))
    batches = list(read(b"a,b,c\n" + b"x,x,x\n" * 2_000, sheet).batches)
    assert len(batches) > 2
    assert [row.row_number for batch in batches for row in batch] == [row for row in range(2, 2_002) for _ in range(3)]
    assert all(batch[-1].row_number < after[0].row_number for batch, after in pairwise(batches))


def test_what_is_wrong_with_a_value_is_said_at_every_row_that_has_it() -> None:
    sheet = Sheet((Column("code", check=integer(0, 9)), Column("name")))
    lines = [f"{'x' if number % 3 == 0 else number % 3},n{number}" for number in range(1_300)]
    rows = rows_of("code,name\n" + "\n".join(lines) + "\n", sheet)
    assert codes(rows) == [(n + 2, "not_an_integer" if n % 3 == 0 else "good") for n in range(1_300)]
    assert {row.value_excerpt for row in rows if isinstance(row, Refused)} == {"x"}
    assert [row.values for row in rows if isinstance(row, Good)] == [(n % 3, f"n{n}") for n in range(1_300) if n % 3]


def test_rows_of_the_wrong_shape_stay_where_they_stood_among_the_others() -> None:
    shapes = {0: ("{0},n", "good"), 1: ("{0}", "empty_cell"), 2: ("{0},n,more", "too_many_cells"), 3: (",", None),
              4: ("{0},\ufffd", "not_text"), 5: (",n", "empty_cell")}  # fmt: skip
    kinds = [0 if number % 40 else number // 40 % 6 for number in range(2_400)]
    text = "code,name\n" + "".join(shapes[kind][0].format(number) + "\n" for number, kind in enumerate(kinds))
    expected = [(number + 2, shapes[kind][1]) for number, kind in enumerate(kinds) if shapes[kind][1]]
    assert codes(rows_of(text)) == expected


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_beyond_all_measure_costs_its_own_row_only(quote: str) -> None:
    lines = ["code,name", "1,a", "2," + "x" * 140_000, f"3,{quote}c{quote}", "4," + "y" * 140_000, "5,e", ""]
    assert codes(rows_of("\n".join(lines))) == [
        (2, "good"),
        (3, "quote_not_closed"),
        (4, "good"),
        (5, "quote_not_closed"),
        (6, "good"),
    ]


def test_a_sheet_whose_columns_share_a_heading_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="answer to the heading"):
        Sheet((Column("a", ("x",)), Column("b", ("X ",))))


def test_no_reason_and_no_excerpt_repeats_a_whole_identity_number(roster: Sheet) -> None:
    good = "440106199901010071"
    variants = [good, good[:6] + " " + good[6:14] + " " + good[14:], "-".join(good), good + "9"]
    variants.append(good[:9] + "\udcff" + good[9:])
    variants += ["".join(chr(ord(digit) + 0xFEE0) for digit in good), "'" + good, good + "," + good, f'"{good}\n']
    heading = "证件号码,姓名,考生类别,级别,考点代码\n"
    for variant in variants:
        data = (heading + f"{variant},张三,学生,初级,K1\n").encode("utf-8", "surrogateescape")
        for row in rows_of(data, roster):
            if isinstance(row, Refused):
                shown = "".join(filter(str.isdecimal, row.value_excerpt))
                assert "19990101" not in shown
                assert good not in row.reason + row.reason_zh


def test_a_check_that_fails_on_its_own_account_is_not_taken_for_a_refusal() -> None:
    def broken(value: str) -> str:
        raise ZeroDivisionError if value == "2" else CellRefused("x", "x", "x")

    with pytest.raises(ZeroDivisionError):
        rows_of("a\n1\n2\n", Sheet((Column("a", check=broken),)))


def test_a_quoted_file_is_the_same_as_an_unquoted_one(roster: Sheet) -> None:
    made = make_roster(200, seed=8, colleges=COLLEGES, sites=SITES, bad_share=0.1, encoding="gb18030")
    plain = make_roster(200, seed=8, colleges=COLLEGES, sites=SITES, bad_share=0)
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL).writerows(csv.reader(io.StringIO(plain.data.decode())))
    assert rows_of(quoted.getvalue(), roster) == rows_of(plain.data, roster)
    assert sum(isinstance(row, Good) for row in rows_of(made.data, roster)) == 200 - 12  # 8 need other data to be found
