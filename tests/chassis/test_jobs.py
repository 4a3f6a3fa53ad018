"""Bulk work goes on where it stood when its process died, and ends one way or another."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import jobs
from onex.chassis.bulk import Refused
from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import Job, Progress
from onex.chassis.problems import Refusal
from tests.harness.service import Service

STEPS = 5


class ProcessDied(BaseException):
    """Stands for a kill: nothing catches it, and whatever was not committed is gone."""


class Counting:
    """Work of five steps, each of which leaves one row; it dies in the steps it is told to, before their commit."""

    def __init__(self, job: Job, source: bytes, dies_in: set[int]) -> None:
        self.at, self.source, self.dies_in = job.position, source, dies_in

    def step(self, session: UnitOfWork) -> Progress | None:
        if self.at == STEPS:
            return None
        session.execute(text("INSERT INTO inbox VALUES ('step', :id)"), {"id": uuid.UUID(int=self.at)})
        if self.at in self.dies_in:
            raise ProcessDied
        self.at += 1
        refused = [Refused(self.at, "name", "empty", "empty", "空", "", "姓名")] if self.at == 2 else []
        return Progress(self.at, accepted=1, refused=refused, total=STEPS)


@pytest.fixture
def creditbank(service: Callable[[str], Service]) -> Service:
    return service("creditbank")


def accept(one: Service, source: bytes = b"a file") -> uuid.UUID:
    with one.database.transaction() as session:
        return jobs.accept(session, one.vault, "count", owner_id=None, created_by="t", parameters={}, source=source)


def run(one: Service, job_id: uuid.UUID, make: Callable[..., Any]) -> None:
    """What a worker's runner does with the job, in a process of its own so far as the job can tell."""
    one.run_job(job_id, {"count": make})


def row(one: Service, job_id: uuid.UUID) -> Any:
    with one.database.session() as session:
        return session.execute(text("SELECT * FROM job WHERE id = :id"), {"id": job_id}).one()


def steps_done(one: Service) -> int:
    with one.database.session() as session:
        return int(session.scalar(text("SELECT count(*) FROM inbox WHERE consumer = 'step'")) or 0)


@pytest.mark.parametrize("dies_in", range(STEPS))
def test_a_job_whose_process_dies_in_a_step_goes_on_with_that_step(creditbank: Service, dies_in: int) -> None:
    job_id = accept(creditbank)
    with pytest.raises(ProcessDied):
        run(creditbank, job_id, lambda job, source, vault: Counting(job, source, {dies_in}))
    assert row(creditbank, job_id).position == steps_done(creditbank) == dies_in
    run(creditbank, job_id, lambda job, source, vault: Counting(job, source, set()))
    done = row(creditbank, job_id)
    assert (done.state, done.accepted, done.refused, done.total, done.starts) == ("done", STEPS, 1, STEPS, 2)
    assert steps_done(creditbank) == STEPS
    assert done.source is None


def test_a_job_that_kills_its_process_again_and_again_is_given_up(creditbank: Service) -> None:
    job_id = accept(creditbank)
    for _ in range(jobs.MAX_STARTS):
        with pytest.raises(ProcessDied):
            run(creditbank, job_id, lambda job, source, vault: Counting(job, source, {3}))
    run(creditbank, job_id, lambda job, source, vault: Counting(job, source, {3}))
    given_up = row(creditbank, job_id)
    assert (given_up.state, given_up.failure_code, given_up.accepted) == ("failed", "process_died", 3)


def test_a_finished_job_is_not_run_again(creditbank: Service) -> None:
    job_id = accept(creditbank)
    for _ in range(2):
        run(creditbank, job_id, lambda job, source, vault: Counting(job, source, set()))
    assert (row(creditbank, job_id).starts, steps_done(creditbank)) == (1, STEPS)


@pytest.mark.parametrize(
    ("error", "code", "shown"),
    [
        (Refusal("no agreement"), "refused", "no agreement"),
        (ValueError("身份证 11010519491231002X"), "internal", "our side"),
    ],
)
def test_a_job_that_cannot_be_done_says_why_and_an_unexpected_error_is_not_quoted(
    creditbank: Service, error: Exception, code: str, shown: str
) -> None:
    def refuse(job: Job, source: bytes, vault: Any) -> Any:
        raise error

    job_id = accept(creditbank)
    run(creditbank, job_id, refuse)
    failed = row(creditbank, job_id)
    assert (failed.state, failed.failure_code) == ("failed", code)
    assert shown in failed.failure
    assert "1101" not in failed.failure


def test_the_source_lies_sealed_and_reaches_the_work_as_it_was(creditbank: Service) -> None:
    job_id = accept(creditbank, "张三".encode())
    assert "张三" not in row(creditbank, job_id).source
    seen: list[bytes] = []

    def see(job: Job, source: bytes, vault: Any) -> Counting:
        seen.append(source)
        return Counting(job, source, set())

    run(creditbank, job_id, see)
    assert seen == ["张三".encode()]
