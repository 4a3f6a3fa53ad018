"""Jobs for `tests/messaging/job_worker.py`, as the stage's tests accept them and look at them."""

import uuid
from typing import Any

from sqlalchemy import text

from onex.chassis import jobs
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from tests.messaging.trial import Stage


def accept(stage: Stage, steps: int) -> uuid.UUID:
    """The only job there is from now on."""
    vault = Vault.of(Settings.for_service("registry", stage.environ))
    with stage.speaker_db.transaction() as session:
        session.execute(text("DELETE FROM job"))
        parameters = {"steps": steps}
        return jobs.accept(session, vault, "write", owner_id=None, created_by="t", parameters=parameters)


def job(stage: Stage, job_id: uuid.UUID) -> Any:
    with stage.speaker_db.session() as session:
        return session.execute(text("SELECT * FROM job WHERE id = :id"), {"id": job_id}).one()


def steps_done(stage: Stage) -> int:
    with stage.speaker_db.session() as session:
        return int(session.scalar(text("SELECT count(*) FROM trial")) or 0)
