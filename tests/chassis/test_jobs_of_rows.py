"""Two files that bring the same row at the same moment: one has it, the other hears of it, and neither file is lost."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from onex.chassis import jobs, rows
from onex.chassis.access import Caller, Role
from onex.chassis.bulk import Column, Sheet
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.rows import Import, Imports
from tests.harness.service import Service

SHEET = Sheet((Column("code", ("代码",)),))


def test_a_row_that_another_import_was_faster_with_is_seen_at_the_second_try(service: Callable[[str], Service]) -> None:
    one = service("registry")
    insert = text("INSERT INTO inbox (consumer, event_id) VALUES (:code, :id)")
    tried: list[str] = []

    def take(session: UnitOfWork, vault: Vault, values: Any, by: Caller) -> bool:
        row = {"code": values.code, "id": uuid.UUID(int=0)}
        if session.execute(text("SELECT 1 FROM inbox WHERE consumer = :code"), row).first():
            return False
        if values.code == "B" and values.code not in tried:
            with one.database.transaction() as beside:
                beside.execute(insert, row)
        tried.append(values.code)
        session.execute(insert, row)
        return True

    by = Caller("c", Role.OPERATOR, None, None, None)
    with one.database.transaction() as session:
        job_id = jobs.accept(
            session, one.vault, rows.KIND, owner_id=None, created_by="c", parameters=rows.parameters_of("codes", by),
            source="代码\nA\nB\nC\n".encode(), file_name="codes.csv",
        )  # fmt: skip
    one.run_job(job_id, {rows.KIND: Imports([Import("codes", SHEET, take)]).factory})
    with one.database.session() as session:
        job = session.execute(text("SELECT state, accepted, unchanged, refused FROM job")).one()
    assert tuple(job) == ("done", 2, 1, 0)
    assert tried == ["A", "B", "C"]
