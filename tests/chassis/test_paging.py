"""Lists page by cursor: every row once, newest first, whatever is added meanwhile."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Text, select, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.database import new_base
from onex.chassis.ids import new_id, new_ids
from onex.chassis.problems import Malformed
from onex.chassis.web.paging import MAX_SIZE, page
from tests.harness.service import Service


class ParkedRow(new_base()):  # type: ignore[misc]
    """A table with ids that every service has."""

    __tablename__ = "parked"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    consumer: Mapped[str] = mapped_column(Text)


@pytest.fixture
def database(service: Callable[[str], Service]) -> Any:
    return service("creditbank").database


def fill(database: Any, ids: list[UUID]) -> None:
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO parked SELECT unnest(CAST(:ids AS uuid[])), 'q', NULL, '{}', '', 'c', 'r', 0"),
            {"ids": ids},
        )


def walk(database: Any, size: int | None, between: Callable[[], None] = lambda: None) -> list[UUID]:
    """Every id, page by page."""
    found: list[UUID] = []
    cursor: str | None = None
    while True:
        with database.session() as session:
            one = page(session, select(ParkedRow), ParkedRow.id, cursor, size)
        found += [row.id for row in one["items"]]
        cursor = one["next"]
        if cursor is None:
            return found
        between()


@pytest.mark.parametrize(("rows", "size"), [(0, 3), (1, 3), (3, 3), (4, 3), (7, 1), (60, None)])
def test_every_row_is_seen_once_newest_first(database: Any, rows: int, size: int | None) -> None:
    ids = new_ids(rows)
    fill(database, ids)
    assert walk(database, size) == ids[::-1]


def test_rows_added_while_one_turns_pages_move_nothing(database: Any) -> None:
    ids = new_ids(9)
    fill(database, ids)
    assert walk(database, 2, between=lambda: fill(database, [new_id()])) == ids[::-1]


@pytest.mark.parametrize(("asked", "given"), [(0, 50), (-5, 1), (10**6, MAX_SIZE)])
def test_a_size_out_of_bounds_is_brought_within(database: Any, asked: int, given: int) -> None:
    fill(database, new_ids(MAX_SIZE + 1))
    with database.session() as session:
        assert len(page(session, select(ParkedRow), ParkedRow.id, None, asked)["items"]) == given


@pytest.mark.parametrize("cursor", ["x", "not a cursor", "AAAA", "' OR 1=1", "é", "A" * 500])
def test_a_cursor_that_no_list_gave_out_is_malformed(database: Any, cursor: str) -> None:
    with database.session() as session, pytest.raises(Malformed):
        page(session, select(ParkedRow), ParkedRow.id, cursor, 3)
