"""Undoing a savepoint undoes what was done in it and nothing before it, however it comes to be undone."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.database import UnitOfWork, new_base
from tests.harness.service import Service


class HandledRow(new_base()):  # type: ignore[misc]
    """A table that every service has, with a key that can be broken."""

    __tablename__ = "inbox"
    consumer: Mapped[str] = mapped_column(Text, primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


@pytest.fixture
def database(service: Callable[[str], Service]) -> Any:
    return service("creditbank").database


def break_the_key(session: UnitOfWork) -> None:
    """A flush that fails, in a savepoint."""
    with session.begin_nested():
        session.add(HandledRow(consumer="q", event_id=uuid.UUID(int=1)))
        session.flush()
        session.expunge_all()
        session.add(HandledRow(consumer="q", event_id=uuid.UUID(int=1)))
        session.flush()


@pytest.mark.parametrize("undo", [break_the_key, lambda session: session.begin_nested().rollback()])
def test_work_for_the_commit_survives_a_savepoint_that_is_undone(
    database: Any, undo: Callable[[UnitOfWork], None]
) -> None:
    done: list[str] = []
    with database.transaction() as session:
        session.info["kept"] = True
        session.before_commit(lambda _: done.append("before the savepoint"))
        try:
            undo(session)
        except IntegrityError:
            done.append("refused")
        assert session.info["kept"] is True
        session.before_commit(lambda _: done.append("after it"))
    assert [one for one in done if one != "refused"] == ["before the savepoint", "after it"]


def test_a_flush_that_fails_outside_of_any_savepoint_undoes_everything(database: Any) -> None:
    done: list[str] = []
    session = database.session()
    session.before_commit(lambda _: done.append("never"))
    session.add(HandledRow(consumer="q", event_id=uuid.UUID(int=1)))
    session.flush()
    session.expunge_all()
    session.add(HandledRow(consumer="q", event_id=uuid.UUID(int=1)))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    session.commit()
    session.close()
    assert done == []
    assert session.info == {}
