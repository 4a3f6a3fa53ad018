"""A JSON array is read like a sheet (OP-31): good items in, bad ones back, none lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.chassis.bulk import FileRefused, Good, Refused
from services.certificates.elsewhere import json_rows
from services.certificates.elsewhere.sheet import ELSEWHERE
from tests.certificates.elsewhere.sending import as_json, row

pytestmark = pytest.mark.rule("OP-31")


def read(data: bytes, start_row: int = 0) -> list[Good | Refused]:
    return list(json_rows.read(data, ELSEWHERE, start_row=start_row).rows)


def codes(*items: Any) -> list[tuple[int, str]]:
    return [(one.row_number, one.code) for one in read(as_json(list(items))) if isinstance(one, Refused)]


def test_an_item_is_a_row_by_its_members() -> None:
    (one,) = read(as_json([row(0, college_code="4144010001")]))
    assert isinstance(one, Good)
    assert one.row_number == 1
    assert (one.values.name, one.values.level, one.values.college_code) == ("张三", "intermediate", "4144010001")
    assert one.values.document_type == "RIC"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ([], "not_an_object"),
        ("text", "not_an_object"),
        (None, "not_an_object"),
        ({}, "empty_row"),
        (dict.fromkeys(row(0), "  "), "empty_row"),
        (row(0, colour="red"), "unknown_member"),
        (row(0, name=["张三"]), "not_text"),
        (row(0, name=True), "not_text"),
        (row(0, standard_version=1.5), "not_text"),
        (row(0, name="张\x00三"), "not_text"),
        (row(0, name=None), "empty_name"),
    ],
)
def test_an_item_that_is_no_row_is_refused_by_its_place(item: Any, code: str) -> None:
    assert codes(row(1), item, row(2)) == [(2, code)]


def test_a_number_may_be_sent_as_one() -> None:
    (one,) = read(as_json([row(0, certificate_type=4, foreign_number=20260001)]))
    assert isinstance(one, Good)
    assert (one.values.certificate_type, one.values.foreign_number) == ("004", "20260001")


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"[]", "no_rows"), (b"[", "not_json"), (b"[{]", "not_json"), (b"[1,]", "not_json"), (b"[\xff]", "not_json"),
     (rb'["\ud800"]', "not_json"),
     (b"[1] 2", "not_json"), (b"[" * 100_000, "not_json")],
)  # fmt: skip
def test_what_is_no_array_is_refused_whole(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read(data)
    assert refusal.value.code == code


def test_an_interrupted_file_goes_on_where_it_stood() -> None:
    items: list[Any] = [row(nth % 3, foreign_number=str(nth)) for nth in range(1_203)]
    items[700] = "no row"
    data = as_json(items)
    whole = read(data)
    assert [one.row_number for one in whole] == list(range(1, 1_204))
    for start in (1, 500, 501, 701, 1_203, 1_204):
        assert read(data, start) == whole[start - 1 :]


ITEMS = st.lists(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3), min_size=1
)


@given(
    ITEMS
    | st.lists(st.dictionaries(st.sampled_from([column.name for column in ELSEWHERE.columns]), st.text()), min_size=1)
)
def test_no_item_is_lost_whatever_it_is(items: list[Any]) -> None:
    found = read(json.dumps(items).encode())
    assert {one.row_number for one in found} == set(range(1, len(items) + 1))


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    try:
        read(b"[" + data)
    except FileRefused as refusal:
        assert refusal.code in ("not_json", "no_rows")  # noqa: PT017
