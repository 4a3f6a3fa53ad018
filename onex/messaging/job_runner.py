"""Takes up jobs in the service's worker, one at a time a process, and never the same one in two processes."""

import uuid
from collections.abc import Mapping
from typing import Any

import eventlet
import psycopg
from nameko.extensions import DependencyProvider
from psycopg.rows import namedtuple_row
from sqlalchemy import text

from onex.chassis import jobs, logs, metrics, trace
from onex.chassis.acting import work_as
from onex.chassis.bulk import FileRefused
from onex.chassis.database import NOT_FOR_EVER, Database
from onex.chassis.jobs import Job, Work, WorkFactory
from onex.chassis.pii import Vault
from onex.chassis.problems import Refusal
from onex.messaging.retry import is_transient
from onex.messaging.steps import Step, reached

log = logs.get(__name__)
POLL_S = 5.0
PAUSE_S = 1.0
_INTERNAL = ("internal", "Something broke on our side; operators were told.", "系统内部错误，已通知运维人员。")
_DIED = ("process_died", "The job could not be finished; operators were told.", "任务未能完成，已通知运维人员。")


class JobRunner(DependencyProvider):
    """`factories` says, by kind, what makes the work of a job."""

    def __init__(self, factories: Mapping[str, WorkFactory]) -> None:
        self.factories = factories
        self._stopping = False

    def setup(self) -> None:
        self._database: Database = self.container.config["database"]
        self._vault: Vault = self.container.config["vault"]

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, identifier="job-runner")

    def stop(self) -> None:
        self._stopping = True

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
            if not self._take_up_one(lock):
                for _ in lock.notifies(timeout=POLL_S, stop_after=1):
                    pass

    def _take_up_one(self, lock: psycopg.Connection[Any]) -> bool:
        """Run the oldest open job that no other process runs. The lock falls when this process dies."""
        query = "SELECT id FROM job WHERE state IN ('queued', 'running') ORDER BY id LIMIT 20"
        for row in lock.execute(query).fetchall():
            key = (f"onex.job.{row.id}",)
            taken = lock.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0)) AS mine", key).fetchone()
            if taken and taken.mine:
                try:
                    self._run_job(row.id)
                finally:
                    lock.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
                return True
        return False

    def _run_job(self, job_id: uuid.UUID) -> None:
        with self._database.transaction() as session:
            row = session.execute(
                text(
                    "UPDATE job SET state = 'running', starts = starts + 1"
                    " WHERE id = :id AND state IN ('queued', 'running') RETURNING *"
                ),
                {"id": job_id},
            ).first()
            if row is None:
                return
            if row.starts > jobs.MAX_STARTS:
                jobs.finish(session, job_id, failure=_DIED)
                return
            reached(Step.JOB_TAKING)
        reached(Step.JOB_TAKEN)
        job = Job(row.id, row.kind, row.owner_id, row.created_by, row.parameters, row.file_name, row.position)
        with trace.follow(row.traceparent):
            try:
                source = self._vault.open(row.source, "job source")
                self._steps(job, self.factories[row.kind](job, source, self._vault))
                log.info("job_done", job_id=str(job_id), kind=row.kind)
            except FileRefused as refusal:
                self._fail(job_id, (refusal.code, refusal.reason_en, refusal.reason_zh))
            except Refusal as refusal:
                self._fail(job_id, (refusal.code, refusal.detail, refusal.detail))
            except Exception as error:
                if is_transient(error):
                    raise
                log.exception("job_failed", job_id=str(job_id), kind=row.kind)
                self._fail(job_id, _INTERNAL)

    def _steps(self, job: Job, work: Work) -> None:
        while not self._stopping:
            with self._database.transaction() as session:
                work_as(session, job.created_by, None, f"job {job.kind}")
                progress = work.step(session)
                if progress is None:
                    jobs.finish(session, job.id)
                else:
                    jobs.record(session, job.id, progress)
                reached(Step.JOB_STEP_WORKED)
            if progress is None:
                reached(Step.JOB_FINISHED)
                return
            reached(Step.JOB_STEP_COMMITTED)
            counts = {"accepted": progress.accepted, "unchanged": progress.unchanged, "refused": len(progress.refused)}
            for outcome, count in counts.items():
                metrics.jobs_rows.labels(self._database.service, job.kind, outcome).inc(count)
            eventlet.sleep(0)  # let the consumers and their heartbeats have a turn

    def _fail(self, job_id: uuid.UUID, failure: tuple[str, str, str]) -> None:
        with self._database.transaction() as session:
            jobs.finish(session, job_id, failure=failure)
