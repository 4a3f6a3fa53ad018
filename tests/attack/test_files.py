"""Files made to lie, to swell or to end too early."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from onex.chassis.bulk import Column, FileRefused, Good, Refused, Sheet, checks, read

SHEET = Sheet((Column("number", check=checks.text(20)), Column("score", check=checks.decimal_score(0, 100))))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PACKAGE_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>number</t></is></c><c r="B1" t="inlineStr"><is><t>score</t></is></c></row>'
ROW = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>n{0}</t></is></c><c r="B{0}"><v>85</v></c></row>'


def workbook(after: str = "", *, texts: str | None = None, inside: str = "") -> bytes:
    """A small XLSX by hand: one good row, `inside` among the rows, `after` behind them, `texts` as shared texts."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    types = f'<Default Extension="rels" ContentType="{PACKAGE_TYPE}"/>'
    for path, name in {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "sharedStrings": ""}.items():
        types += f'<Override PartName="/xl/{path}.xml" ContentType="{kind}{name or path}+xml"/>'
    sheets = f'<sheets><sheet name="a" sheetId="1" r:id="r1" xmlns:r="{OFFICE}"/></sheets>'
    rows = f"{HEAD}{ROW.format(2)}{inside}"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        "xl/sharedStrings.xml": texts or f'<sst xmlns="{MAIN}"/>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{one}</Relationships>'


def refusal_of(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        list(read(data, SHEET).rows)
    return refused.value.code


def noise(length: int) -> Iterator[str]:
    """Numbers that do not compress well."""
    state = 1
    for _ in range(length):
        state = state * 48271 % 2147483647
        yield str(state)


def test_the_workbook_that_all_others_are_made_from_is_read() -> None:
    assert [type(row) for row in read(workbook(), SHEET).rows] == [Good]


def test_an_archive_that_is_mostly_air_is_refused() -> None:
    assert refusal_of(workbook(inside='<row r="3">' + "<c/>" * 1_000_000 + "</row>")) == "xlsx_too_big"
    assert (
        refusal_of(workbook(texts=f'<sst xmlns="{MAIN}">' + "<si><t>a</t></si>" * 200_000 + "</sst>")) == "xlsx_too_big"
    )


def test_a_row_wider_than_any_spreadsheets_is_refused_before_it_is_held_in_memory() -> None:
    cells = "".join(f"<c><v>{one}</v></c>" for one in noise(300_000))
    assert refusal_of(workbook(inside=f'<row r="3">{cells}</row>')) == "xlsx_too_big"


def test_a_comment_does_not_hide_a_row_that_is_too_wide() -> None:
    cells = "".join(f"<c><v>{one}</v></c><!-- </row> -->" for one in noise(300_000))
    assert refusal_of(workbook(inside=f'<row r="3">{cells}</row>')) == "xlsx_damaged"


def test_elements_that_belong_to_no_row_are_counted_too() -> None:
    links = "".join(f'<hyperlink ref="A{one}"/>' for one in noise(600_000))
    assert refusal_of(workbook(after=f"<hyperlinks>{links}</hyperlinks>")) == "xlsx_too_big"


def test_shared_texts_that_claim_to_have_rows_are_refused() -> None:
    texts = f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{one}</t></si>" for one in noise(100_000)) + "<row></row></sst>"
    assert refusal_of(workbook(texts=texts)) == "xlsx_damaged"


def test_many_rows_and_many_texts_are_no_attack() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n}</v></c><c r="B{n}"><v>85.5</v></c></row>' for n in range(3, 30_000)
    )
    texts = "".join(f"<si><t>{one}</t></si>" for one in noise(30_000))
    got = list(read(workbook(inside=rows, texts=f'<sst xmlns="{MAIN}">{texts}</sst>'), SHEET).rows)
    assert len(got) == 29_998
    assert {type(one) for one in got} == {Good}


def test_a_sheet_whose_blank_rows_are_coloured_is_no_attack() -> None:
    blank = "".join(f'<row r="{n}" spans="1:8" s="{n % 7}" customFormat="1"/>' for n in range(3, 60_000))
    assert len(list(read(workbook(inside=blank), SHEET).rows)) == 1


def test_reading_a_workbook_gives_others_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[float] = []
    monkeypatch.setattr("time.sleep", turns.append)
    blank = "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(3, 30_000))
    list(read(workbook(inside=blank), SHEET).rows)
    assert len(turns) > 20
    assert set(turns) == {0}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_csv_cut_off_at_any_byte_never_gives_a_value_that_was_not_in_it(encoding: str, quote: str) -> None:
    lines = [("number", "score"), *((f"n{n}", f"{50 + n}.{n}5") for n in range(1, 9))]
    whole = "".join(",".join(f"{quote}{cell}{quote}" for cell in line) + "\r\n" for line in lines).encode(encoding)
    meant = {tuple(row.values) for row in read(whole, SHEET).rows if isinstance(row, Good)}
    assert len(meant) == 8
    for at in range(len(whole)):
        try:
            rows = list(read(whole[:at], SHEET).rows)
        except FileRefused:
            continue
        assert {tuple(row.values) for row in rows if isinstance(row, Good)} <= meant, at


def test_a_last_row_without_a_line_end_says_so() -> None:
    (first, last) = read(b"number,score\nn1,85.5\nn2,8", SHEET).rows
    assert isinstance(first, Good)
    assert isinstance(last, Refused)
    assert (last.row_number, last.code) == (3, "row_truncated")
