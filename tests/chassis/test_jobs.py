"""Bulk work goes on where it stood when its process died, and ends one way or another."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from onex.chassis import jobs
from onex.chassis.bulk import Refused
from onex.chassis.database import Database, UnitOfWork
from onex.chassis.jobs import Job, Progress, TakenOver
from onex.chassis.problems import Refusal
from onex.messaging import job_runner
from onex.messaging.job_runner import JobRunner
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


class Interrupted(Counting):
    """Work whose third step takes longer than the database allows."""

    def step(self, session: UnitOfWork) -> Progress | None:
        if self.at == 2:
            session.execute(text("SET LOCAL statement_timeout = 1"))
            session.execute(text("SELECT pg_sleep(10)"))
        return super().step(session)


def accept(one: Service, source: bytes = b"a file") -> uuid.UUID:
    with one.database.transaction() as session:
        return jobs.accept(session, one.vault, "count", owner_id=None, created_by="t", parameters={}, source=source)


def run(one: Service, job_id: uuid.UUID, make: Callable[..., Any]) -> None:
    """What a worker's runner does with the job, in a process of its own so far as the job can tell."""
    one.run_job(job_id, {"count": make})


def runner_of(one: Service, make: Callable[..., Any], statement_timeout_ms: int = 60_000) -> JobRunner:
    """A worker's runner without its thread."""
    runner = JobRunner({"count": make})
    runner._vault = one.vault
    runner._database = Database(one.database.url, one.name, pool_size=2, statement_timeout_ms=statement_timeout_ms)
    return runner


@pytest.fixture
def lock(creditbank: Service) -> Iterator[psycopg.Connection[Any]]:
    """The connection on which a runner takes up jobs."""
    with psycopg.connect(creditbank.database.dsn, autocommit=True, row_factory=namedtuple_row) as connection:
        yield connection


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
    assert (done.state, done.accepted, done.refused, done.total, done.starts) == ("done", STEPS, 1, STEPS, 1)
    assert steps_done(creditbank) == STEPS
    assert done.source is None


def test_a_job_that_kills_its_process_again_and_again_is_given_up(creditbank: Service) -> None:
    job_id = accept(creditbank)
    for _ in range(jobs.MAX_STARTS):
        with pytest.raises(ProcessDied):
            run(creditbank, job_id, lambda job, source, vault: Counting(job, source, {3}))
    with capture_logs() as logged:
        run(creditbank, job_id, lambda job, source, vault: Counting(job, source, {3}))
    given_up = row(creditbank, job_id)
    assert (given_up.state, given_up.failure_code, given_up.accepted) == ("failed", "process_died", 3)
    assert [(one["event"], one["log_level"]) for one in logged] == [("job_given_up", "error")]


def test_deaths_in_different_steps_do_not_add_up(creditbank: Service) -> None:
    job_id = accept(creditbank)
    for step in range(STEPS):
        for _ in range(jobs.MAX_STARTS - 1):
            with pytest.raises(ProcessDied):
                run(creditbank, job_id, lambda job, source, vault, step=step: Counting(job, source, {step}))
    run(creditbank, job_id, lambda job, source, vault: Counting(job, source, set()))
    assert (row(creditbank, job_id).state, steps_done(creditbank)) == ("done", STEPS)


def test_a_job_is_tried_for_as_long_as_what_stops_it_may_pass(creditbank: Service) -> None:
    job_id = accept(creditbank)
    for _ in range(2 * jobs.MAX_STARTS):
        with pytest.raises(OperationalError):
            run(creditbank, job_id, lambda job, source, vault: Interrupted(job, source, set()))
        stands = row(creditbank, job_id)
        assert (stands.state, stands.position, stands.starts) == ("running", 2, 0)
    run(creditbank, job_id, lambda job, source, vault: Counting(job, source, set()))
    assert (row(creditbank, job_id).state, steps_done(creditbank)) == ("done", STEPS)


def test_a_job_that_is_interrupted_lets_another_one_pass(
    creditbank: Service, lock: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_runner, "PAUSES_S", (60,))
    stuck, other = accept(creditbank, b"stuck"), accept(creditbank)

    def make(job: Job, source: bytes, vault: Any) -> Counting:
        if source == b"stuck":
            raise TimeoutError
        return Counting(job, source, set())

    runner = runner_of(creditbank, make)
    with capture_logs() as logged:
        assert [runner._take_up_one(lock) for _ in range(3)] == [True, True, False]
    assert [one["event"] for one in logged] == ["job_interrupted", "job_done"]
    assert (row(creditbank, stuck).state, row(creditbank, other).state) == ("running", "done")


def test_a_start_that_cannot_be_given_back_is_owed_and_the_job_is_left_alone_until_it_is_paid(
    creditbank: Service, lock: psycopg.Connection[Any]
) -> None:
    job_id = accept(creditbank)
    beside = creditbank.database.session()

    def block(job: Job, source: bytes, vault: Any) -> Counting:
        """From now on nobody can write to the job."""
        beside.execute(text("SELECT 1 FROM job FOR UPDATE"))
        return Counting(job, source, set())

    runner = runner_of(creditbank, block, statement_timeout_ms=300)
    with beside:
        assert runner._take_up_one(lock)
        runner._pauses.clear()
        runner._pay_back()
        assert not runner._take_up_one(lock)
    assert row(creditbank, job_id).starts == 1
    runner._pay_back()
    assert (row(creditbank, job_id).starts, runner._owed) == (0, [])
    runner.factories = {"count": lambda job, source, vault: Counting(job, source, set())}
    assert runner._take_up_one(lock)
    assert row(creditbank, job_id).state == "done"


def test_a_worker_that_is_asked_to_stop_gives_its_start_back_and_does_not_say_that_the_job_is_done(
    creditbank: Service,
) -> None:
    job_id = accept(creditbank)

    class Stopped(Counting):
        def step(self, session: UnitOfWork) -> Progress | None:
            runner.stop()
            return super().step(session)

    for done in range(1, STEPS + 1):
        runner = runner_of(creditbank, lambda job, source, vault: Stopped(job, source, set()))
        with capture_logs() as logged:
            runner._run_job(job_id)
        stands = row(creditbank, job_id)
        assert (stands.state, stands.position, stands.starts) == ("running", done, 0)
        assert logged == []


@pytest.mark.parametrize("error", [None, ValueError("seen twice"), Refusal("there already")])
def test_a_worker_whose_job_another_one_took_over_does_no_step_of_it_and_does_not_end_it(
    creditbank: Service, error: Exception | None
) -> None:
    job_id = accept(creditbank)

    def overtaken(job: Job, source: bytes, vault: Any) -> Counting:
        with pytest.raises(ProcessDied):
            run(creditbank, job_id, lambda job, source, vault: Counting(job, source, {3}))
        if error:
            raise error
        return Counting(job, source, set())

    with pytest.raises(TakenOver):
        run(creditbank, job_id, overtaken)
    stands = row(creditbank, job_id)
    assert (stands.state, stands.accepted, steps_done(creditbank)) == ("running", 3, 3)


def test_two_workers_at_once_do_each_step_once(creditbank: Service) -> None:
    job_id = accept(creditbank)
    both = threading.Barrier(2)

    def meet(job: Job, source: bytes, vault: Any) -> Counting:
        both.wait(timeout=30)
        return Counting(job, source, set())

    def work() -> None:
        try:
            run(creditbank, job_id, meet)
        except TakenOver:
            ended.append(True)

    ended: list[bool] = []
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended, "one of them noticed"
    if len(ended) == 2:  # each came in the other's way
        run(creditbank, job_id, lambda job, source, vault: Counting(job, source, set()))
    done = row(creditbank, job_id)
    assert (done.state, done.accepted, done.refused, steps_done(creditbank)) == ("done", STEPS, 1, STEPS)


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
