"""Takes up jobs in the service's worker, one at a time a process, and never the same one in two processes.

A start is counted when a job is taken up, and given back by whoever lives to do so: what stays counted are processes that died.
So a file that kills its process is given up, and one that found the disk full, or the database away, never is.
"""

import time
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

import eventlet
import psycopg
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider
from psycopg.rows import namedtuple_row

from onex.chassis import jobs, logs, metrics, trace
from onex.chassis.acting import work_as
from onex.chassis.bulk import FileRefused
from onex.chassis.database import NOT_FOR_EVER, Database
from onex.chassis.jobs import Job, TakenOver, Work, WorkFactory
from onex.chassis.pii import Vault
from onex.chassis.problems import Refusal
from onex.messaging.retry import is_transient
from onex.messaging.steps import Step, reached

log = logs.get(__name__)
POLL_S = 5.0
PAUSE_S = 1.0
PAUSES_S = (1, 5, 30)  # before a job that was interrupted is tried again; the last one for as long as it takes
STOP_WITHIN_S = 8.0  # a step in hand is finished; one that takes longer is undone, and counts as a process that died
_INTERNAL = ("internal", "Something broke on our side; operators were told.", "系统内部错误，已通知运维人员。")
_DIED = ("process_died", "The job could not be finished; operators were told.", "任务未能完成，已通知运维人员。")


class Pause(NamedTuple):
    """A job that was interrupted so many times in one step, and is not tried again before then (on the monotonic clock)."""

    times: int
    until: float


class JobRunner(DependencyProvider):
    """`factories` says, by kind, what makes the work of a job."""

    def __init__(self, factories: Mapping[str, WorkFactory]) -> None:
        self.factories = factories
        self._stopping = False
        self._in_hand = Semaphore()
        self._owed: list[uuid.UUID] = []  # starts that could not be given back yet
        self._pauses: dict[uuid.UUID, Pause] = {}

    def setup(self) -> None:
        self._database: Database = self.container.config["database"]
        self._vault: Vault = self.container.config["vault"]

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier="job-runner")

    def stop(self) -> None:
        self._stopping = True
        self._in_hand.acquire(timeout=STOP_WITHIN_S)

    def _run(self) -> None:
        while not self._stopping:
            try:
                name = f"onex-{self._database.service}-jobs"
                with psycopg.connect(
                    self._database.dsn, autocommit=True, row_factory=namedtuple_row, application_name=name,
                    connect_timeout=10, **NOT_FOR_EVER,
                ) as lock:  # fmt: skip
                    lock.execute("LISTEN job")
                    self._work(lock)
            except Exception as error:  # the database went away: the job stands where its last step committed
                log.warning("job_runner_interrupted", error=type(error).__name__)
                eventlet.sleep(PAUSE_S)

    def _work(self, lock: psycopg.Connection[Any]) -> None:
        while not self._stopping:
            self._pay_back()
            if not self._take_up_one(lock):
                for _ in lock.notifies(timeout=POLL_S, stop_after=1):
                    pass

    def _take_up_one(self, lock: psycopg.Connection[Any]) -> bool:
        """Run the oldest open job that no other process runs. The lock falls when this process dies."""
        now = time.monotonic()
        # A job whose start is owed is not taken up again: its starts would add up, and none of them was a death.
        waiting = [*self._owed, *(job_id for job_id, pause in self._pauses.items() if pause.until > now)]
        query = "SELECT id FROM job WHERE state IN ('queued', 'running') AND id <> ALL(%s) ORDER BY id LIMIT 20"
        for row in lock.execute(query, (waiting,)).fetchall():
            key = (f"onex.job.{row.id}",)
            taken = lock.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0)) AS mine", key).fetchone()
            if taken and taken.mine:
                try:
                    with self._in_hand:
                        self._run_job(row.id)
                except Exception as error:  # the job stands where its last step committed; others have their turn
                    self._pause(row.id, error)
                else:
                    self._pauses.pop(row.id, None)
                finally:
                    lock.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
                return True
        return False

    def _pause(self, job_id: uuid.UUID, error: Exception) -> None:
        times = self._pauses[job_id].times + 1 if job_id in self._pauses else 1
        pause_s = PAUSES_S[min(times, len(PAUSES_S)) - 1]
        self._pauses[job_id] = Pause(times, time.monotonic() + pause_s)
        log.warning("job_interrupted", job_id=str(job_id), error=_kind(error), pause_s=pause_s)

    def _run_job(self, job_id: uuid.UUID) -> None:
        """Work on a job until it ends or the worker is asked to stop; raises what may pass by itself."""
        try:
            self._work_on(job_id)
        except Exception:
            self._give_back(job_id)
            raise
        self._give_back(job_id)

    def _give_back(self, job_id: uuid.UUID) -> None:
        """Take back the start of a job if it is still open: this process did not die of it."""
        try:
            with self._database.transaction() as session:
                jobs.give_back_start(session, job_id)
        except Exception as error:  # once the database answers again
            self._owed.append(job_id)
            log.warning("job_start_owed", job_id=str(job_id), error=_kind(error))

    def _pay_back(self) -> None:
        owed, self._owed = self._owed, []
        for job_id in owed:
            self._give_back(job_id)

    def _work_on(self, job_id: uuid.UUID) -> None:
        with self._database.transaction() as session:
            row = jobs.take_up(session, job_id)
            if row is None:
                return
            given_up = row.starts > jobs.MAX_STARTS
            if given_up:
                jobs.finish(session, job_id, failure=_DIED)
            else:
                reached(Step.JOB_TAKING)
        if given_up:
            log.error("job_given_up", job_id=str(job_id), kind=row.kind, position=row.position, code=_DIED[0])
            return
        reached(Step.JOB_TAKEN)
        job = Job(row.id, row.kind, row.owner_id, row.created_by, row.parameters, row.file_name, row.position)
        position: int = row.position
        with trace.follow(row.traceparent):
            try:
                source = self._vault.open(row.source, "job source")
                work = self.factories[row.kind](job, source, self._vault)
                while not self._stopping:
                    following = self._step(job, work, position)
                    if following is None:
                        log.info("job_done", job_id=str(job_id), kind=row.kind)
                        return
                    position = following
            except FileRefused as refusal:
                self._fail(job_id, position, (refusal.code, refusal.reason_en, refusal.reason_zh))
            except Refusal as refusal:
                self._fail(job_id, position, (refusal.code, refusal.detail, refusal.detail))
            except Exception as error:
                if is_transient(error) or isinstance(error, TakenOver):
                    raise
                log.exception("job_failed", job_id=str(job_id), kind=row.kind)
                self._fail(job_id, position, _INTERNAL)

    def _step(self, job: Job, work: Work, position: int) -> int | None:
        """Do the step that begins at `position`; returns where the next one begins, None when that was the last."""
        with self._database.transaction() as session:
            jobs.hold(session, job.id, position)
            work_as(session, job.created_by, None, f"job {job.kind}")
            progress = work.step(session)
            if progress is None:
                jobs.finish(session, job.id)
            else:
                jobs.record(session, job.id, progress)
            reached(Step.JOB_STEP_WORKED)
        if progress is None:
            reached(Step.JOB_FINISHED)
            return None
        reached(Step.JOB_STEP_COMMITTED)
        self._pauses.pop(job.id, None)
        counts = {"accepted": progress.accepted, "unchanged": progress.unchanged, "refused": len(progress.refused)}
        for outcome, count in counts.items():
            metrics.jobs_rows.labels(self._database.service, job.kind, outcome).inc(count)
        eventlet.sleep(0)  # let the consumers and their heartbeats have a turn
        return progress.position

    def _fail(self, job_id: uuid.UUID, position: int, failure: tuple[str, str, str]) -> None:
        with self._database.transaction() as session:
            jobs.hold(session, job_id, position)
            jobs.finish(session, job_id, failure=failure)


def _kind(error: Exception) -> str:
    """The kind of an error, of one from the database what the driver calls it: its text may quote personal data."""
    return type(getattr(error, "orig", None) or error).__name__
