"""Rows go in by binary COPY as they are: every type the services' tables have, and nothing converted in silence."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from onex.chassis.database import copy_in, uuid_array
from onex.chassis.ids import new_ids
from tests.harness.service import Service

TYPES = {
    "id": "uuid", "small": "integer", "big": "bigint", "words": "text", "raw": "bytea", "day": "date",
    "moment": "timestamptz", "flag": "boolean", "free": "jsonb", "list": "text[]",
}  # fmt: skip
ROW = (
    uuid.uuid4(), -5, 2**40, "a\tb\\c\n文\U0001f600", b"\0\xff\\", date(1949, 10, 1),
    datetime(2026, 2, 28, 23, 59, 59, 123456, timezone(timedelta(hours=8))), True, {"a": [1, None, "文"]}, ["x", "y z"],
)  # fmt: skip


@pytest.fixture
def table(service: Callable[[str], Service]) -> Any:
    """A session on a table that has a column of each type."""
    with service("registry").database.transaction() as session:
        columns = ", ".join(f"{name} {type_}" for name, type_ in TYPES.items())
        session.execute(text(f"CREATE TEMP TABLE every_type ({columns}) ON COMMIT DROP"))
        yield session


def test_what_goes_in_comes_out(table: Any) -> None:
    nothing = (None,) * len(TYPES)
    copy_in(table, "every_type", tuple(TYPES), [ROW, nothing])
    rows = [tuple(row) for row in table.execute(text("SELECT * FROM every_type"))]
    assert rows == [ROW, nothing]
    assert rows[0][6].astimezone(UTC) == datetime(2026, 2, 28, 15, 59, 59, 123456, UTC)


def test_json_that_is_text_already_is_written_as_it_is(table: Any) -> None:
    copy_in(table, "every_type", ("free",), [(Jsonb('{"b": 1}', dumps=str),)])
    assert table.execute(text("SELECT free FROM every_type")).scalar_one() == {"b": 1}


def test_text_goes_in_as_bytes_where_that_is_said(table: Any) -> None:
    copy_in(table, "every_type", ("words", "raw"), [("张三".encode(), b"\xff"), (None, None)], as_bytes=("words",))
    rows = table.execute(text("SELECT words, raw FROM every_type")).all()
    assert [tuple(row) for row in rows] == [("张三", b"\xff"), (None, None)]


def test_bytes_that_are_no_utf8_do_not_become_text(table: Any) -> None:
    with pytest.raises(DBAPIError, match="invalid byte sequence"):
        copy_in(table, "every_type", ("words",), [(b"\xff",)], as_bytes=("words",))


def test_a_uuid_goes_in_as_its_bytes_where_that_is_said(table: Any) -> None:
    one = uuid.uuid4()
    copy_in(table, "every_type", ("id", "small"), [(one.bytes, 1), (None, 2)], as_bytes=("id",))
    assert table.execute(text("SELECT id FROM every_type ORDER BY small")).scalars().all() == [one, None]


def test_bytes_that_are_no_uuid_do_not_become_one(table: Any) -> None:
    with pytest.raises(DBAPIError, match="insufficient data"):
        copy_in(table, "every_type", ("id",), [(bytes(15),)], as_bytes=("id",))


@pytest.mark.parametrize(
    ("column", "value"), [("id", "01930a3c-7b00-7000-8000-00000000000e"), ("day", "2026-01-01"), ("small", "5")]
)
def test_a_value_of_another_type_than_its_column_is_an_error(table: Any, column: str, value: Any) -> None:
    with pytest.raises((TypeError, AttributeError, ValueError)):
        copy_in(table, "every_type", (column,), [(value,)])


def test_an_array_of_ids_is_read_by_the_database_in_its_order(table: Any) -> None:
    ids = new_ids(5)[::-1]
    assert table.execute(text("SELECT CAST(:ids AS uuid[])"), {"ids": uuid_array(ids)}).scalar_one() == ids
    assert table.execute(text("SELECT CAST(:ids AS uuid[])"), {"ids": uuid_array([])}).scalar_one() == []
