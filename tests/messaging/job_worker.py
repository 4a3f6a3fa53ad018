"""A service that only works on jobs: run as `python -m tests.messaging.job_worker speaker registry`.

Its jobs are of kind `write`: each step writes one large row into the table `trial`. One that is interrupted is tried again soon.
"""

# ruff: noqa: E402 - eventlet patches before anything else is imported, as in onex/__main__.py

from onex import green

green.patch()

import sys

import eventlet
from sqlalchemy import text

from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import Job, Progress
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.messaging import job_runner, worker
from onex.messaging.job_runner import JobRunner

# Takes room on the disk at once: a value in its row, and too varied to be compressed into nothing.
WRITE = text("INSERT INTO trial SELECT :at || string_agg(md5(random()::text), '') FROM generate_series(1, 200)")
STEP_S = 0.05


class Writing:
    """Work of as many steps as the job's parameters say."""

    def __init__(self, job: Job, source: bytes, vault: Vault) -> None:
        self.at, self.steps = job.position, job.parameters["steps"]

    def step(self, session: UnitOfWork) -> Progress | None:
        if self.at == self.steps:
            return None
        session.execute(WRITE, {"at": f"{self.at} "})
        eventlet.sleep(STEP_S)
        self.at += 1
        return Progress(self.at, accepted=1, total=self.steps)


class Speaker:
    name = "registry"

    jobs = JobRunner({"write": Writing})


def main(_part: str, service: str) -> None:
    job_runner.POLL_S = 0.1
    job_runner.PAUSES_S = (0.1, 0.2)  # type: ignore[assignment]
    worker.run(Speaker, Settings.for_service(service))


if __name__ == "__main__":
    main(*sys.argv[1:])
