"""Files that cannot be read at all, each with a message of its own; and bytes that nobody thought of."""

from __future__ import annotations

import csv
import io
import zipfile
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onex.chassis.bulk import Column, FileRefused, Good, Limits, Sheet, read
from onex.demo.rosters import make_roster

PAIR = Sheet((Column("code", ("代码",)), Column("name", ("姓名",)), Column("more", required=False)))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
QUICK = settings(max_examples=150)


def refusal(data: bytes, limits: Limits | None = None, filename: str | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        list(read(data, PAIR, limits=limits, filename=filename).rows)
    assert caught.value.reason_en
    assert caught.value.reason_zh
    return caught.value


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"%PDF-1.7 \n1 0 obj", "not_csv_nor_xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "not_csv_nor_xlsx"),
        (b"hello, world\nthis is, a letter\n", "no_heading"),
        ("张三,440106199901010071\n".encode(), "no_heading"),
        ("代码,姓名\n".encode(), "no_rows"),
        ("代码,姓名".encode("gb18030"), "no_rows"),
        ("代码,姓名,代码\n1,2,3\n".encode(), "duplicate_heading"),
        ("代码,姓名,CODE\n1,2,3\n".encode(), "duplicate_heading"),
        (OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "old_xls"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_own_code(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_wrong_columns_are_named_both_the_missing_and_the_unknown() -> None:
    found = refusal("代码,名字,电话\n1,2,3\n".encode())
    assert (found.code, found.missing, found.unknown) == ("wrong_columns", ("姓名",), ("名字", "电话"))
    assert "姓名" in found.reason_en
    assert "电话" in found.reason_zh


def test_an_unknown_column_is_refused_although_none_is_missing() -> None:
    assert refusal("代码,姓名,mor\n1,2,3\n".encode()).unknown == ("mor",)


def test_the_refusal_of_another_kind_names_the_file_s_ending() -> None:
    assert ".doc" in refusal(bytes(range(256)) * 4, filename="名册.doc").reason_en


def test_a_file_over_a_limit_is_refused_and_one_at_it_is_taken() -> None:
    data = "代码,姓名\n1,a\n2,b\n".encode()
    assert len(list(read(data, PAIR, limits=Limits(max_bytes=len(data), max_rows=3)).rows)) == 2
    assert refusal(data, Limits(max_bytes=len(data) - 1)).code == "too_big"
    assert refusal(data, Limits(max_rows=2)).code == "too_many_rows"
    book = workbook(("代码", "姓名"), ("1", "a"), ("2", "b"))
    assert len(list(read(book, PAIR, limits=Limits(max_rows=3)).rows)) == 2
    assert refusal(book, Limits(max_rows=2)).code == "too_many_rows"
    assert refusal(book, Limits(max_uncompressed_bytes=1000)).code == "xlsx_too_big"


def test_an_archive_that_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        for part in range(4):
            archive.writestr(f"xl/{part}", b" " * 2**22)
    assert refusal(out.getvalue(), Limits(max_uncompressed_bytes=2**23)).code == "xlsx_too_big"


def test_another_archive_and_a_workbook_with_a_document_type_are_refused() -> None:
    def archive(name: str, content: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            target.writestr(name, content)
        return out.getvalue()

    assert refusal(archive("word/document.xml", b"<x/>")).code == "not_csv_nor_xlsx"
    assert refusal(archive("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>')).code == "xlsx_damaged"


def test_a_workbook_without_a_known_heading_or_without_rows_is_refused() -> None:
    assert refusal(workbook(("a", "b"), (1, 2))).code == "no_heading"
    assert refusal(workbook(("代码", "姓名"), (None, None))).code == "no_rows"


@cache
def sample(form: str, encoding: str = "utf-8") -> bytes:
    options = {"seed": 11, "colleges": ("12345",), "sites": ("K1",), "bad_share": 0.0}
    return make_roster(30, form=form, encoding=encoding, **options).data  # type: ignore[arg-type]


def outcome(data: bytes, sheet: Sheet) -> list[Any]:
    """The rows, or none for a file that is refused; anything else it raises fails the test."""
    try:
        return list(read(data, sheet).rows)
    except FileRefused:
        return []


@QUICK
@given(
    st.binary(max_size=2000),
    st.sampled_from([b"", b"PK\x03\x04", OLE, b"\xff\xfe", b"\xef\xbb\xbf", b"code,name\n"]),
)
def test_no_bytes_raise_anything_but_a_refusal(data: bytes, start: bytes) -> None:
    outcome(start + data, PAIR)


@QUICK
@given(st.text(alphabet="\",;\t\r\n ='E+1代码\ufeff\ufffd\x00", max_size=300))
def test_no_text_below_a_heading_raises_anything_or_comes_out_twice(text: str) -> None:
    rows = outcome(("代码,姓名\n" + text).encode(), PAIR)
    numbers = [row.row_number for row in rows if isinstance(row, Good) or row.column is None]
    assert len(numbers) == len(set(numbers))
    assert numbers == sorted(numbers)


@settings(max_examples=200)
@given(st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_csv_cut_off_at_any_byte_keeps_every_complete_row(roster: Sheet, encoding: str, data: st.DataObject) -> None:
    whole = sample("csv", encoding)
    at = data.draw(st.integers(0, len(whole)))
    end = "\r\n".encode(encoding.replace("utf-16", "utf-16-le"))
    complete = whole[:at].count(end) - 1  # without the heading
    rows = outcome(whole[:at], roster)
    assert rows[: max(complete, 0)] == outcome(whole, roster)[: max(complete, 0)]
    assert all(isinstance(row, Good) for row in rows[: max(complete, 0)])
    assert len(rows) <= max(complete, 0) + 3


@settings(max_examples=60)
@given(st.data())
def test_an_xlsx_cut_off_at_any_byte_is_refused(roster: Sheet, data: st.DataObject) -> None:
    whole = sample("xlsx")
    assert outcome(whole[: data.draw(st.integers(0, len(whole) - 1))], roster) == []


@settings(max_examples=60)
@given(st.data())
def test_an_xlsx_with_a_changed_byte_is_refused_or_read_as_before(roster: Sheet, data: st.DataObject) -> None:
    whole = bytearray(sample("xlsx"))
    at = data.draw(st.integers(4, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    assert outcome(bytes(whole), roster) in ([], outcome(sample("xlsx"), roster))


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(*[st.text("abcXYZ张三李四·é,;\"'\t 12", min_size=1, max_size=12).map(str.strip)] * 2).filter(
            lambda cells: all(cells) and not any(cell[0] in "'=" for cell in cells)
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_is_written_is_what_is_read(cells: list[tuple[str, str]], encoding: str, delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([("代码", "姓名"), *cells])
    assert [row.values[:2] for row in outcome(out.getvalue().encode(encoding), PAIR)] == cells


@settings(max_examples=300)
@given(st.data(), st.sampled_from([b'"', b"\xff", b"\x00", b"\n", b"\x81", b"'", b","]))
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_byte_too_many_anywhere_below_the_heading_costs_one_row(
    roster: Sheet, encoding: str, data: st.DataObject, byte: bytes
) -> None:
    whole = sample("csv", encoding)
    at = data.draw(st.integers(whole.index(b"\n") + 1, len(whole)))
    rows = outcome(whole[:at] + byte + whole[at:], roster)
    assert sum(isinstance(row, Good) for row in rows) >= 29
