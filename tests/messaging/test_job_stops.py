"""A worker that is asked to stop in the middle of a job ends its step, and the job goes on elsewhere as if nothing had been."""

import signal

from tests.messaging.jobs_of_stage import accept, job, steps_done
from tests.messaging.trial import Stage, until


def test_however_often_the_worker_is_restarted_a_job_goes_on(stage: Stage) -> None:
    job_id = accept(stage, steps=10_000)
    for _ in range(2):
        before = job(stage, job_id).position
        process = stage.start("speaker", module="tests.messaging.job_worker")
        until(lambda before=before: job(stage, job_id).position > before + 1, "it works")  # type: ignore[misc]
        process.signal(signal.SIGTERM)
        assert process.wait() == 0
        stands = job(stage, job_id)
        assert (stands.state, stands.starts) == ("running", 0)
        assert stands.position == stands.accepted == steps_done(stage)
        assert not process.said("job_done")
